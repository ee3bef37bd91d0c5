/** What would have to be different for a failed check to pass, as changes of single pieces of state. */
import type { Fault, Where } from '../../cpu/fault.ts';
import { registerCatalog } from '../../registers/catalog.ts';
import { decodeDescriptor } from '../../registers/decodeDescriptor.ts';
import { withField } from '../../registers/extract.ts';
import type { FixView, WalkLevel } from '../views.ts';
import type { Target } from '../history/target.ts';
import { levelsOf } from '../walkView.ts';

/** Place of the deciding bits in a paging-structure entry, and the value that lets an access pass. */
const ENTRY_BITS: Readonly<Record<string, readonly [bit: number, open: bigint]>> = {
  P: [0, 1n],
  'R/W': [1, 1n],
  'U/S': [2, 1n],
  XD: [63, 0n],
};

const withBit = (value: bigint, bit: number, content: bigint): bigint =>
  (value & ~(1n << BigInt(bit))) | (content << BigInt(bit));

/** "PML4E[0] and PDPTE[0]". */
const listed = (names: readonly string[]): string => names.join(', ').replace(/, ([^,]*)$/, ' and $1');

function entryFixes(levels: readonly WalkLevel[]): FixView[] {
  const guilty = levels.filter(({ refused }) => refused !== null);
  const bit = guilty[0]?.refused ?? '';
  const place = ENTRY_BITS[bit];
  // An entry of nothing but zeros leads nowhere, whatever its P bit says.
  if (place === undefined || guilty.some(({ entry }) => entry >> 12n === 0n)) return [];
  const [at, open] = place;
  const names = listed(guilty.map(({ name, index }) => `${name}[${index}]`));
  return [
    {
      text: `${open === 1n ? 'Set' : 'Clear'} ${bit} in ${names}`,
      changes: guilty.map(({ target, entry }) => ({ target, value: withBit(entry, at, open) })),
    },
  ];
}

const walkFixes = (levels: readonly WalkLevel[]): FixView[] => [...entryFixes(levels), ...controlFixes(levels)];

/** SMEP and SMAP are bits of CR4: clearing one lets the access pass, at the price of what it protects from. */
function controlFixes(levels: readonly WalkLevel[]): FixView[] {
  const bit = levels.find(({ refused }) => refused?.startsWith('CR4.'))?.refused;
  if (bit === undefined || bit === null) return [];
  const name = bit.slice(4);
  const field = registerCatalog.get('CR4')?.fields.find((one) => one.name === name);
  if (field === undefined) return [];
  const clear = { target: { kind: 'register', name: 'cr4' } as const, bit: field.low, to: 0n };
  const fixes: FixView[] = [{ text: `Clear CR4.${name}`, changes: [clear] }];
  if (name === 'SMAP') {
    const ac = { target: { kind: 'register', name: 'rflags' } as const, bit: 18, to: 1n };
    fixes.unshift({ text: 'Set RFLAGS.AC, as STAC does', changes: [ac] });
  }
  return fixes;
}

const half = (word: bigint, shift: bigint): number => Number((word >> shift) & 0xffffffffn);

