import { cx } from '../../components/cx.ts';
import { placeIn, type Span } from '../../format/timeline.ts';
import styles from './Timeline.module.css';
import type { Stretch } from '../../../worker/protocol.ts';

interface StretchesProps {
  readonly stretches: readonly Stretch[];
  readonly span: Span;
  readonly now: number;
}

/** Which ring ran when. What lies ahead of the machine is paler. */
export function Stretches({ stretches, span, now }: StretchesProps) {
  const percent = (count: number): number => Math.min(Math.max(placeIn(span, count), 0), 1) * 100;
  return (
    <div className={styles.stretches}>
      {stretches.map(({ from, to, user }) => (
        <i
          key={from}
          className={cx(user > 0 && user < 1 ? styles.mixed : user === 1 ? styles.user : styles.kernel)}
          style={{ left: `${percent(from)}%`, width: `${percent(to) - percent(from)}%` }}
        />
      ))}
      <b className={styles.ahead} style={{ left: `${percent(now)}%` }} />
    </div>
  );
}
