import { expect, test } from 'vitest';
import { countAt, labelled, placeIn, positionText, showing, zoomed } from './timeline.ts';

const whole = { from: 0, to: 1000 };

test('places and counts are each other’s inverse', () => {
  expect(placeIn(whole, 250)).toBe(0.25);
  expect(countAt(whole, 0.25)).toBe(250);
  expect(countAt(whole, 7)).toBe(1000);
});

test('zooming keeps the count under the pointer where it is', () => {
  const span = zoomed(whole, 0.5, 250, whole);
  expect(span).toEqual({ from: 125, to: 625 });
  expect(placeIn(span, 250)).toBe(0.25);
});

test('zooming out ends at the whole history, zooming in at a few instructions', () => {
  expect(zoomed({ from: 100, to: 200 }, 1000, 150, whole)).toEqual(whole);
  const near = zoomed(whole, 1e-9, 500, whole);
  expect(near.to - near.from).toBe(16);
});

test('the span follows the machine out of sight, and stays otherwise', () => {
  const span = { from: 100, to: 200 };
  expect(showing(span, 150, whole)).toBe(span);
  expect(showing(span, 500, whole)).toEqual({ from: 410, to: 510 });
  expect(showing(span, 50, whole)).toEqual({ from: 40, to: 140 });
});

test('labels do not overlap and do not leave the strip', () => {
  const marks = [0, 10, 200, 950, 1200].map((count) => ({ count }));
  expect([...labelled(marks, whole, () => 0.1)]).toEqual([{ count: 0 }, { count: 200 }]);
});

test('where the machine stands', () => {
  expect(positionText(1204331, 1208904)).toBe('1\u2009204\u2009331 of 1\u2009208\u2009904');
  expect(positionText(5, 5)).toBe('5');
});
