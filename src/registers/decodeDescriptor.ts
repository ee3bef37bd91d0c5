import { codeDescriptor, dataDescriptor } from './descriptor.ts';
import { bitsOf, extractJoined, type JoinedField } from './extract.ts';
import type { RegisterDescription } from './field.ts';
import {
  callGate64,
  gate32,
  interruptGate64,
  systemSegment32,
  systemSegment64,
  systemTypeName,
} from './systemDescriptor.ts';

export type DescriptorKind =
  | 'null'
  | 'code'
  | 'data'
  | 'ldt'
  | 'tss'
  | 'call-gate'
  | 'interrupt-gate'
  | 'trap-gate'
  | 'task-gate'
  | 'reserved';

export interface DescriptorField extends JoinedField {
  /** Why the present mode does not look at the field, or null if it does. */
  readonly ignored: string | null;
}

export interface DecodedDescriptor {
  readonly kind: DescriptorKind;
  /** For people: "code 64-bit, readable", "64-bit TSS (busy)". */
  readonly type: string;
  /** 8-byte table entries it takes: 2 for system descriptors of IA-32e mode. */
  readonly slots: 1 | 2;
  readonly present: boolean;
  readonly dpl: number;
  /** Segments: base address. Gates: null. */
  readonly base: bigint | null;
  /** Segments: offset of the last byte, granularity applied. Gates: null. */
  readonly limit: number | null;
  /** Gates: where they lead; null for segments and task gates. */
  readonly target: { readonly selector: number; readonly offset: bigint; readonly ist: number } | null;
  /** The L bit of a code segment. */
  readonly long: boolean;
  /** D of a code segment, B of a data segment. */
  readonly big: boolean;
  readonly fields: readonly DescriptorField[];
  readonly manual: string;
  /** True when the second slot was needed but not given; upper parts then read as 0. */
  readonly incomplete: boolean;
}

/** Two more dwords (the next table entry), and the mode. */
export interface DescriptorContext {
  /** IA-32e mode (EFER.LMA = 1): system descriptors are 16 bytes. Default true. */
  readonly longMode?: boolean;
  readonly nextLow?: number;
  readonly nextHigh?: number;
  /** The entry stands in the IDT, where all zeros is a gate of reserved type and no null descriptor. */
  readonly inIdt?: boolean;
}

/** Decodes an entry of the GDT, LDT or IDT, given as 32-bit halves of either sign. Never throws. */
export function decodeDescriptor(low: number, high: number, context: DescriptorContext = {}): DecodedDescriptor {
  const longMode = context.longMode ?? true;
  const first = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  if (first === 0n && context.inIdt !== true) return nothing('null', 'null descriptor', longMode);
  if ((high & 0x1000) !== 0) return decodeSegment(first, high, longMode);
  const type = (high >>> 8) & 0xf;
  const name = systemTypeName(type, longMode);
  const kind = systemKind(type);
  if (name === null || kind === 'reserved') {
    return { ...nothing('reserved', `reserved type ${type}`, longMode), present: present(high), dpl: dpl(high) };
  }
  const incomplete = longMode && (context.nextLow === undefined || context.nextHigh === undefined);
  const second = (BigInt((context.nextHigh ?? 0) >>> 0) << 32n) | BigInt((context.nextLow ?? 0) >>> 0);
  const value = longMode ? first | (second << 64n) : first;
  const common = {
    kind,
    type: name,
    slots: longMode ? 2 : 1,
    present: present(high),
    dpl: dpl(high),
    incomplete,
  } as const;
  return kind === 'ldt' || kind === 'tss'
    ? decodeSystemSegment(value, common, longMode)
    : decodeGate(value, common, longMode);
}

type Common = Pick<DecodedDescriptor, 'kind' | 'type' | 'slots' | 'present' | 'dpl' | 'incomplete'>;

