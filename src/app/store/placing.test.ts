import { expect, test } from 'vitest';
import { broughtFirst, knownPlaces, moved, type PlacedPanel } from './placing.ts';

const beginning: readonly PlacedPanel[] = [
  { panel: 'editor', place: 'left' },
  { panel: 'happening', place: 'middle' },
  { panel: 'stack', place: 'right' },
  { panel: 'memory', place: 'right' },
];

test('a moved panel stands last in its new column, and first when it is brought first', () => {
  const list = moved(beginning, 'stack', 'left');
  expect(list.filter(({ place }) => place === 'left').map(({ panel }) => panel)).toEqual(['editor', 'stack']);
  expect(broughtFirst(list, 'stack')[0]).toEqual({ panel: 'stack', place: 'left' });
  expect(list).toHaveLength(beginning.length);
});

test('what was stored is mended: strangers and doubles go, panels that are new stand where they begin', () => {
  const stored = [
    { panel: 'stack', place: 'middle' },
    { panel: 'stack', place: 'left' },
    { panel: 'gone', place: 'left' },
    { panel: 'memory', place: 'upstairs' },
    null,
    7,
  ];
  expect(knownPlaces(stored, beginning)).toEqual([
    { panel: 'stack', place: 'middle' },
    { panel: 'editor', place: 'left' },
    { panel: 'happening', place: 'middle' },
    { panel: 'memory', place: 'right' },
  ]);
  for (const nothing of [null, undefined, 'left', {}]) expect(knownPlaces(nothing, beginning)).toEqual(beginning);
});
