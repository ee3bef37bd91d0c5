/** The way of a wire over the page: through the gaps between panels, so that it covers nothing that is to be read. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A part that a wire leaves or reaches, in the panel that it stands in. */
export interface End {
  readonly part: Area;
  readonly panel: Area;
  /** It stands beside others: the wire leaves it downwards, into the gap below. */
  readonly below: boolean;
}

/** Half of the gap between two panels, in CSS pixels. */
const ASIDE = 4;
/** How far below a part the wire runs that leaves it downwards. */
const UNDER = 5;
/** One pixel over what stands beside a part counts as so many of way. */
const COVERING = 6;

/** From the part to where it reaches the gap beside its panel. */
interface Way {
  readonly points: readonly Point[];
  readonly cost: number;
}

const distance = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

function lengthOf(points: readonly Point[]): number {
  return points.reduce((sum, point, n) => sum + (n === 0 ? 0 : distance(point, points[n - 1] ?? point)), 0);
}

/** Out of the part to the left and to the right of its panel, and down out of one as low as a bar. */
function waysOut({ part, panel, below }: End): readonly Way[] {
  const y = (part.top + part.bottom) / 2;
  const sides = [
    { edge: part.left, aside: panel.left - ASIDE },
    { edge: part.right, aside: panel.right + ASIDE },
  ];
  if (below) {
    const [x, under] = [(part.left + part.right) / 2, part.bottom + UNDER];
    const down = [
      { x, y: part.bottom },
      { x, y: panel.bottom + ASIDE },
    ];
    const sideways = sides.map(({ aside }) => {
      const points = [
        { x, y: part.bottom },
        { x, y: under },
        { x: aside, y: under },
      ];
      return { points, cost: lengthOf(points) };
    });
    return [...sideways, { points: down, cost: lengthOf(down) * COVERING }];
  }
  return sides.map(({ edge, aside }) => {
    const points = [
      { x: edge, y },
      { x: aside, y },
    ];
    return { points, cost: lengthOf(points) * COVERING };
  });
}

/** Whether the straight line between two points runs through one of the panels. */
function crosses(a: Point, b: Point, panels: readonly Area[]): boolean {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return panels.some((panel) => right > panel.left && left < panel.right && bottom > panel.top && top < panel.bottom);
}

/** Between two points in gaps: straight up or down, or over to another gap where there is a free way across. */
function between(a: Point, b: Point, panels: readonly Area[]): readonly Point[] | null {
  const heights = [a.y, b.y, ...panels.flatMap(({ top, bottom }) => [top - ASIDE, bottom + ASIDE])];
  const found = (Math.abs(a.x - b.x) < 1 ? [b.y] : heights)
    .map((y) => [a, { x: a.x, y }, { x: b.x, y }, b])
    .filter((points) => points.every((point, n) => n === 0 || !crosses(point, points[n - 1] ?? point, panels)))
    .toSorted((one, other) => lengthOf(one) - lengthOf(other));
  return found[0] ?? null;
}

/** The corners of the shortest way that covers least; null where there is none. */
export function route(from: End, to: End, panels: readonly Area[]): readonly Point[] | null {
  let best: Way | null = null;
  for (const out of waysOut(from)) {
    for (const into of waysOut(to)) {
      const [a, b] = [out.points.at(-1), into.points.at(-1)];
      const middle = a === undefined || b === undefined ? null : between(a, b, panels);
      if (middle === null) continue;
      const cost = out.cost + into.cost + lengthOf(middle);
      if (best === null || cost < best.cost) {
        best = { points: [...out.points, ...middle, ...into.points.toReversed()], cost };
      }
    }
  }
  return best === null ? null : withoutDetours(best.points);
}

/** Leaves out points that the line passes through anyway. */
function withoutDetours(points: readonly Point[]): readonly Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last !== undefined && distance(last, point) < 0.5) continue;
    const before = kept.at(-2);
    const straight =
      before !== undefined &&
      last !== undefined &&
      ((Math.abs(before.x - last.x) < 0.5 && Math.abs(last.x - point.x) < 0.5) ||
        (Math.abs(before.y - last.y) < 0.5 && Math.abs(last.y - point.y) < 0.5));
    if (straight) kept.pop();
    kept.push(point);
  }
  return kept;
}

const ROUND = 7;

/** The corners as an SVG path whose turns are rounded. */
export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${first.x} ${first.y}`;
  rest.forEach((corner, n) => {
    const [before, after] = [points[n] ?? first, rest[n + 1]];
    if (after === undefined) {
      path += `L${corner.x} ${corner.y}`;
      return;
    }
    const radius = Math.min(ROUND, distance(before, corner) / 2, distance(corner, after) / 2);
    const [into, out] = [towards(corner, before, radius), towards(corner, after, radius)];
    path += `L${into.x} ${into.y}Q${corner.x} ${corner.y} ${out.x} ${out.y}`;
  });
  return path;
}

/** The point at this distance from one to another on a straight line along an axis. */
function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}
