import type { Encoding } from '../instruction.ts';
import type { OperandSpec } from './operandSpec.ts';

/** Opcode maps: one-byte, 0F, 0F38, 0F3A and the three VEX maps. */
export const OpcodeMap = { one: 0, of: 1, of38: 2, of3a: 3, vexOf: 4, vexOf38: 5, vexOf3a: 6 } as const;
export const MAP_COUNT = 7;

/** Mandatory-prefix classes, combined in `EncodingRow.prefixMask`: what the last of F3/F2, else 66, else nothing says. */
export const PrefixClass = { none: 1, p66: 2, f3: 4, f2: 8, any: 15 } as const;

/**
 * How the effective operand size is found (SDM vol. 2A, 2.2.1.2 and appendix A.2.5 superscripts):
 * 'v' the ordinary rule; 'd64' 64 bits by default in 64-bit mode, 16 with a 66 prefix; 'near' a near branch: 64 bits in
 * 64-bit mode whatever 66 says (on AMD 66 still makes it 16); 'f64' always 64 bits in 64-bit mode; 'far' a far pointer:
 * as 'v', but AMD has no 16:64 pointers, and REX.W gives 16:32 (APM vol. 3, CALL (Far) and LFS).
 */
export type SizeRule = 'v' | 'd64' | 'near' | 'f64' | 'far';

/** Makes whose decoding differs. */
export type CpuMake = 'intel' | 'amd';

/** 'full' when operands or the meaning depend on the operand size, 'y' when only REX.W (VEX.W) counts. */
export type Sizing = 'none' | 'y' | 'full';

export interface VexFields {
  /** L bit required to be 0, or 0/1 not looked at. */
  readonly l: 0 | 'ignored';
  readonly w: 0 | 1 | 'ignored';
  /** False when VEX.vvvv must be 1111b. */
  readonly usesVvvv: boolean;
}

/** One row of the encoding table, parsed. */
export interface EncodingRow extends Encoding {
  /** Position in `rows()`. */
  readonly index: number;
  /** The row's notation as written in the table: "0f ba /4", "Ev,Ib". */
  readonly form: string;
  readonly operandText: string;
  readonly map: number;
  readonly opcode: number;
  /** True when the low three opcode bits name a register. */
  readonly opcodeRegister: boolean;
  readonly hasModrm: boolean;
  /** ModRM.reg the row needs, or -1. */
  readonly digit: number;
  /** Fixed ModRM byte (`d9 e8`, `0f 01 d0`), or -1. */
  readonly modrm: number;
  /** Bit 0: memory form exists (mod != 3); bit 1: register form exists (mod = 3). */
  readonly modMask: number;
  /** Both forms of mod mean a register (MOV to and from CR and DR). */
  readonly modIgnored: boolean;
  readonly prefixMask: number;
  /** Operand sizes allowed: 1 = 16, 2 = 32, 4 = 64. */
  readonly sizeMask: number;
  /** Address sizes allowed, same bits. */
  readonly addressMask: number;
  /** REX.W the row needs, or -1. */
  readonly rexW: number;
  readonly sizeRule: SizeRule;
  readonly sizing: Sizing;
  readonly operands: readonly OperandSpec[];
  /** LOCK is legal when the ModRM operand is memory. */
  readonly lockable: boolean;
  /** The only make that has the row, or undefined. */
  readonly make: CpuMake | undefined;
  readonly invalidIn64: boolean;
  readonly onlyIn64: boolean;
  /** REX.B must be 0 (NOP at 90h, else XCHG r8). */
  readonly rexBClear: boolean;
  /** REX.R must be 0 (control and debug registers that do not exist). */
  readonly rexRClear: boolean;
  readonly vex: VexFields | null;
}
