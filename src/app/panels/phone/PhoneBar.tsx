import { hex } from '../../format/hex.ts';
import { RingBadge } from '../../components/RingBadge.tsx';
import { currentCpl, instructionView, useMachine } from '../../store/machine.ts';
import { fileName } from '../../store/sources.ts';
import { thousands } from '../../format/hex.ts';
import { ShareButton } from '../share/ShareButton.tsx';
import { PhoneMenu } from './PhoneMenu.tsx';
import styles from './PhoneBar.module.css';

/** Where the machine stands and in which ring. */
export function PhoneBar() {
  const cpl = useMachine(currentCpl);
  return (
    <header className={styles.bar}>
      <h1 className="visually-hidden">Emergence playground</h1>
      <PhoneMenu />
      <Place />
      <ShareButton />
      <RingBadge cpl={cpl} />
    </header>
  );
}

function Place() {
  const view = useMachine(instructionView);
  const running = useMachine((state) => state.running);
  if (view === null) return <p className={styles.place}>Booting…</p>;
  if (running !== null) {
    return (
      <p className={styles.place}>
        <b>Running</b>
        {thousands(running.instructions)}
      </p>
    );
  }
  const { source, registers, symbols, code, codeIndex } = view;
  return (
    <p className={styles.place}>
      <b>{source === null ? (symbols['rip'] ?? '') : `${fileName(source.file)}:${source.line}`}</b>
      {hex(registers.rip)} {code[codeIndex]?.mnemonic}
    </p>
  );
}
