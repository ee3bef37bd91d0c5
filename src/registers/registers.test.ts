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
import { hiddenAttributes } from './hiddenPart.ts';
import { readTaskState, TASK_STATE_BYTES, taskStateFields, taskStateKind } from './taskState.ts';

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
  expect(taskStateFields('64-bit').map((field) => [field.name, field.offset])).toEqual([
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
  const bytes = new Uint8Array(TASK_STATE_BYTES['64-bit']);
  bytes.set([0, 0x10, 0, 0, 0x80, 0xff, 0xff, 0xff], 4);
  bytes[102] = 0x68;
  const values = readTaskState('64-bit', bytes);
  expect(values[0]?.value).toBe(0xffffff8000001000n);
  expect(values.at(-1)?.value).toBe(0x68n);
  expect(readTaskState('64-bit', bytes.subarray(0, 13)).length).toBe(1);
});

it('32- and 16-bit task states are laid out as in figures 7-2 and 7-10', () => {
  const places = (kind: '32-bit' | '16-bit'): string =>
    taskStateFields(kind)
      .map(({ name, offset, bytes }) => `${name}@${offset}.${bytes}`)
      .join(' ');
  expect(places('32-bit')).toBe(
    'Link@0.2 ESP0@4.4 SS0@8.2 ESP1@12.4 SS1@16.2 ESP2@20.4 SS2@24.2 CR3@28.4 EIP@32.4 EFLAGS@36.4 EAX@40.4 ECX@44.4 ' +
      'EDX@48.4 EBX@52.4 ESP@56.4 EBP@60.4 ESI@64.4 EDI@68.4 ES@72.2 CS@76.2 SS@80.2 DS@84.2 FS@88.2 GS@92.2 LDT@96.2 ' +
      'T@100.2 I/O map base@102.2',
  );
  expect(places('16-bit')).toBe(
    'Link@0.2 SP0@2.2 SS0@4.2 SP1@6.2 SS1@8.2 SP2@10.2 SS2@12.2 IP@14.2 FLAGS@16.2 AX@18.2 CX@20.2 DX@22.2 BX@24.2 ' +
      'SP@26.2 BP@28.2 SI@30.2 DI@32.2 ES@34.2 CS@36.2 SS@38.2 DS@40.2 LDT@42.2',
  );
});

it('the type bits name the kind of task state (SDM vol. 3A, table 3-2)', () => {
  expect([1, 3, 9, 11].map((type) => taskStateKind(type, false))).toEqual(['16-bit', '16-bit', '32-bit', '32-bit']);
  expect([1, 3, 9, 11].map((type) => taskStateKind(type, true))).toEqual([null, null, '64-bit', '64-bit']);
  expect([0, 2, 12].map((type) => taskStateKind(type, false))).toEqual([null, null, null]);
});

it('attributes of segment registers are named as in the descriptor they come from', () => {
  const names = (attributes: number): string =>
    hiddenAttributes(attributes, true)
      .fields.map(({ name, high, low }) => `${name}@${high}:${low}`)
      .join(' ');
  expect(names(0xa09b)).toBe('A@0:0 R@1:1 C@2:2 Code@3:3 S@4:4 DPL@6:5 P@7:7 AVL@12:12 L@13:13 D@14:14 G@15:15');
  expect(names(0xc093)).toContain('W@1:1 E@2:2');
  expect(names(0x8b)).toBe('Type@3:0 S@4:4 DPL@6:5 P@7:7 AVL@12:12 G@15:15');
});
