import { expect, test } from 'vitest';
import type { WalkView } from '../../worker/protocol.ts';
import { accessSentence, walkSummary } from './walk.ts';

const walk: WalkView = {
  address: 0x400000n,
  paging: '4-level',
  canonical: true,
  levels: [
    {
      name: 'PTE',
      index: 0,
      at: 0x1000n,
      entry: 0x5n,
      refused: null,
      target: { kind: 'physical', address: 0x1000n, bytes: 8 },
      hasRights: true,
    },
  ],
  physical: 0x10b01cn,
  pageBytes: 0x200000,
  mode: { wp: false, smep: false, smap: false, nxe: true, ac: false },
  access: [],
};

test('where a walk leads', () => {
  expect(walkSummary(walk)).toBe('→ physical 10b01c, in a 2 MiB page');
  expect(walkSummary({ ...walk, canonical: false })).toContain('not canonical');
  expect(walkSummary({ ...walk, physical: null, pageBytes: null })).toContain('not mapped');
});

test('a refusal names the rule and the error code', () => {
  const refused = { cpl: 3, kind: 'write', refused: 'R/W', errorCode: 7, guilty: [0] } as const;
  expect(accessSentence(walk, refused)).toBe(
    'CPL 3 may not write to it: a write needs R/W = 1 at every level. It raises #PF with error code 7h.',
  );
});

test('a kernel write to a read-only page says that CR0.WP is off', () => {
  const allowed = { cpl: 0, kind: 'write', refused: null, errorCode: null, guilty: [] } as const;
  expect(accessSentence(walk, allowed)).toContain('CR0.WP = 0');
});
