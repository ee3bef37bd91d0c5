import { expect, test } from 'vitest';
import { decodeDescriptor } from '../../registers/decodeDescriptor.ts';
import { withJoined } from './joined.ts';

test('a base over four places of a TSS descriptor', () => {
  const find = (low: bigint, name: string) => {
    const part = (at: bigint) => Number((low >> at) & 0xffffffffn);
    const decoded = decodeDescriptor(part(0n), part(32n), { nextLow: part(64n), nextHigh: part(96n) });
    return decoded.fields.find((field) => field.name === name);
  };
  const whole = 0x8b00_0000_0067n;
  const base = find(whole, 'Base');
  if (base === undefined) throw new Error('no base');
  const changed = withJoined(base, whole, 0xffff_ffff_8010_4000n);
  expect(find(changed, 'Base')?.value).toBe(0xffff_ffff_8010_4000n);
  expect(find(changed, 'Limit')?.value).toBe(0x67n);
  expect(changed).toBe((0xffffffffn << 64n) | 0x8000_8b10_4000_0067n);
});
