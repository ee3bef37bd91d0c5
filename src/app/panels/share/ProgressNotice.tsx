import { Control } from '../../components/Control.tsx';
import { cancel } from '../../store/opening.ts';
import { useProgress } from '../../store/progress.ts';
import styles from './Notices.module.css';

/** What the machine is on its way to, when that takes a while, and the way to end it. */
export function ProgressNotice() {
  const progress = useProgress((state) => state.progress);
  if (progress === null) return null;
  const { what, done } = progress;
  const title = what === 'open' ? 'Repeating the shared run' : 'Going through the history';
  return (
    <div className={styles.progress} role="status">
      <p id="progress-title">{title}</p>
      <progress aria-labelledby="progress-title" max={1} {...(done !== null && { value: done })} />
      <Control look="framed" onPress={cancel}>
        Cancel
      </Control>
    </div>
  );
}
