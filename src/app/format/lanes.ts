/** An XMM register in pieces. */
import type { Notation } from '../components/editScope.ts';
import type { Lanes } from '../store/settings.ts';
import { hex } from './hex.ts';

export interface LaneKind {
  readonly id: Lanes;
  readonly bits: 8 | 16 | 32 | 64;
  /** One of them: "byte". */
  readonly one: string;
  readonly real: boolean;
}

export const laneKinds: readonly LaneKind[] = [
  { id: 'bytes', bits: 8, one: 'byte', real: false },
  { id: 'words', bits: 16, one: 'word', real: false },
  { id: 'dwords', bits: 32, one: 'dword', real: false },
  { id: 'qwords', bits: 64, one: 'qword', real: false },
  { id: 'floats', bits: 32, one: 'float', real: true },
  { id: 'doubles', bits: 64, one: 'double', real: true },
];

const WHOLE = 128;

/** Lanes of a register, lane 0 first. */
export function lanesOf(value: bigint, bits: number): bigint[] {
  return Array.from({ length: WHOLE / bits }, (_, n) => BigInt.asUintN(bits, value >> BigInt(n * bits)));
}

/** The register with one lane changed. */
export function withLane(value: bigint, bits: number, n: number, lane: bigint): bigint {
  const at = BigInt(n * bits);
  return (value & ~(((1n << BigInt(bits)) - 1n) << at)) | (BigInt.asUintN(bits, lane) << at);
}

const buffer = new DataView(new ArrayBuffer(8));

function numberOf(bits: bigint, width: number): number {
  buffer.setBigUint64(0, bits, true);
  return width === 32 ? buffer.getFloat32(0, true) : buffer.getFloat64(0, true);
}

/** The fewest digits that tell a number from its neighbours. */
function shortest(value: number, width: number): string {
  if (width === 64) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** A float or double in words: its number, "−∞", "quiet NaN 1", "signaling NaN 1". */
export function realText(bits: bigint, width: 32 | 64): string {
  const fractionBits = width === 32 ? 23 : 52;
  const fraction = BigInt.asUintN(fractionBits, bits);
  const sign = bits >> BigInt(width - 1) === 1n ? '−' : '';
  const value = numberOf(bits, width);
  if (Number.isNaN(value)) {
    const quiet = fraction >> BigInt(fractionBits - 1) === 1n;
    const payload = BigInt.asUintN(fractionBits - 1, fraction);
    return `${sign}${quiet ? 'quiet' : 'signaling'} NaN${payload === 0n ? '' : ` ${hex(payload)}`}`;
  }
  return sign + (Number.isFinite(value) ? shortest(Math.abs(value), width) : '∞');
}

/** As many characters as stand in a quarter of a register's row. */
const BRIEF = 11;

/** The same in few characters: "≈" before a number of which digits were left out. */
export function briefText(bits: bigint, width: 32 | 64): string {
  const text = realText(bits, width);
  const value = numberOf(bits, width);
  if (width === 64 || text.length <= BRIEF || !Number.isFinite(value)) return text;
  return `≈${value < 0 ? '−' : ''}${Math.abs(value).toPrecision(4)}`;
}

/** Whether it is smaller than every normal number and not zero. */
export function isDenormal(bits: bigint, width: 32 | 64): boolean {
  const fractionBits = width === 32 ? 23 : 52;
  const magnitude = BigInt.asUintN(width - 1, bits);
  return magnitude !== 0n && magnitude >> BigInt(fractionBits) === 0n;
}

/** How a person types a float or a double: in decimal, or `inf`, `nan`. */
export function realNotation(width: 32 | 64): Notation {
  return {
    name: 'decimal, inf or nan',
    show: (bits) => {
      const value = numberOf(bits, width);
      return Number.isNaN(value) ? 'nan' : realText(bits, width).replace('−', '-').replace('∞', 'inf');
    },
    parse: (text) => {
      const typed = text.trim().toLowerCase().replace('−', '-');
      const special = /^([+-]?)(inf|nan)$/.exec(typed);
      if (special === null && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(typed)) return null;
      const magnitude = special?.[2] === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
      const value = special === null ? Number(typed) : special[1] === '-' ? -magnitude : magnitude;
      buffer.setBigUint64(0, 0n, true);
      if (width === 32) buffer.setFloat32(0, value, true);
      else buffer.setFloat64(0, value, true);
      return BigInt.asUintN(width, buffer.getBigUint64(0, true));
    },
  };
}
