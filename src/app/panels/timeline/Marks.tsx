import { useMemo, useRef } from 'react';
import { cx } from '../../components/cx.ts';
import { labelled, placeIn, type Span } from '../../format/timeline.ts';
import { useWidth } from '../../layout/useWidth.ts';
import styles from './Timeline.module.css';
import type { Mark } from '../../../worker/protocol.ts';

interface MarksProps {
  readonly marks: readonly Mark[];
  readonly span: Span;
}

/** Pixels of a letter of a label, and of what stands around it. */
const letter = 5.6;
const around = 8;

/** What happened, where it happened, with words where there is room for them. */
export function Marks({ marks, span }: MarksProps) {
  const visible = marks.filter(({ count }) => count >= span.from && count <= span.to);
  const strip = useRef<HTMLDivElement>(null);
  const width = useWidth(strip);
  const words = useMemo(
    () => labelled(marks, span, ({ title }) => (title.length * letter + around) / width),
    [marks, span, width],
  );
  return (
    <div ref={strip} className={styles.marks} aria-hidden>
      {visible.map((mark, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: several things may happen at one count
          key={`${mark.count} ${index}`}
          className={cx(styles.mark, styles[mark.kind])}
          style={{ left: `${placeIn(span, mark.count) * 100}%` }}
          title={mark.title}
        >
          {words.has(mark) && <small>{mark.title}</small>}
        </span>
      ))}
    </div>
  );
}
