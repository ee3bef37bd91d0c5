import { describe, expect, it } from 'vitest';
import { decodeDescriptor } from './decodeDescriptor.ts';

const decode = (entry: bigint, context?: Parameters<typeof decodeDescriptor>[2]) =>
  decodeDescriptor(Number(entry & 0xffffffffn), Number(entry >> 32n), context);

describe('decodeDescriptor', () => {
  it('reads the documented user code: 32-bit, readable, not conforming, DPL 3', () => {
    const code = decode(0x00cffa000000ffffn);
    expect(code).toMatchObject({ kind: 'code', type: 'code 32-bit, readable', dpl: 3, long: false, big: true });
    expect(code).toMatchObject({ present: true, base: 0n, limit: 0xffffffff, slots: 1 });
  });

  it('reads the documented user data: writable, expand-up, DPL 3', () => {
    expect(decode(0x00cff2000000ffffn)).toMatchObject({ kind: 'data', type: 'data, writable', dpl: 3, big: true });
  });

  it('reads 64-bit code, and says which fields the mode ignores', () => {
    const code = decode(0x00af9a000000ffffn);
    expect(code).toMatchObject({ type: 'code 64-bit, readable', dpl: 0, long: true, big: false });
    const ignored = code.fields.filter((field) => field.ignored !== null).map((field) => field.name);
    expect(ignored).toEqual(['Limit', 'Base', 'R', 'G']);
    const compatible = decode(0x00cffa000000ffffn);
    expect(compatible.fields.every((field) => field.ignored === null)).toBe(true);
  });

  it('outside IA-32e mode L means nothing', () => {
    expect(decode(0x00af9a000000ffffn, { longMode: false })).toMatchObject({
      type: 'code 16-bit, readable',
      long: false,
    });
  });

  it('puts base and limit together from their pieces', () => {
    const data = decode(0x12_4f_93_345678_9abcn);
    expect(data).toMatchObject({ base: 0x12345678n, limit: 0xf9abc, type: 'data, writable' });
    expect(data.fields.find((field) => field.name === 'Base')?.fragments).toEqual([
      { high: 31, low: 16, at: 0 },
      { high: 39, low: 32, at: 16 },
      { high: 63, low: 56, at: 24 },
    ]);
    expect(decode(0x0080_9700_0000_0001n)).toMatchObject({ limit: 0x1fff, type: 'data, writable, expand-down' });
  });

  it('reads a 64-bit TSS over two slots, base in four places', () => {
    const tss = decode(0x80008b_234000_0067n & 0xffffffffffffffffn, { nextLow: 0xffffffff, nextHigh: 0 });
    expect(tss).toMatchObject({ kind: 'tss', type: '64-bit TSS (busy)', slots: 2, limit: 0x67, incomplete: false });
    expect(tss.base).toBe(0xffffffff_80234000n);
    expect(tss.fields.find((field) => field.name === 'Base')?.fragments.length).toBe(4);
    expect(decode(0x80008b_234000_0067n)).toMatchObject({ incomplete: true, base: 0x80234000n });
    expect(decode(0x80008b_234000_0067n, { longMode: false })).toMatchObject({ type: '32-bit TSS (busy)', slots: 1 });
  });

  it('reads gates', () => {
    const gate = decode(0x8010_ee02_0008_1234n, { nextLow: 0xffffffff, nextHigh: 0, inIdt: true });
    expect(gate).toMatchObject({
      kind: 'interrupt-gate',
      type: '64-bit interrupt gate',
      dpl: 3,
      present: true,
      slots: 2,
    });
    expect(gate.target).toEqual({ selector: 8, offset: 0xffffffff80101234n, ist: 2 });
    const call = decode(0x0040_ec03_0008_0010n, { longMode: false });
    expect(call).toMatchObject({ kind: 'call-gate', type: '32-bit call gate', slots: 1 });
    expect(call.target).toEqual({ selector: 8, offset: 0x400010n, ist: 0 });
    expect(call.fields.find((field) => field.name === 'Parameters')?.value).toBe(3n);
    expect(decode(0xffff_8600_0008_1234n, { longMode: false }).target?.offset).toBe(0x1234n);
  });

  it('names null and reserved entries', () => {
    expect(decode(0n)).toMatchObject({ kind: 'null', present: false });
    expect(decode(0n, { inIdt: true })).toMatchObject({ kind: 'reserved' });
    expect(decode(0x0000_8900_0000_0000n)).toMatchObject({ kind: 'tss' });
    expect(decode(0x0000_8100_0000_0000n)).toMatchObject({ kind: 'reserved', type: 'reserved type 1', present: true });
    expect(decode(0x0000_8100_0000_0000n, { longMode: false })).toMatchObject({ type: '16-bit TSS (available)' });
  });

  it('takes halves of either sign', () => {
    expect(decodeDescriptor(0x0000ffff, 0x80cf9a00 | 0)).toEqual(decodeDescriptor(0x0000ffff, 0x80cf9a00));
  });
});