function decodeSegment(value: bigint, high: number, longMode: boolean): DecodedDescriptor {
  const isCode = (high & 0x800) !== 0;
  const long = isCode && longMode && (high & 0x200000) !== 0;
  const big = (high & 0x400000) !== 0;
  const words = isCode
    ? [codeSize(long, big), high & 0x200 ? 'readable' : 'execute-only', high & 0x400 ? 'conforming' : '']
    : ['data', high & 0x200 ? 'writable' : 'read-only', high & 0x400 ? 'expand-down' : ''];
  // The mode ignores these fields for a 64-bit code segment, and for data while such a segment runs.
  const in64 = isCode ? long : longMode;
  const joined = fieldsOfValue(isCode ? codeDescriptor : dataDescriptor, value, in64);
  return {
    kind: isCode ? 'code' : 'data',
    type: words.filter((word) => word !== '').join(', '),
    slots: 1,
    present: present(high),
    dpl: dpl(high),
    base: fieldValue(joined, 'Base'),
    limit: scaledLimit(joined),
    target: null,
    long,
    big,
    fields: joined,
    manual: 'SDM vol. 3A, 3.4.5.1',
    incomplete: false,
  };
}

function codeSize(long: boolean, big: boolean): string {
  if (long) return big ? 'code, L and D both 1 (invalid)' : 'code 64-bit';
  return big ? 'code 32-bit' : 'code 16-bit';
}

function decodeSystemSegment(value: bigint, common: Common, longMode: boolean): DecodedDescriptor {
  const description = longMode ? systemSegment64 : systemSegment32;
  const fields = fieldsOfValue(description, value, false);
  return {
    ...common,
    base: fieldValue(fields, 'Base'),
    limit: scaledLimit(fields),
    target: null,
    long: false,
    big: false,
    fields,
    manual: description.manual,
  };
}

function decodeGate(value: bigint, common: Common, longMode: boolean): DecodedDescriptor {
  const is64 = common.kind === 'call-gate' ? callGate64 : interruptGate64;
  const description = longMode ? is64 : gate32;
  const fields = fieldsOfValue(description, value, false);
  const selector = Number(fieldValue(fields, 'Selector'));
  // 16-bit gates have no upper offset: types 4, 6 and 7.
  const offset = fieldValue(fields, 'Offset') & (bitsOf(value, 43, 43) === 0n ? 0xffffn : -1n);
  const ist = Number(fields.find((field) => field.name === 'IST')?.value ?? 0n);
  return {
    ...common,
    base: null,
    limit: null,
    target: { selector, offset: common.kind === 'task-gate' ? 0n : offset, ist },
    long: false,
    big: false,
    fields,
    manual: description.manual,
  };
}

function nothing(kind: 'null' | 'reserved', type: string, longMode: boolean): DecodedDescriptor {
  return {
    kind,
    type,
    slots: 1,
    present: false,
    dpl: 0,
    base: null,
    limit: null,
    target: null,
    long: false,
    big: false,
    fields: [],
    manual: longMode ? 'SDM vol. 3A, 3.5, table 3-2' : 'SDM vol. 3A, 3.4.2',
    incomplete: false,
  };
}

function systemKind(type: number): DescriptorKind {
  switch (type) {
    case 2:
      return 'ldt';
    case 1:
    case 3:
    case 9:
    case 11:
      return 'tss';
    case 4:
    case 12:
      return 'call-gate';
    case 5:
      return 'task-gate';
    case 6:
    case 14:
      return 'interrupt-gate';
    case 7:
    case 15:
      return 'trap-gate';
  }
  return 'reserved';
}

function fieldsOfValue(description: RegisterDescription, value: bigint, in64: boolean): DescriptorField[] {
  return extractJoined(description, value).map((field) => ({
    ...field,
    ignored: in64 ? (field.ignoredIn64 ?? null) : null,
  }));
}

function fieldValue(fields: readonly DescriptorField[], name: string): bigint {
  return fields.find((field) => field.name === name)?.value ?? 0n;
}

function scaledLimit(fields: readonly DescriptorField[]): number {
  const limit = Number(fieldValue(fields, 'Limit'));
  return fieldValue(fields, 'G') === 1n ? limit * 4096 + 4095 : limit;
}

const present = (high: number): boolean => (high & 0x8000) !== 0;
const dpl = (high: number): number => (high >>> 13) & 3;
