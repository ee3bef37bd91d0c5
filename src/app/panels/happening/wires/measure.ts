import type { Wire } from '../../../format/wiring.ts';
import { type Area, type End, type Point, roundedPath, route } from '../../../format/route.ts';

export interface DrawnWire {
  readonly key: string;
  readonly path: string;
  readonly start: Point;
  readonly end: Point;
  /** Which way it arrives, in degrees clockwise from rightwards. */
  readonly turn: number;
}

/** Less than this much of a part in sight, in pixels, and no wire is drawn to it. */
const LEAST_SEEN = 10;

/** The part of an element that no scrolling ancestor hides. */
function seenPart(element: Element): Area {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const seen = { left, top, right, bottom };
  for (let at = element.parentElement; at !== null && at.tagName !== 'BODY'; at = at.parentElement) {
    if (getComputedStyle(at).overflow === 'visible') continue;
    const box = at.getBoundingClientRect();
    seen.left = Math.max(seen.left, box.left);
    seen.top = Math.max(seen.top, box.top);
    seen.right = Math.min(seen.right, box.right);
    seen.bottom = Math.min(seen.bottom, box.bottom);
  }
  return seen;
}

/** The element that shows a part: a register stands for a range of its bits where those are not shown apart. */
export function shownPart(part: string): HTMLElement | null {
  const whole = part.replace(/\[.*$/, '');
  return (
    document.querySelector<HTMLElement>(`[data-part="${CSS.escape(part)}"]`) ??
    document.querySelector<HTMLElement>(`[data-part="${CSS.escape(whole)}"]`)
  );
}

function endOf(part: string): End | null {
  const element = shownPart(part);
  const panel = element?.closest('section, header') ?? null;
  if (element === null || panel === null) return null;
  const seen = seenPart(element);
  const height = Math.min(LEAST_SEEN, element.getBoundingClientRect().height);
  if (seen.bottom - seen.top < height || seen.right - seen.left < LEAST_SEEN) return null;
  return { part: seen, panel: panel.getBoundingClientRect(), below: element.closest('[data-wired-below]') !== null };
}

/** The wires between parts that are in sight, each where there is a way for it. */
export function measureWires(wires: readonly Wire[]): readonly DrawnWire[] {
  const panels = [...document.querySelectorAll('main section[aria-label]')].map((panel) =>
    panel.getBoundingClientRect(),
  );
  return wires.flatMap(({ from, to }): DrawnWire[] => {
    const [source, target] = [endOf(from), endOf(to)];
    const points = source === null || target === null ? null : route(source, target, panels);
    const [start, end, before] = [points?.[0], points?.at(-1), points?.at(-2)];
    if (points == null || start === undefined || end === undefined || before === undefined) return [];
    const turn = (Math.atan2(end.y - before.y, end.x - before.x) * 180) / Math.PI;
    return [{ key: `${from} ${to}`, path: roundedPath(points), start, end, turn }];
  });
}
