import { describe, expect, it } from 'vitest';
import { type Area, type End, type Point, roundedPath, route } from './route.ts';

const area = (left: number, top: number, right: number, bottom: number): Area => ({ left, top, right, bottom });
/** Two panels above each other in the middle, one at the right; gaps of 8. */
const upper = area(108, 8, 200, 100);
const lower = area(108, 108, 200, 300);
const right = area(208, 8, 300, 300);
const panels = [area(8, 8, 100, 300), upper, lower, right];
const end = (part: Area, panel: Area, below = false): End => ({ part, panel, below });

/** Whether any piece of the way lies in a panel other than those of its two ends. */
function enters(points: readonly Point[], panel: Area): boolean {
  return points.some((point, n) => {
    const before = points[n - 1] ?? point;
    const [x, y] = [(point.x + before.x) / 2, (point.y + before.y) / 2];
    return x > panel.left && x < panel.right && y > panel.top && y < panel.bottom;
  });
}

describe('route', () => {
  const card = end(area(208, 20, 300, 60), right);

  it('goes down the gap between two columns to a part at their side', () => {
    const wide = end(area(112, 200, 196, 220), lower);
    expect(route(card, wide, panels)).toEqual([
      { x: 208, y: 40 },
      { x: 204, y: 40 },
      { x: 204, y: 210 },
      { x: 196, y: 210 },
    ]);
  });

  it('goes round a panel rather than over what stands beside the target', () => {
    const atLeft = end(area(112, 200, 150, 220), lower);
    const points = route(card, atLeft, panels) ?? [];
    expect(points.at(-1)).toEqual({ x: 112, y: 210 });
    expect(points).toContainEqual({ x: 104, y: 104 });
    expect(panels.filter((panel) => enters(points.slice(1, -1), panel))).toEqual([]);
  });

  it('leaves a field that stands in a row downwards', () => {
    const field = end(area(240, 40, 260, 60), right, true);
    const points = route(field, end(area(112, 200, 196, 220), lower), panels) ?? [];
    expect(points.slice(0, 3)).toEqual([
      { x: 250, y: 60 },
      { x: 250, y: 65 },
      { x: 204, y: 65 },
    ]);
  });

  it('joins two parts of one panel at its side', () => {
    const points = route(end(area(112, 120, 150, 130), lower), end(area(112, 200, 196, 220), lower), panels);
    expect(points?.map(({ x }) => x)).toEqual([112, 104, 104, 112]);
  });

  it('comes to a badge in the bar above from below', () => {
    const bar = area(0, -40, 308, 0);
    const badge = end(area(150, -30, 190, -5), bar, true);
    const points = route(card, badge, panels) ?? [];
    expect(points.slice(-2)).toEqual([
      { x: 170, y: 4 },
      { x: 170, y: -5 },
    ]);
    expect(points).toContainEqual({ x: 204, y: 4 });
  });

  it('finds no way where panels leave no gap', () => {
    const walled = [area(0, 0, 300, 300)];
    expect(
      route(end(area(10, 10, 20, 20), area(10, 0, 50, 300)), end(area(80, 10, 90, 20), area(70, 0, 95, 300)), walled),
    ).toBeNull();
  });
});

it('rounds corners, and less where a piece is short', () => {
  const path = roundedPath([
    { x: 0, y: 0 },
    { x: 20, y: 0 },
    { x: 20, y: 4 },
  ]);
  expect(path).toBe('M0 0L18 0Q20 0 20 2L20 4');
});
