import { expect, test } from 'vitest';
import { moved, type PlacedPanel } from '../store/placing.ts';
import { columnsOf, heightsOf } from './placedPanels.ts';

const beginning: readonly PlacedPanel[] = [
  { panel: 'editor', place: 'left' },
  { panel: 'terminal', place: 'left' },
  { panel: 'happening', place: 'middle' },
  { panel: 'registers', place: 'middle' },
  { panel: 'stack', place: 'right' },
  { panel: 'memory', place: 'right' },
];

test('three columns, or the right one below the left one, or below the middle one beside a lesson', () => {
  expect(columnsOf(beginning, 3, false).map(({ blocks }) => blocks)).toEqual([
    ['editor', 'terminal'],
    ['happening', 'registers'],
    ['tabs'],
  ]);
  expect(columnsOf(beginning, 2, false).map(({ blocks }) => blocks)).toEqual([
    ['editor', 'terminal', 'tabs'],
    ['happening', 'registers'],
  ]);
  const two = columnsOf(beginning, 2, true);
  expect(two.map(({ blocks }) => blocks)).toEqual([
    ['lesson', 'editor', 'terminal'],
    ['happening', 'registers', 'tabs'],
  ]);
  expect(two.map(heightsOf)).toEqual([
    [56, 27, 17],
    [34, 36, 30],
  ]);
});

test('tabs of two columns stand in one below each other; an empty column goes', () => {
  const list = moved(moved(beginning, 'stack', 'left'), 'memory', 'middle');
  const three = columnsOf(list, 3, false);
  expect(three.map(({ place, tabs }) => [place, ...tabs])).toEqual([
    ['left', 'stack'],
    ['middle', 'memory'],
  ]);
  expect(columnsOf(moved(list, 'stack', 'right'), 2, true)[1]?.tabs).toEqual(['memory', 'stack']);
  for (const column of three) expect(heightsOf(column).reduce((sum, one) => sum + one)).toBeCloseTo(100);
});
