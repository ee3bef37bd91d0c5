import { currentCount, useMachine } from '../../store/machine.ts';
import { thousands } from '../../format/hex.ts';
import styles from './RunningNotice.module.css';

/** Shown over the last stop while the machine runs on. */
export function RunningNotice() {
  const running = useMachine((state) => state.running);
  const count = useMachine(currentCount);
  if (running === null) return null;
  return (
    <p className={styles.notice}>
      <b>Running</b> {running.mips > 0 && `at ${running.mips.toFixed(1)} million instructions per second, `}
      {thousands(count)} so far. Below is the last stop.
    </p>
  );
}
