import { thousands } from '../../format/hex.ts';
import { currentCount, useMachine } from '../../store/machine.ts';
import styles from './InstructionCount.module.css';

export function InstructionCount() {
  const count = useMachine(currentCount);
  return (
    <div className={styles.count}>
      <span>instruction</span>
      <output aria-label="Instructions retired" aria-live="off">
        {thousands(count)}
      </output>
    </div>
  );
}
