import { describeRegister, type FieldExtra, fieldsOf } from './field.ts';
import { highMasks } from './masks.ts';

const { bit, field } = fieldsOf('SDM vol. 3A, 3.4.5');

const flat = (what: string) => ({ ignoredIn64: what }) as const satisfies FieldExtra;
const limitPart = (at: number): FieldExtra => ({ part: { of: 'Limit', at }, ...flat('64-bit mode checks no limit.') });
const basePart = (at: number): FieldExtra => ({
  part: { of: 'Base', at },
  ...flat('64-bit mode takes the base of CS, DS, ES and SS as 0.'),
});

const limitLow = field('Limit 15:0', 15, 0, 'Segment limit', 'Low part of the last valid offset.', limitPart(0));
const baseLow = field(
  'Base 15:0',
  31,
  16,
  'Segment base',
  'Low part of the address where the segment starts.',
  basePart(0),
);
const baseMiddle = field('Base 23:16', 39, 32, 'Segment base', 'Middle part of the base.', basePart(16));
const limitHigh = field('Limit 19:16', 51, 48, 'Segment limit', 'High part of the limit.', limitPart(16));
const baseHigh = field('Base 31:24', 63, 56, 'Segment base', 'High part of the base.', basePart(24));

const accessed = bit('A', 40, 'Accessed', 'Set by the processor when a selector of the segment is loaded.');
const code = bit('Code', 43, 'Code or data', '1: a code segment, 0: a data segment.');
const kind = bit('S', 44, 'Descriptor type', '1: code or data, 0: system segment or gate.');
export const dplField = field(
  'DPL',
  46,
  45,
  'Descriptor privilege level',
  'Who may use the segment: 0 kernel .. 3 user.',
);
export const presentField = bit('P', 47, 'Present', 'With 0, loading the selector raises #NP (#SS for SS).');
const available = bit('AVL', 52, 'Available', 'Left to software.', { reserved: 'ignored' });
const granularity = bit(
  'G',
  55,
  'Granularity',
  '1: the limit counts 4 KiB units, 0: bytes.',
  flat('No limit, no unit.'),
);

export const codeDescriptor = describeRegister({
  name: 'Code segment descriptor',
  bits: 64,
  title: 'Code segment descriptor',
  manual: 'SDM vol. 3A, 3.4.5.1',
  fields: [
    limitLow,
    baseLow,
    baseMiddle,
    accessed,
    bit(
      'R',
      41,
      'Readable',
      'Data may be read through it; it can always be executed.',
      flat('Not checked in 64-bit mode.'),
    ),
    bit('C', 42, 'Conforming', 'Code of lower privilege may call in and keeps its own CPL.'),
    code,
    kind,
    dplField,
    presentField,
    limitHigh,
    available,
    bit('L', 53, '64-bit code', 'In IA-32e mode: 1 runs 64-bit mode, 0 compatibility mode. With 1, D must be 0.'),
    bit('D', 54, 'Default size', 'Operands and addresses are 32-bit (1) or 16-bit (0) unless a prefix says otherwise.'),
    granularity,
    baseHigh,
  ],
});

export const dataDescriptor = describeRegister({
  name: 'Data segment descriptor',
  bits: 64,
  title: 'Data segment descriptor',
  manual: 'SDM vol. 3A, 3.4.5.1',
  fields: [
    limitLow,
    baseLow,
    baseMiddle,
    accessed,
    bit(
      'W',
      41,
      'Writable',
      'Data may be written. SS must be writable.',
      flat('Checked when SS is loaded, not at an access.'),
    ),
    bit(
      'E',
      42,
      'Expand-down',
      'Valid offsets lie above the limit instead of below.',
      flat('64-bit mode checks no limit.'),
    ),
    code,
    kind,
    dplField,
    presentField,
    limitHigh,
    available,
    bit('reserved 53', 53, 'Reserved', 'L of code segments; 0 for data.', { reserved: 'zero' }),
    bit(
      'B',
      54,
      'Big',
      'Stack pushes use ESP (1) or SP (0); upper bound of an expand-down segment.',
      flat('The stack pointer is always RSP.'),
    ),
    granularity,
    baseHigh,
  ],
});

/** Masks in the high dword of a code or data descriptor. */
export const DESCRIPTOR = Object.freeze({ ...highMasks(dataDescriptor), ...highMasks(codeDescriptor) });

/** Bits of the high dword that a segment register's hidden part keeps: type .. P and AVL .. G. */
export const ATTRIBUTES_SHIFT = 8;
export const ATTRIBUTES_MASK = 0xf0ff;
/** The same masks, for the hidden part's attributes (high dword shifted right by 8). */
export const ATTRIBUTE = Object.freeze({
  A: DESCRIPTOR.A >>> ATTRIBUTES_SHIFT,
  R: DESCRIPTOR.R >>> ATTRIBUTES_SHIFT,
  W: DESCRIPTOR.W >>> ATTRIBUTES_SHIFT,
  C: DESCRIPTOR.C >>> ATTRIBUTES_SHIFT,
  E: DESCRIPTOR.E >>> ATTRIBUTES_SHIFT,
  Code: DESCRIPTOR.Code >>> ATTRIBUTES_SHIFT,
  S: DESCRIPTOR.S >>> ATTRIBUTES_SHIFT,
  DPL: DESCRIPTOR.DPL >>> ATTRIBUTES_SHIFT,
  P: DESCRIPTOR.P >>> ATTRIBUTES_SHIFT,
  AVL: DESCRIPTOR.AVL >>> ATTRIBUTES_SHIFT,
  L: DESCRIPTOR.L >>> ATTRIBUTES_SHIFT,
  D: DESCRIPTOR.D >>> ATTRIBUTES_SHIFT,
  B: DESCRIPTOR.B >>> ATTRIBUTES_SHIFT,
  G: DESCRIPTOR.G >>> ATTRIBUTES_SHIFT,
  /** All four type bits. */
  Type: 0xf,
});
/** DPL's low bit, in the attributes. */
export const DPL_SHIFT = 5;

/** Four type bits of a system descriptor (S = 0) in IA-32e mode. SDM vol. 3A, table 3-2. */
export const SystemType = Object.freeze({
  tss16Available: 1,
  ldt: 2,
  tss16Busy: 3,
  callGate16: 4,
  taskGate: 5,
  interruptGate16: 6,
  trapGate16: 7,
  tssAvailable: 9,
  tssBusy: 11,
  callGate: 12,
  interruptGate: 14,
  trapGate: 15,
});
