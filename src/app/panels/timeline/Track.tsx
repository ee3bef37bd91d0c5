import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { thousands } from '../../format/hex.ts';
import { countAt, placeIn, type Span } from '../../format/timeline.ts';
import styles from './Timeline.module.css';
import { Marks } from './Marks.tsx';
import { Stretches } from './Stretches.tsx';
import type { TimelineView } from '../../../worker/protocol.ts';

interface TrackProps {
  readonly timeline: TimelineView;
  readonly span: Span;
  /** Where the machine stands, and what ring that is. */
  readonly now: number;
  readonly cpl: number;
  readonly disabled: boolean;
  readonly onGo: (count: number) => void;
  readonly onZoom: (factor: number, around: number) => void;
}

/** Counts by which the arrow keys and the page keys move. */
function keyMoves(
  { marks, from, to }: TimelineView,
  span: Span,
  now: number,
): Readonly<Record<string, number | undefined>> {
  const page = Math.max(1, Math.round((span.to - span.from) / 20));
  return {
    ArrowLeft: now - 1,
    ArrowDown: now - 1,
    ArrowRight: now + 1,
    ArrowUp: now + 1,
    PageDown: now - page,
    PageUp: now + page,
    Home: from,
    End: beyond(to),
    '[': marks.findLast(({ count }) => count < now)?.count,
    ']': marks.find(({ count }) => count > now)?.count,
  };
}

/** The end itself: to the last count alone leads to the first arrival there, before what was done or raised at it. */
const beyond = (to: number): number => to + 1;

/** The history as a strip to move on, with the pointer or the keyboard. */
export function Track({ timeline, span, now, cpl, disabled, onGo, onZoom }: TrackProps) {
  const track = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<number | null>(null);
  const countUnder = (event: { readonly clientX: number }): number => {
    const box = track.current?.getBoundingClientRect();
    return box === undefined ? now : countAt(span, (event.clientX - box.left) / box.width);
  };
  const go = (count: number): void => onGo(Math.min(Math.max(count, timeline.from), beyond(timeline.to)));
  const drag = (count: number): void => go(count >= timeline.to ? beyond(timeline.to) : count);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === '+' || event.key === '-') return onZoom(event.key === '+' ? 0.5 : 2, now);
    const count = keyMoves(timeline, span, now)[event.key];
    if (count === undefined) return;
    event.preventDefault();
    if (!disabled) go(count);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (disabled || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld(countUnder(event));
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (held === null) return;
    const count = countUnder(event);
    setHeld(count);
    drag(count);
  };
  const onPointerUp = (): void => {
    if (held !== null) drag(held);
    setHeld(null);
  };
  const shown = held ?? now;
  return (
    <div
      ref={track}
      role="slider"
      tabIndex={0}
      className={styles.track}
      aria-label="Instruction"
      aria-valuemin={timeline.from}
      aria-valuemax={timeline.to}
      aria-valuenow={now}
      aria-valuetext={`${thousands(now)}, CPL ${cpl}`}
      aria-disabled={disabled || undefined}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setHeld(null)}
      onWheel={(event) => onZoom(event.deltaY < 0 ? 0.8 : 1.25, countUnder(event))}
    >
      <Stretches stretches={timeline.stretches} span={span} now={shown} />
      <Marks marks={timeline.marks} span={span} />
      <i className={styles.here} style={{ left: `${placeIn(span, shown) * 100}%` }} />
    </div>
  );
}
