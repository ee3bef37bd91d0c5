import { useLayoutEffect, useRef, useState } from 'react';
import type { FlowView } from '../../../../worker/protocol.ts';
import styles from './Arrows.module.css';

interface ArrowsProps {
  readonly arrows: readonly FlowView[];
  readonly downwards: boolean;
  /** Changes when there is something new to draw. */
  readonly drawn: number;
}

interface Line {
  readonly key: string;
  readonly path: string;
  readonly by: string | null;
  readonly x: number;
  readonly y: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Ends of a curve and the two points that bend it. */
type Curve = readonly [Point, Point, Point, Point];

const tip = 5;

/** A curve that leaves and arrives straight. Out of the middle of a row it leaves downwards, under its neighbours. */
function curveOf(source: Element, target: Element, downwards: boolean): Curve {
  const [a, b] = [source.getBoundingClientRect(), target.getBoundingClientRect()];
  const inRow = source.hasAttribute('data-in-row') && source.nextElementSibling !== null;
  if (downwards) {
    // Titles stand over what they name, and are not crossed out.
    const start = (source.closest('table') === null ? source : source.closest('[data-box]')) ?? source;
    const stop = target.closest('[data-box]') ?? target;
    const from = { x: a.x + a.width / 2, y: start.getBoundingClientRect().bottom };
    const to = { x: b.x + Math.min(b.width / 2, 60), y: stop.getBoundingClientRect().y - tip };
    const bend = Math.max(12, (to.y - from.y) / 2);
    return [from, { x: from.x, y: from.y + bend }, { x: to.x, y: to.y - bend }, to];
  }
  const to = { x: b.x - tip, y: b.y + b.height / 2 };
  if (inRow) {
    const from = { x: a.x + a.width / 2, y: a.bottom };
    return [from, { x: from.x, y: from.y + 40 }, { x: to.x - 64, y: to.y + 8 }, to];
  }
  const from = { x: a.right, y: a.y + a.height / 2 };
  const bend = Math.max(12, (to.x - from.x) / 2);
  return [from, { x: from.x + bend, y: from.y }, { x: to.x - bend, y: to.y }, to];
}

/** Where the arrows run, measured between the parts that carry their names. */
function measure(canvas: HTMLElement, arrows: readonly FlowView[], downwards: boolean): readonly Line[] {
  const origin = canvas.getBoundingClientRect();
  const partOf = (end: string): Element | null => canvas.querySelector(`[data-end="${CSS.escape(end)}"]`);
  return arrows.flatMap(({ from, to, by }): Line[] => {
    const [source, target] = [partOf(from), partOf(to)];
    if (source === null || target === null) return [];
    const points = curveOf(source, target, downwards);
    const [p, a, b, q] = points.map(({ x, y }) => ({ x: x - origin.x, y: y - origin.y })) as [
      Point,
      Point,
      Point,
      Point,
    ];
    return [
      {
        key: `${from} ${to}`,
        path: `M${p.x} ${p.y}C${a.x} ${a.y} ${b.x} ${b.y} ${q.x} ${q.y}`,
        by,
        x: (p.x + 3 * a.x + 3 * b.x + q.x) / 8,
        y: (p.y + 3 * a.y + 3 * b.y + q.y) / 8,
      },
    ];
  });
}

/** Arrows over the boxes of the drawing they stand in. They say nothing that the drawing's name does not. */
export function Arrows({ arrows, downwards, drawn }: ArrowsProps) {
  const layer = useRef<HTMLDivElement>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const wanted = JSON.stringify(arrows);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the arrows are compared by what they say
  useLayoutEffect(() => {
    const element = layer.current?.parentElement;
    if (element == null) return;
    const update = () => setLines(measure(element, arrows, downwards));
    update();
    const watcher = new ResizeObserver(update);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [wanted, downwards, drawn]);
  return (
    <div ref={layer} className={styles.layer} aria-hidden>
      <svg className={styles.arrows} role="presentation">
        <defs>
          <marker id="flow-tip" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="5.5" markerHeight="5.5" orient="auto">
            <path className={styles.tip} d="M0 0L8 4L0 8z" />
          </marker>
        </defs>
        {lines.map(({ key, path }) => (
          <path key={`${drawn} ${key}`} className={styles.line} d={path} pathLength={1} markerEnd="url(#flow-tip)" />
        ))}
      </svg>
      {lines.map(
        ({ key, by, x, y }) =>
          by !== null && (
            <span key={key} className={styles.by} style={{ left: x, top: y }}>
              {by}
            </span>
          ),
      )}
    </div>
  );
}
