import { expect, test } from 'vitest';
import { allowedPorts, ioMapText, ioplText } from './ioMap.ts';

/** A bitmap of all ones but for some ports, and the byte of ones behind it. */
function bitmap(open: readonly number[], bytes = 0x80): number[] {
  const map = Array.from({ length: bytes + 1 }, () => 0xff);
  for (const port of open) map[port >> 3] = (map[port >> 3] ?? 0xff) & ~(1 << (port & 7));
  return map;
}
const tss = { kind: '64-bit', base: 0x68, limit: 0x68 + 0x80 } as const;

test('ports whose bit is 0, put together where they follow each other', () => {
  const map = { ...tss, bytes: bitmap([0x60, 0x64, 0x3f8, 0x3f9, 0x3fa, 0x3fb]) };
  expect(allowedPorts(map)).toEqual([
    { first: 0x60, last: 0x60 },
    { first: 0x64, last: 0x64 },
    { first: 0x3f8, last: 0x3fb },
  ]);
  expect(ioMapText(map)).toBe('The I/O permission bitmap allows ports 60, 64, 3f8 to 3fb.');
});

test('a port counts only when the byte behind its own lies within the limit', () => {
  const map = { ...tss, bytes: bitmap([0x3f8, 0x3f0]), limit: 0x68 + 0x7f };
  expect(allowedPorts(map)).toEqual([{ first: 0x3f0, last: 0x3f0 }]);
});

test('what is not mapped is not open; a base past the limit means no bitmap', () => {
  expect(allowedPorts({ ...tss, bytes: [null, 0] })).toEqual([{ first: 8, last: 15 }]);
  expect(ioMapText({ ...tss, limit: 0x67, bytes: [] })).toContain('no I/O permission bitmap: its base 68h');
  expect(ioMapText({ ...tss, bytes: bitmap([]) })).toBe('The I/O permission bitmap allows no port.');
});

test('IOPL comes first', () => {
  expect(ioplText(3, 0x202n)).toContain('now this decides');
  expect(ioplText(0, 0x202n)).toContain('every port is open');
  expect(ioplText(3, 0x3202n)).toContain('every port is open');
});