function descriptorFixes(fault: Fault, where: Extract<Where, { kind: 'descriptor' }>): FixView[] {
  const { descriptor, selector, field } = where;
  if (descriptor === null) return [];
  const idt = where.gateBytes !== undefined;
  const target = descriptorTarget(where);
  const word = BigInt.asUintN(64, descriptor);
  const { fields } = decodeDescriptor(half(word, 0n), half(word, 32n), { inIdt: idt, longMode: where.gateBytes !== 8 });
  const place = fields.find(({ name }) => name === field)?.fragments[0];
  const set = (name: string, value: bigint): bigint | null => {
    const at = fields.find((one) => one.name === name)?.fragments[0];
    return at === undefined ? null : withField({ name, title: '', meaning: '', manual: '', ...at }, word, value);
  };
  const name = idt ? `gate ${selector >> 3}` : `descriptor ${(selector & 0xfff8).toString(16).toUpperCase()}h`;
  const fix = (text: string, value: bigint | null): FixView[] =>
    value === null ? [] : [{ text: `${text} in ${name}`, changes: [{ target, value }] }];
  if (field === 'P') return fix('Set P', set('P', 1n));
  if (field === 'L') {
    const long = set('L', 1n);
    return long === null ? [] : fix('Set L and clear D', withBit(long, 54, 0n));
  }
  if (field === 'D') return fix('Clear D', set('D', 0n));
  const wanted = /\d/.exec(fault.why.expected.replace(/^at (?:least|most) /, ''))?.[0];
  if (field === 'DPL' && place !== undefined && wanted !== undefined && Number(wanted) <= 3) {
    return fix(`Set DPL to ${wanted}`, set('DPL', BigInt(wanted)));
  }
  return [];
}

/** The entry that was looked at: of the IDT, or of the table that a selector names. */
export function descriptorTarget({ selector, gateBytes }: Extract<Where, { kind: 'descriptor' }>): Target {
  const number = selector >> 3;
  if (gateBytes !== undefined) return { kind: 'descriptor', table: 'idt', index: (number * gateBytes) / 8 };
  return { kind: 'descriptor', table: (selector & 4) === 0 ? 'gdt' : 'ldt', index: number };
}

/** Names by which a register can be changed: MSRs by their own, others in small letters. */
export function registerTarget(name: string): Target | null {
  if (name.startsWith('IA32_')) return { kind: 'msr', name };
  return /^(r[a-z0-9]+|cr[0-8]|rflags|[c-gs]s|tr|ldtr|(tr|ldtr|gdtr|idtr)\.limit)$/i.test(name)
    ? { kind: 'register', name: name.toLowerCase() }
    : null;
}

const hexText = (value: bigint): string => `${value.toString(16).toUpperCase()}h`;
const canonicalOf = (value: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(48, value));

function registerFixes({ name, value, field, least }: Extract<Where, { kind: 'register' }>, check: string): FixView[] {
  const target = registerTarget(name);
  if (target === null) return [];
  if (least !== undefined) return [{ text: `Raise ${name} to ${hexText(least)}`, changes: [{ target, value: least }] }];
  const described = registerCatalog.get(name)?.fields.find((one) => one.name === field);
  if (described !== undefined && described.high === described.low) {
    const flipped = value ^ (1n << BigInt(described.low));
    const set = (flipped >> BigInt(described.low)) & 1n;
    return [{ text: `${set === 1n ? 'Set' : 'Clear'} ${name}.${field}`, changes: [{ target, value: flipped }] }];
  }
  if (!check.includes('canonical')) return [];
  const canonical = canonicalOf(value);
  return [{ text: `Make ${name} canonical: ${hexText(canonical)}`, changes: [{ target, value: canonical }] }];
}

/** A field of the TSS holds a stack pointer. */
function structureFixes({ name, linear, bytes, value }: Extract<Where, { kind: 'structure' }>): FixView[] {
  const canonical = canonicalOf(value);
  // Only a 64-bit pointer can be otherwise.
  if (bytes !== 8 || canonical === value) return [];
  const target = { kind: 'memory', address: linear, bytes } as const;
  return [{ text: `Make ${name} canonical: ${hexText(canonical)}`, changes: [{ target, value: canonical }] }];
}

/** Changes before the instruction that make the failed check pass; empty where no single bit decides. */
export function fixesOf(fault: Fault): FixView[] {
  const { where, check } = fault.why;
  switch (where.kind) {
    case 'walk':
      return walkFixes(levelsOf(where.steps));
    case 'descriptor':
      return descriptorFixes(fault, where);
    case 'register':
      return registerFixes(where, check);
    case 'structure':
      return structureFixes(where);
    default:
      return [];
  }
}
