import { describe, expect, it } from 'vitest';
import { msrAt, registerCatalog } from './catalog.ts';
import * as controlRegisters from './cr.ts';
import * as cpuid from './cpuid.ts';
import * as debug from './debug.ts';
import * as descriptors from './descriptor.ts';
import * as errorCodes from './errorCode.ts';
import { allFields, extract, extractJoined, fixedOnes, reservedMask, withField } from './extract.ts';
import type { RegisterDescription } from './field.ts';
import * as legacy from './legacyPageEntry.ts';
import { star } from './msr.ts';
import * as pageEntries from './pageEntry.ts';
import { rflags } from './rflags.ts';
import { selector } from './selector.ts';
import * as system from './systemDescriptor.ts';
import { readTaskState64, TSS64_BYTES, taskState64 } from './taskState.ts';

const isDescription = (value: unknown): value is RegisterDescription =>
  typeof value === 'object' && value !== null && 'fields' in value && 'bits' in value;
const everything: RegisterDescription[] = [
  ...registerCatalog.values(),
  ...[controlRegisters, cpuid, debug, descriptors, errorCodes, legacy, pageEntries, system].flatMap((module) =>
    Object.values(module).filter(isDescription),
  ),
  selector,
];

describe.each(everything.map((description) => [`${description.name}: ${description.title}`, description] as const))(
  '%s',
  (_name, description) => {
    it('has fields that do not overlap, in range, each with a title, a sentence and a manual', () => {
      const sorted = description.fields.toSorted((a, b) => a.low - b.low);
      let next = 0;
      for (const field of sorted) {
        expect(field.low, field.name).toBeGreaterThanOrEqual(next);
        expect(field.high).toBeGreaterThanOrEqual(field.low);
        next = field.high + 1;
        expect(field.title).not.toBe('');
        expect(field.meaning, field.name).toMatch(/^([A-Z0-9#]|x87|x2APIC|k0).*\.$/);
        expect(field.manual).toMatch(/^(SDM|APM) vol\./);
      }
      expect(next).toBeLessThanOrEqual(description.bits);
      expect(new Set(sorted.map((field) => field.name)).size).toBe(sorted.length);
    });

    it('can be drawn bit by bit without a gap', () => {
      let next = description.bits - 1;
      for (const field of allFields(description)) {
        expect(field.high).toBe(next);
        next = field.low - 1;
      }
      expect(next).toBe(-1);
    });
  },
);

describe('extract', () => {
  it('reads the documented STAR: the halves are the wrong way round', () => {
    const fields = extract(star, 0x0008_0018_0000_0000n);
    expect(fields.map(({ field, value }) => [field.name, value])).toEqual([
      ['EIP', 0n],
      ['SYSCALL CS', 0x18n],
      ['SYSRET CS', 0x08n],
    ]);
  });

  it('replaces one field', () => {
    const iopl = rflags.fields.find((field) => field.name === 'IOPL');
    expect(iopl && withField(iopl, 0x202n, 7n)).toBe(0x3202n);
  });

  it('knows what must be 0 and what is always 1', () => {
    // SDM vol. 1, figure 3-8: bits 3, 5, 15 and 63:22 are 0, bit 1 is 1.
    expect(reservedMask(rflags)).toBe(0xffff_ffff_ffc0_8028n);
    expect(fixedOnes(rflags)).toBe(2n);
    expect(fixedOnes(debug.dr6)).toBe(0xfffe07f0n);
    expect(fixedOnes(debug.dr7)).toBe(0x400n);
    // With MAXPHYADDR 40, bits 51:40 of an address are reserved; of a PML4E bit 7 too.
    expect(reservedMask(pageEntries.pml4e, 40)).toBe(0x000f_ff00_0000_0080n);
    expect(reservedMask(pageEntries.pte, 52)).toBe(0n);
    expect(reservedMask(pageEntries.pde2M, 36)).toBe(0x000f_fff0_001f_e000n);
    expect(reservedMask(pageEntries.pdpte1G, 52)).toBe(0x3fff_e000n);
    expect(reservedMask(legacy.ptePae, 52)).toBe(0x7ff0_0000_0000_0000n);
    expect(reservedMask(legacy.pdptePae, 36)).toBe(0xffff_fff0_0000_01e6n);
    expect(reservedMask(controlRegisters.cr4) & 0xffffn).toBe(0x8000n);
  });

  it('joins the fragments of a split address', () => {
    // A 4 MiB page at 1_2340_0000h: bits 39:32 stand at 20:13.
    const fields = extractJoined(legacy.pde4M, 0x2340_2083n);
    const address = fields.find((field) => field.name === 'Address');
    expect(address?.value).toBe(0x1_2340_0000n);
    expect(address?.fragments).toEqual([
      { high: 31, low: 22, at: 22 },
      { high: 20, low: 13, at: 32 },
    ]);
  });
});

it('finds registers by name and MSRs by number', () => {
  expect(registerCatalog.get('IA32_LSTAR')?.address).toBe(0xc0000082);
  expect(msrAt(0xc0000084)?.name).toBe('IA32_FMASK');
  expect(msrAt(5)).toBeUndefined();
  expect(registerCatalog.get('IA32_FMASK')?.fields.find((field) => field.name === 'IF')).toMatchObject({ low: 9 });
});

it('chooses the description by level and PS', () => {
  expect(pageEntries.pageEntryDescription(2, 0x83n)).toBe(pageEntries.pde2M);
  expect(pageEntries.pageEntryDescription(3, 0x03n)).toBe(pageEntries.pdpte);
  expect(pageEntries.pageEntryDescription(1, 0x83n)).toBe(pageEntries.pte);
  expect(legacy.legacyPageEntryDescription('32-bit', 2, 0x80n, false)).toBe(legacy.pde32);
});

it('lays out the 64-bit TSS as the manual does (vol. 3A, figure 7-11)', () => {
  expect(taskState64.map((field) => [field.name, field.offset])).toEqual([
    ['RSP0', 4],
    ['RSP1', 12],
    ['RSP2', 20],
    ['IST1', 36],
    ['IST2', 44],
    ['IST3', 52],
    ['IST4', 60],
    ['IST5', 68],
    ['IST6', 76],
    ['IST7', 84],
    ['I/O map base', 102],
  ]);
  const bytes = new Uint8Array(TSS64_BYTES);
  bytes.set([0, 0x10, 0, 0, 0x80, 0xff, 0xff, 0xff], 4);
  bytes[102] = 0x68;
  const values = readTaskState64(bytes);
  expect(values[0]?.value).toBe(0xffffff8000001000n);
  expect(values.at(-1)?.value).toBe(0x68n);
  expect(readTaskState64(bytes.subarray(0, 13)).length).toBe(1);
});
