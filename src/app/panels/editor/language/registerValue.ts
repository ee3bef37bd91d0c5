import { hex } from '../../../format/hex.ts';
import type { RegisterView } from '../../../../worker/protocol.ts';

const LEGACY = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];

interface Part {
  readonly whole: string;
  readonly index: number;
  readonly from: number;
  readonly bits: number;
}

/** Which bits of which general register a name means: "eax", "r8d", "dil", "ah". */
export function generalRegister(name: string): Part | null {
  const numbered = /^r(\d+)([dwb]?)$/.exec(name);
  if (numbered !== null) {
    const index = Number(numbered[1]);
    const bits = { '': 64, d: 32, w: 16, b: 8 }[numbered[2] ?? ''];
    return index < 8 || index > 15 || bits === undefined ? null : { whole: `R${index}`, index, from: 0, bits };
  }
  const part = (index: number, from: number, bits: number): Part | null =>
    index < 0 ? null : { whole: `R${LEGACY[index]?.toUpperCase()}`, index, from, bits };
  if (/^[er]..$/.test(name)) return part(LEGACY.indexOf(name.slice(1)), 0, name.startsWith('r') ? 64 : 32);
  if (/^[abcd][hl]$/.test(name)) return part(LEGACY.indexOf(`${name.charAt(0)}x`), name.endsWith('h') ? 8 : 0, 8);
  if (/^(?:sp|bp|si|di)l$/.test(name)) return part(LEGACY.indexOf(name.slice(0, 2)), 0, 8);
  return part(LEGACY.indexOf(name), 0, 16);
}

/** A register's value now as text: "RAX = 0000000000000001", or undefined for one that is not shown. */
export function registerText(name: string, registers: RegisterView): string | undefined {
  const written = name.toLowerCase();
  const part = generalRegister(written);
  if (part !== null) {
    const value = ((registers.gpr[part.index] ?? 0n) >> BigInt(part.from)) & ((1n << BigInt(part.bits)) - 1n);
    const whole = part.bits === 64 ? '' : ` (bits ${part.from + part.bits - 1}:${part.from} of ${part.whole})`;
    return `${hex(value, part.bits / 4)}${whole}, decimal ${BigInt.asIntN(part.bits, value)}`;
  }
  if (written === 'rip') return hex(registers.rip, 16);
  if (written === 'cr0' || written === 'cr2' || written === 'cr3' || written === 'cr4' || written === 'cr8') {
    return hex(registers[written], 16);
  }
  if (
    written === 'cs' ||
    written === 'ss' ||
    written === 'ds' ||
    written === 'es' ||
    written === 'fs' ||
    written === 'gs'
  ) {
    const { selector, base } = registers.segments[written];
    return `selector ${hex(selector, 4)}, base ${hex(base)}`;
  }
  return undefined;
}

/** Names to offer after %. */
export const registerNames: readonly string[] = [
  ...LEGACY.map((name) => `r${name}`),
  ...Array.from({ length: 8 }, (_, n) => `r${n + 8}`),
  ...LEGACY.map((name) => `e${name}`),
  ...Array.from({ length: 8 }, (_, n) => `r${n + 8}d`),
  'al',
  'cl',
  'dl',
  'bl',
  'spl',
  'bpl',
  'sil',
  'dil',
  'ah',
  'ch',
  'dh',
  'bh',
  'rip',
  'cs',
  'ss',
  'ds',
  'es',
  'fs',
  'gs',
  'cr0',
  'cr2',
  'cr3',
  'cr4',
  'cr8',
];
