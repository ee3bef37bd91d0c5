import { thousands } from '../../format/hex.ts';
import { currentCount, currentCpl, useMachine } from '../../store/machine.ts';
import styles from './StatusStrip.module.css';
import { stateText } from './stateText.ts';

/** The foot of the page: which ring, how far, and why the machine stands here. */
export function StatusStrip() {
  const cpl = useMachine(currentCpl);
  const count = useMachine(currentCount);
  const mips = useMachine((state) => state.running?.mips ?? 0);
  const text = useMachine(stateText);
  return (
    <div className={styles.strip}>
      <span className={cpl === 0 ? styles.now : undefined}>
        <i className={styles.ring0} /> kernel, CPL 0
      </span>
      <span className={cpl === 3 ? styles.now : undefined}>
        <i className={styles.ring3} /> user, CPL 3
      </span>
      <span>
        <output aria-label="Instructions retired" aria-live="off">
          {thousands(count)}
        </output>{' '}
        instructions
      </span>
      {mips > 0 && <span>{mips.toFixed(1)} MIPS</span>}
      <span className={styles.text}>{text}</span>
    </div>
  );
}
