import type { CodeSize } from '../../isa/instruction.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { StatementError } from '../problem.ts';
import { inRange } from './range.ts';
import type { Memory, Register } from './operand.ts';

/** ModRM (reg field empty) and what follows it, for a memory operand. */
export interface AddressBytes {
  readonly modrm: number;
  /** REX bits X and B. */
  readonly rex: number;
  /** SIB and displacement. */
  readonly rest: readonly number[];
  /** The displacement, when it is not a constant: the last `size` bytes of `rest`. */
  readonly fixup: {
    readonly size: 1 | 2 | 4;
    readonly value: Expression;
    readonly specifier: string;
    readonly relative: boolean;
    readonly signed: boolean;
  } | null;
  readonly size: CodeSize;
}

const SEGMENT_SS = 2;
const SEGMENT_DS = 3;

/** The segment an address uses without a prefix: SS with rBP or rSP as base, else DS (SDM vol. 1, table 3-5). */
export function defaultSegment(memory: Memory): number {
  const { base } = memory;
  const stack = base !== null && base.file === 'gpr' && (base.index === 4 || base.index === 5);
  return stack ? SEGMENT_SS : SEGMENT_DS;
}

/** Address size the registers of an operand ask for. */
export function addressSize(memory: Memory, mode: CodeSize): CodeSize {
  const register = memory.base ?? memory.index;
  if (register === null) return mode;
  return register.bits as CodeSize;
}

export function addressBytes(memory: Memory, mode: CodeSize, overridden: boolean): AddressBytes {
  const { base, index } = memory;
  let size = addressSize(memory, mode);
  if (base === null && index === null && overridden) size = mode === 32 ? 16 : 32;
  check(memory, size, mode);
  if (size === 16) return sixteen(memory);
  return wide(memory, size, mode);
}

function check(memory: Memory, size: CodeSize, mode: CodeSize): void {
  const { base, index, at, length } = memory;
  const fail = (message: string, hint = ''): StatementError => new StatementError(message, at, length, hint);
  if ((size === 64 && mode !== 64) || (size === 16 && mode === 64)) {
    throw fail(
      `a ${size}-bit address does not exist in ${mode}-bit code`,
      mode === 64 ? 'Use 64- or 32-bit registers.' : 'Put .code64 before 64-bit code.',
    );
  }
  for (const register of [base, index]) {
    if (register === null) continue;
    if (register.file === 'ip' && register === base && index === null) continue;
    if (register.file !== 'gpr' || register.bits === 8) throw fail(`%${register.name} cannot be part of an address`);
    if (register.bits !== size)
      throw fail('base and index have different widths', 'Use two registers of the same width.');
    if (register.index > 7 && mode !== 64) throw fail(`%${register.name} exists only in 64-bit mode`);
  }
  if (index !== null && index.file === 'gpr' && index.index === 4 && size !== 16) {
    throw fail(`%${index.name} cannot be an index`, memory.scale === 0 ? 'Write it as the base.' : '');
  }
}

function displacementValue(memory: Memory): bigint | null {
  if (memory.displacement === null) return 0n;
  if (memory.specifier !== '') return null;
  return constantOf(memory.displacement, fixedDistance);
}

function wide(memory: Memory, size: 32 | 64, mode: CodeSize): AddressBytes {
  const { base, index } = memory;
  let value = displacementValue(memory);
  if (value !== null) value = checkedDisplacement(memory, value, size);
  const fixup = (relative: boolean): AddressBytes['fixup'] =>
    value !== null || memory.displacement === null
      ? null
      : {
          size: 4,
          value: memory.displacement,
          specifier: memory.specifier,
          relative,
          signed: mode === 64 && size === 64,
        };
  if (base?.file === 'ip') return { modrm: 5, rex: 0, rest: little(value ?? 0n, 4), fixup: fixup(true), size };
  const indexLow = index === null ? 4 : index.index & 7;
  const indexHigh = index !== null && index.index > 7 ? 0x42 : 0;
  if (base === null) {
    const rest = little(value ?? 0n, 4);
    if (index === null && mode !== 64) return { modrm: 5, rex: 0, rest, fixup: fixup(false), size };
    const sib = (memory.scale << 6) | (indexLow << 3) | 5;
    return { modrm: 4, rex: indexHigh, rest: [sib, ...rest], fixup: fixup(false), size };
  }
  const low = base.index & 7;
  const rex = indexHigh | (base.index > 7 ? 0x41 : 0);
  const mod = value === null ? 2 : value === 0n && low !== 5 ? 0 : value >= -128n && value <= 127n ? 1 : 2;
  const displacement = mod === 0 ? [] : little(value ?? 0n, mod === 1 ? 1 : 4);
  if (index === null && low !== 4) {
    return { modrm: (mod << 6) | low, rex, rest: displacement, fixup: fixup(false), size };
  }
  const sib = (memory.scale << 6) | (indexLow << 3) | low;
  return { modrm: (mod << 6) | 4, rex, rest: [sib, ...displacement], fixup: fixup(false), size };
}

/** A displacement is 32 bits, sign-extended: 64-bit addresses reach 2 GiB up and down (SDM vol. 1, 3.7.5). */
function checkedDisplacement(memory: Memory, value: bigint, size: 32 | 64): bigint {
  if (size === 32) return BigInt.asIntN(32, value);
  if (inRange(value, 32, true)) return value;
  throw new StatementError(
    `0x${BigInt.asUintN(64, value).toString(16)} is beyond a signed 32-bit displacement`,
    memory.at,
    memory.length,
    'Load the address into a register with movabs first.',
  );
}

/** Base and index pairs of 16-bit addresses (SDM vol. 2A, table 2-1). */
const PAIRS: Readonly<Record<string, number>> = {
  'bx,si': 0,
  'bx,di': 1,
  'bp,si': 2,
  'bp,di': 3,
  'si,': 4,
  'di,': 5,
  'bp,': 6,
  'bx,': 7,
};

function sixteen(memory: Memory): AddressBytes {
  const value = displacementValue(memory);
  const fixup: AddressBytes['fixup'] =
    value !== null || memory.displacement === null
      ? null
      : { size: 2, value: memory.displacement, specifier: memory.specifier, relative: false, signed: false };
  const name = (register: Register | null): string => register?.name ?? '';
  if (memory.base === null && memory.index === null) {
    return { modrm: 6, rex: 0, rest: little(value ?? 0n, 2), fixup, size: 16 };
  }
  const rm = PAIRS[`${name(memory.base)},${name(memory.index)}`] ?? PAIRS[`${name(memory.index)},${name(memory.base)}`];
  if (rm === undefined || memory.scale !== 0) {
    throw new StatementError(
      'no 16-bit address has these registers',
      memory.at,
      memory.length,
      'Use BX or BP with SI or DI.',
    );
  }
  const short = value === null ? null : BigInt.asIntN(16, value);
  const mod = short === null ? 2 : short === 0n && rm !== 6 ? 0 : short >= -128n && short <= 127n ? 1 : 2;
  return { modrm: (mod << 6) | rm, rex: 0, rest: mod === 0 ? [] : little(short ?? 0n, mod), fixup, size: 16 };
}

function little(value: bigint, size: number): number[] {
  let low = Number(BigInt.asIntN(32, value));
  const bytes: number[] = [];
  for (let n = 0; n < size; n++, low >>= 8) bytes.push(low & 0xff);
  return bytes;
}
