/** Linear addresses that registers name: what a memory or paging panel can follow. */
import type { RegisterView } from '../../worker/protocol.ts';
import { ATTRIBUTE } from '../../registers/descriptor.ts';
import { isLongMode } from './gdt.ts';
import { parseAddress, parseHex } from './hex.ts';
import { namedPart, partValue } from './namedValue.ts';

const WORD = (1n << 64n) - 1n;
const HALF = (1n << 32n) - 1n;

/** 64-bit mode, where segments but FS and GS begin at 0. */
export const in64BitMode = (registers: RegisterView): boolean =>
  isLongMode(registers) && (registers.segments.cs.attributes & ATTRIBUTE.L) !== 0;

/** Offsets count from the segment's base outside 64-bit mode (SDM vol. 3A, 3.3). */
function linear(registers: RegisterView, segment: 'cs' | 'ss' | 'ds', offset: bigint): bigint {
  return in64BitMode(registers) ? offset : (registers.segments[segment].base + offset) & HALF;
}

export const codeAddress = (registers: RegisterView): bigint => linear(registers, 'cs', registers.rip);
export const stackAddress = (registers: RegisterView): bigint => linear(registers, 'ss', registers.gpr[4] ?? 0n);

/** The address that a register's name stands for: its value, or where the table, segment or TSS that it names begins. */
function namedAddress(registers: RegisterView, name: string): bigint | null {
  switch (name) {
    case 'rip':
      return codeAddress(registers);
    case 'rsp':
      return stackAddress(registers);
    case 'rbp':
      return linear(registers, 'ss', registers.gpr[5] ?? 0n);
    case 'gdt':
    case 'gdtr':
      return registers.gdtr.base;
    case 'idt':
    case 'idtr':
      return registers.idtr.base;
    case 'ldt':
      return registers.segments.ldtr.base;
    case 'tss':
      return registers.segments.tr.base;
    case 'fs':
    case 'gs':
    case 'ldtr':
    case 'tr':
      return registers.segments[name].base;
    default:
      break;
  }
  if (!/^(r([a-d]x|[sd]i|8|9|1[0-5])|cr2)$/.test(name)) return null;
  const value = partValue(namedPart(registers, name));
  return value === null ? null : name === 'cr2' ? value : linear(registers, 'ds', value);
}

/**
 * What a person typed as an address: hexadecimal, or a register, table or segment by its name with a hexadecimal offset
 * ("rdi", "rsp+20", "tss+4", "gs-8"). Null when it is neither.
 */
export function addressOf(registers: RegisterView, text: string): bigint | null {
  const match = /^([a-z][a-z0-9]*)\s*(?:([+-])\s*([0-9a-fx_]+))?$/i.exec(text.trim());
  const base = match?.[1] === undefined ? null : namedAddress(registers, match[1].toLowerCase());
  if (base !== null) {
    const offset = match?.[3] === undefined ? 0n : parseHex(match[3]);
    return offset === null ? null : (base + (match?.[2] === '-' ? -offset : offset)) & WORD;
  }
  return parseAddress(text);
}
