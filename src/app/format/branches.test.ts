import { expect, test } from 'vitest';
import type { BranchDifference } from '../../worker/protocol.ts';
import { countOf, differencesText } from './branches.ts';

const none: BranchDifference = {
  events: null,
  output: null,
  ends: { ours: 2000, theirs: 1000 },
  state: [],
  descriptors: [],
  devices: [],
  memory: { pages: 0, first: [] },
};

test('branches that were treated alike differ in nothing, or in how far they got', () => {
  expect(differencesText('a', 'b', { ...none, ends: { ours: 1, theirs: 1 } })).toBe('They do not differ.');
  expect(differencesText('a', 'b', none)).toContain('a has only gone further than b');
});

test('what differs first is said of events, output and state', () => {
  const events = { count: 20_000, ours: 'typed', theirs: null };
  expect(differencesText('a', 'b', { ...none, events })).toBe(
    'They differ in events from instruction 20\u2009000, but not in output and the state where they end.',
  );
  const output = { offset: 7, ours: 'x', theirs: 'y' };
  expect(differencesText('a', 'b', { ...none, events, output, memory: { pages: 3, first: [] } })).toMatch(
    /in output from byte 7, in the state where they end\.$/,
  );
});

test('counts speak of one and of many', () => {
  expect([countOf(1, 'MSR'), countOf(2, 'part of a device')]).toEqual(['1 MSR differs', '2 parts of a device differ']);
});
