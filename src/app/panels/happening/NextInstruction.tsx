import type { MachineView } from '../../../worker/protocol.ts';
import { codeAddress } from '../../format/code.ts';
import styles from './NextInstruction.module.css';

/** The instruction at RIP in large, with the sentence that says why the machine stands here. */
export function NextInstruction({ view }: { readonly view: MachineView }) {
  const line = view.code[view.codeIndex];
  return (
    <div className={styles.next}>
      <p className={styles.stop}>
        {view.stop.text}
        {view.state === 'off' && ' Step back to see how it came to this; Reset begins again.'}
      </p>
      {line !== undefined && view.state === 'stopped' && (
        <p className={styles.instruction}>
          <span className={styles.word}>next</span>
          <code>
            <b>{line.mnemonic}</b> {line.operands}
          </code>
          <span className={styles.place}>
            {codeAddress(line.address)} {view.symbols['rip'] !== undefined && `· ${view.symbols['rip']}`}
          </span>
        </p>
      )}
    </div>
  );
}
