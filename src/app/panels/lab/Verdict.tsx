import { Equal, GitCompareArrows } from 'lucide-react';
import type { LabEvent, LabView } from '../../../worker/protocol.ts';
import { thousands } from '../../format/hex.ts';
import styles from './Verdict.module.css';

const told = (event: LabEvent | undefined, nothing: string): string =>
  event === undefined ? nothing : `${event.title} ${event.detail}`;

/** In one sentence: where the two machines part, or that they do not. */
export function Verdict({ view }: { readonly view: LabView }) {
  const { difference, left, right, compared } = view;
  if (difference === null) {
    return (
      <p role="status" className={styles.verdict}>
        <Equal size={17} aria-hidden />
        <span>
          <b>No difference</b> in any crossing or exception over {thousands(compared)} instructions.
        </span>
      </p>
    );
  }
  return (
    <p role="status" className={styles.verdict}>
      <GitCompareArrows size={17} aria-hidden />
      <span>
        <b>First difference, event {difference + 1}.</b> Left: {told(left.events[difference], 'nothing more happens')}.
        Right: {told(right.events[difference], 'nothing more happens')}.
      </span>
    </p>
  );
}
