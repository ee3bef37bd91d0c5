import { Shield, User } from 'lucide-react';
import { cx } from './cx.ts';
import styles from './RingBadge.module.css';
import { useLit } from './useLit.ts';

const names = ['kernel', 'ring 1', 'ring 2', 'user'] as const;

interface RingBadgeProps {
  readonly cpl: number | null;
  /** Its name among the parts that micro-steps light. */
  readonly part?: 'cpl';
}

/** The privilege level in force, told by colour, border, symbol and word. */
export function RingBadge({ cpl, part }: RingBadgeProps) {
  const lit = useLit(part);
  if (cpl === null) return <div className={cx(styles.badge, styles.none)}>CPL …</div>;
  const Sign = cpl === 3 ? User : Shield;
  return (
    <div
      className={cx(styles.badge, cpl === 3 ? styles.ring3 : styles.ring0)}
      role="status"
      aria-live="off"
      aria-label="Privilege level"
      data-wired-below
      {...lit}
    >
      <Sign size={20} aria-hidden />
      <div>
        <b>CPL {cpl}</b>
        <span>{names[cpl]}</span>
      </div>
    </div>
  );
}
