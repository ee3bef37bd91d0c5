import { describe, expect, it } from 'vitest';
import { CR0, CR3, CR4 } from './cr.ts';
import { ATTRIBUTE, ATTRIBUTES_MASK, DESCRIPTOR } from './descriptor.ts';
import { EFER } from './efer.ts';
import { mask32 } from './masks.ts';
import { PAT_LARGE, PTE, PTE_HIGH } from './pageEntry.ts';
import { RFLAGS, RFLAGS_STATUS } from './rflags.ts';

describe('masks derived from the descriptions', () => {
  it('are the bits the manual gives', () => {
    expect(RFLAGS).toMatchObject({
      CF: 1,
      ZF: 0x40,
      TF: 0x100,
      IF: 0x200,
      DF: 0x400,
      IOPL: 0x3000,
      NT: 0x4000,
      AC: 0x40000,
    });
    expect(RFLAGS_STATUS).toBe(0x8d5);
    expect(CR4).toMatchObject({ PAE: 0x20, PGE: 0x80, OSFXSR: 0x200, SMEP: 0x100000, SMAP: 0x200000 });
    expect(EFER).toMatchObject({ SCE: 1, LME: 0x100, LMA: 0x400, NXE: 0x800 });
    expect(PTE).toMatchObject({ P: 1, RW: 2, US: 4, A: 0x20, D: 0x40, PS: 0x80, PAT: 0x80, G: 0x100 });
    expect(PAT_LARGE).toBe(0x1000);
  });

  it('are signed, so bit 31 compares equal to itself', () => {
    const value = 0x80000011;
    expect(value & CR0.PG).toBe(CR0.PG);
    expect(PTE_HIGH.XD).toBe(-0x80000000);
    expect(mask32(31, 0)).toBe(-1);
  });

  it('split fields at bit 32', () => {
    expect(CR3.Base).toBe(0xfffff000 | 0);
    expect(PTE_HIGH.Address).toBe(0xfffff);
  });

  it('read a descriptor: the documented user code 00CFFA000000FFFFh is 32-bit, readable, not conforming', () => {
    const high = 0x00cffa00;
    expect(high & DESCRIPTOR.L).toBe(0);
    expect(high & DESCRIPTOR.D).not.toBe(0);
    expect(high & DESCRIPTOR.C).toBe(0);
    const attributes = (high >>> 8) & ATTRIBUTES_MASK;
    expect(attributes & ATTRIBUTE.R).not.toBe(0);
    expect((attributes & ATTRIBUTE.DPL) >>> 5).toBe(3);
  });
});
