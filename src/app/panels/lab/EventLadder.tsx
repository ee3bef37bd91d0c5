import { useEffect, useRef } from 'react';
import { Button } from '../../components/Button.tsx';
import type { LabEvent, LabView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { thousands } from '../../format/hex.ts';
import { labToEvent } from '../../store/lab.ts';
import styles from './EventLadder.module.css';

/** A longer list is cut around the difference: what comes long before and after says nothing new. */
const SHOWN = 120;

/** What both machines do, event beside event. */
export function EventLadder({ view }: { readonly view: LabView }) {
  const { left, right, difference, next } = view;
  const length = Math.max(left.events.length, right.events.length);
  const from = Math.max(0, Math.min((difference ?? length) - SHOWN / 2, length - SHOWN));
  const rows = Array.from({ length: Math.min(SHOWN, length) }, (_, n) => from + n);
  return (
    <ol className={styles.ladder} aria-label="Events of both machines">
      {from > 0 && <li className={styles.cut}>{from} equal events before</li>}
      {rows.map((n) => (
        <Rung key={n} n={n} view={view} here={n === Math.min(next.left, next.right)} />
      ))}
      {from + rows.length < length && <li className={styles.cut}>{length - from - rows.length} more</li>}
    </ol>
  );
}

function Rung({ n, view, here }: { readonly n: number; readonly view: LabView; readonly here: boolean }) {
  const { left, right, difference } = view;
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (here) row.current?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  const differs = difference !== null && n >= difference;
  const [a, b] = [left.events[n], right.events[n]];
  return (
    <li
      ref={row}
      className={cx(styles.rung, n === difference && styles.first)}
      aria-current={here ? 'step' : undefined}
    >
      <Button className={styles.go ?? ''} aria-label={`Go to event ${n + 1}`} onPress={() => labToEvent(n)}>
        {n + 1}
      </Button>
      <Cell event={a} />
      <span className={styles.sign} aria-hidden>
        {differs ? '≠' : '='}
      </span>
      <Cell event={b} />
      {n === difference && <span className="visually-hidden">the first difference</span>}
    </li>
  );
}

function Cell({ event }: { readonly event: LabEvent | undefined }) {
  if (event === undefined) return <span className={styles.none}>nothing more</span>;
  return (
    <span className={styles.event}>
      <b className={cx(event.fault && styles.fault, event.cpl === 3 && styles.toUser)}>{event.title}</b>
      <small title={`instruction ${thousands(event.count)}`}>{event.detail}</small>
    </span>
  );
}
