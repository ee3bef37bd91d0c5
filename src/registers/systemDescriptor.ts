import { dplField, presentField } from './descriptor.ts';
import { describeRegister, type FieldExtra, fieldsOf } from './field.ts';

const segment = fieldsOf('SDM vol. 3A, 7.2.3');
const gate = fieldsOf('SDM vol. 3A, 5.8.3.1');
const part = (of: string, at: number): FieldExtra => ({ part: { of, at } });

/** Type names of system descriptors, by type bits and mode. SDM vol. 3A, table 3-2. */
const typesLegacy = {
  1: '16-bit TSS (available)',
  2: 'LDT',
  3: '16-bit TSS (busy)',
  4: '16-bit call gate',
  5: 'task gate',
  6: '16-bit interrupt gate',
  7: '16-bit trap gate',
  9: '32-bit TSS (available)',
  11: '32-bit TSS (busy)',
  12: '32-bit call gate',
  14: '32-bit interrupt gate',
  15: '32-bit trap gate',
} as const;
const types64 = {
  2: 'LDT',
  9: '64-bit TSS (available)',
  11: '64-bit TSS (busy)',
  12: '64-bit call gate',
  14: '64-bit interrupt gate',
  15: '64-bit trap gate',
} as const;

/** Name of a system type, or null if it is reserved. */
export function systemTypeName(type: number, longMode: boolean): string | null {
  const names: Readonly<Record<number, string>> = longMode ? types64 : typesLegacy;
  return names[type] ?? null;
}

const typeField = (values: Readonly<Record<number, string>>) =>
  segment.field('Type', 43, 40, 'Type', 'Which kind of system segment or gate.', {
    manual: 'SDM vol. 3A, 3.5',
    values,
  });
const systemBit = segment.bit('S', 44, 'Descriptor type', '0: a system segment or gate.');
const limitLow = segment.field('Limit 15:0', 15, 0, 'Limit', 'Offset of the last byte.', part('Limit', 0));
const limitHigh = segment.field('Limit 19:16', 51, 48, 'Limit', 'Offset of the last byte.', part('Limit', 16));
const basePart = <const N extends string, const H extends number, const L extends number>(
  name: N,
  high: H,
  low: L,
  at: number,
) => segment.field(name, high, low, 'Base', 'Linear address of the table or task state.', part('Base', at));
const segmentFields = [
  limitLow,
  basePart('Base 15:0', 31, 16, 0),
  basePart('Base 23:16', 39, 32, 16),
  systemBit,
  dplField,
  presentField,
  limitHigh,
  segment.bit('AVL', 52, 'Available', 'Left to software.', { reserved: 'ignored' }),
  segment.bit('G', 55, 'Granularity', '1: the limit counts 4 KiB units, 0: bytes.'),
  basePart('Base 31:24', 63, 56, 24),
] as const;

/** TSS or LDT descriptor outside IA-32e mode. */
export const systemSegment32 = describeRegister({
  name: 'System segment descriptor',
  bits: 64,
  title: 'TSS or LDT descriptor',
  manual: 'SDM vol. 3A, 7.2.2',
  fields: [typeField(typesLegacy), ...segmentFields],
});

/** TSS or LDT descriptor in IA-32e mode: two slots of the table. */
export const systemSegment64 = describeRegister({
  name: 'System segment descriptor, 16 bytes',
  bits: 128,
  title: 'TSS or LDT descriptor of IA-32e mode',
  manual: 'SDM vol. 3A, 7.2.3',
  fields: [typeField(types64), ...segmentFields, basePart('Base 63:32', 95, 64, 32)],
});

const offsetLow = gate.field('Offset 15:0', 15, 0, 'Offset', 'Where control goes: the handler.', part('Offset', 0));
const offsetMiddle = gate.field('Offset 31:16', 63, 48, 'Offset', 'Where control goes.', part('Offset', 16));
const offsetHigh = gate.field('Offset 63:32', 95, 64, 'Offset', 'Where control goes.', part('Offset', 32));
const target = gate.field(
  'Selector',
  31,
  16,
  'Selector',
  'The code segment to go to; its descriptor is read and checked.',
);
const gateDpl = gate.field(
  'DPL',
  46,
  45,
  'Descriptor privilege level',
  'INT n and calls from a CPL above it raise #GP.',
);
const gatePresent = gate.bit('P', 47, 'Present', 'With 0, using the gate raises #NP.');
const ist = gate.field(
  'IST',
  34,
  32,
  'Interrupt stack',
  '1 to 7: always start on that stack of the TSS. 0: only on a CPL change, RSP0.',
  {
    manual: 'SDM vol. 3A, 6.14.5',
  },
);
const ignored = { reserved: 'ignored' } as const;

/** Call gate, or an entry of the IDT, outside IA-32e mode. */
export const gate32 = describeRegister({
  name: 'Gate descriptor',
  bits: 64,
  title: 'Call, interrupt or trap gate',
  manual: 'SDM vol. 3A, 5.8.3',
  fields: [
    offsetLow,
    target,
    gate.field('Parameters', 36, 32, 'Parameter count', 'Call gate: stack entries to copy to the new stack.'),
    typeField(typesLegacy),
    systemBit,
    gateDpl,
    gatePresent,
    offsetMiddle,
  ],
});

/** Call gate of IA-32e mode: two slots. */
export const callGate64 = describeRegister({
  name: 'Call gate, 16 bytes',
  bits: 128,
  title: 'Call gate of IA-32e mode',
  manual: 'SDM vol. 3A, 5.8.3.1',
  fields: [
    offsetLow,
    target,
    gate.field('ignored 39:32', 39, 32, 'Ignored', 'Parameters are not copied in IA-32e mode.', ignored),
    typeField(types64),
    systemBit,
    gateDpl,
    gatePresent,
    offsetMiddle,
    offsetHigh,
    gate.field('ignored 103:96', 103, 96, 'Ignored', 'Not used.', ignored),
    gate.field(
      'Upper type',
      108,
      104,
      'Upper type',
      'Must be 0, so that the second slot is no valid descriptor itself.',
    ),
    gate.field('ignored 127:109', 127, 109, 'Ignored', 'Not used.', ignored),
  ],
});

/** Interrupt or trap gate of IA-32e mode. */
export const interruptGate64 = describeRegister({
  name: 'Interrupt gate, 16 bytes',
  bits: 128,
  title: 'Interrupt or trap gate of IA-32e mode',
  manual: 'SDM vol. 3A, 6.14.1',
  fields: [
    offsetLow,
    target,
    ist,
    typeField(types64),
    systemBit,
    gateDpl,
    gatePresent,
    offsetMiddle,
    offsetHigh,
    gate.field('ignored 127:96', 127, 96, 'Ignored', 'Not used.', ignored),
  ],
});
