import type { RegisterView } from '../../worker/protocol.ts';
import { bitsOf } from '../../registers/extract.ts';

/** A register, or a bit range of one, as a micro-step names it: "IA32_STAR[47:32]", "cs", "RFLAGS". */
export interface NamedPart {
  readonly name: string;
  readonly high: number;
  readonly low: number;
  /** The whole register and its width in bits; null when the name is not a register (memory, a constant). */
  readonly whole: bigint | null;
  readonly bits: number;
}

const gprNames = ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi'];

function gprNumber(name: string): number {
  const old = gprNames.indexOf(name);
  if (old >= 0) return old;
  const match = /^r(8|9|1[0-5])$/.exec(name);
  return match === null ? -1 : Number(match[1]);
}

function wholeValue(registers: RegisterView, name: string): readonly [bigint, number] | null {
  const key = name.toLowerCase();
  const gpr = registers.gpr[gprNumber(key)];
  if (gpr !== undefined) return [gpr, 64];
  const msr = registers.msrs[name] ?? registers.msrs[`IA32_${name}`];
  if (msr !== undefined) return [msr, 64];
  switch (key) {
    case 'rip':
    case 'rflags':
    case 'cr0':
    case 'cr2':
    case 'cr3':
    case 'cr4':
    case 'cr8':
      return [registers[key], 64];
    case 'cpl':
      return [BigInt(registers.cpl), 2];
    case 'es':
    case 'cs':
    case 'ss':
    case 'ds':
    case 'fs':
    case 'gs':
    case 'ldtr':
    case 'tr':
      return [BigInt(registers.segments[key].selector), 16];
    default:
      return null;
  }
}

/** Resolves a micro-step's name against `registers`. Upper and lower case name the same register. */
export function namedPart(registers: RegisterView, text: string): NamedPart {
  const match = /^([\w.]+)\[(\d+)(?::(\d+))?\]$/.exec(text);
  const name = match?.[1] ?? text;
  const found = wholeValue(registers, name) ?? wholeValue(registers, name.replace(/\.(selector|sel)$/i, ''));
  const bits = found?.[1] ?? 64;
  const high = match === null ? bits - 1 : Number(match[2]);
  const low = match === null ? 0 : Number(match[3] ?? match[2]);
  return { name, high, low, whole: found?.[0] ?? null, bits };
}

/** Value of the named range, or null. */
export function partValue({ whole, high, low }: NamedPart): bigint | null {
  return whole === null ? null : bitsOf(whole, high, low);
}

/** Hexadecimal digits a part of that width is written with. */
export function partDigits({ high, low }: NamedPart): number {
  return Math.ceil((high - low + 1) / 4);
}
