import { Panel } from '../../components/Panel.tsx';
import { SerialLog } from './SerialLog.tsx';
import styles from './TerminalPanel.module.css';
import { useXterm } from './useXterm.ts';

/** The serial line: what the guest prints, and where one types to it. */
export function TerminalPanel() {
  const Terminal = useXterm();
  return (
    <Panel label="Serial terminal" title="Serial · COM1" aside="click: who printed it? Esc, then Tab leaves">
      <div className={styles.terminal}>
        {Terminal === null ? <SerialLog visible /> : <Terminal />}
        {Terminal !== null && <SerialLog />}
      </div>
    </Panel>
  );
}
