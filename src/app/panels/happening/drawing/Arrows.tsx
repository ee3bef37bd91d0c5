import { useLayoutEffect, useRef, useState } from 'react';
import type { FlowView } from '../../../../worker/protocol.ts';
import { type Point, roundedPath } from '../../../format/route.ts';
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
  /** Where it says what is done on the way. */
  readonly middle: Point;
}

/** Ends of a curve and the two points that bend it. */
type Curve = readonly [Point, Point, Point, Point];

const TIP = 5;
/** Where a way round runs: in the margin at the left of the boxes, under the one it leaves, over the one it reaches. */
const ROUND = { margin: 14, under: 6, over: 12 };

/** Where an element stands in the drawing. */
type Place = (element: Element) => DOMRect;

function placesIn(canvas: Element): Place {
  const origin = canvas.getBoundingClientRect();
  return (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return new DOMRect(x - origin.x, y - origin.y, width, height);
  };
}

const boxOf = (element: Element): Element => element.closest('[data-box]') ?? element;

function middleOf([p, a, b, q]: Curve): Point {
  return { x: (p.x + 3 * a.x + 3 * b.x + q.x) / 8, y: (p.y + 3 * a.y + 3 * b.y + q.y) / 8 };
}

const curvePath = ([p, a, b, q]: Curve): string => `M${p.x} ${p.y}C${a.x} ${a.y} ${b.x} ${b.y} ${q.x} ${q.y}`;

/** To a box beside. Out of the middle of a row it leaves downwards, and goes on under its neighbours. */
function sideways(source: Element, target: Element, place: Place): Pick<Line, 'path' | 'middle'> {
  const [a, b] = [place(source), place(target)];
  const to = { x: b.x - TIP, y: b.y + b.height / 2 };
  if (source.hasAttribute('data-in-row') && source.nextElementSibling !== null) {
    const from = { x: a.x + a.width / 2, y: a.bottom };
    const [y, x] = [from.y + ROUND.under, to.x - ROUND.margin];
    return { path: roundedPath([from, { x: from.x, y }, { x, y }, { x, y: to.y }, to]), middle: { x: x - 36, y } };
  }
  const from = { x: a.right, y: a.y + a.height / 2 };
  const bend = Math.max(12, (to.x - from.x) / 2);
  const curve: Curve = [from, { x: from.x + bend, y: from.y }, { x: to.x - bend, y: to.y }, to];
  return { path: curvePath(curve), middle: middleOf(curve) };
}

/** To a box below, or round the boxes that stand between. Titles stand over what they name, and are not crossed out. */
function down(
  source: Element,
  target: Element,
  boxes: readonly Element[],
  place: Place,
): Pick<Line, 'path' | 'middle'> {
  const [a, b] = [place(source), place(target)];
  const [sourceBox, targetBox] = [boxOf(source), boxOf(target)];
  const [bottom, top] = [place(sourceBox).bottom, place(targetBox).y - TIP];
  const from = { x: a.x + a.width / 2, y: source.closest('table') === null ? a.bottom : bottom };
  const to = { x: b.x + Math.min(b.width / 2, 60), y: top };
  const between = boxes.some((box) => place(box).y >= bottom && place(box).bottom <= top);
  if (!between) {
    const bend = Math.max(12, (to.y - from.y) / 2);
    const curve: Curve = [from, { x: from.x, y: from.y + bend }, { x: to.x, y: to.y - bend }, to];
    return { path: curvePath(curve), middle: middleOf(curve) };
  }
  const x = ROUND.margin;
  const [under, over] = [bottom + ROUND.under, top - ROUND.over];
  const corners = [from, { x: from.x, y: under }, { x, y: under }, { x, y: over }, { x: to.x, y: over }, to];
  return { path: roundedPath(corners), middle: { x: (x + from.x) / 2, y: under } };
}

/** Where the arrows run, measured between the parts that carry their names. */
function measure(canvas: HTMLElement, arrows: readonly FlowView[], downwards: boolean): readonly Line[] {
  const place = placesIn(canvas);
  const boxes = [...canvas.querySelectorAll('[data-box]')];
  const partOf = (end: string): Element | null => canvas.querySelector(`[data-end="${CSS.escape(end)}"]`);
  return arrows.flatMap(({ from, to, by }): Line[] => {
    const [source, target] = [partOf(from), partOf(to)];
    if (source === null || target === null) return [];
    const key = `${from} ${to}`;
    if (downwards) return [{ key, by, ...down(source, target, boxes, place) }];
    return [{ key, by, ...sideways(source, target, place) }];
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
        ({ key, by, middle }) =>
          by !== null && (
            <span key={key} className={styles.by} style={{ left: middle.x, top: middle.y }}>
              {by}
            </span>
          ),
      )}
    </div>
  );
}
