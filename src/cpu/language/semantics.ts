/**
 * The language in which instructions are defined. Whoever implements `Sem` decides what a definition becomes:
 * an interpreter handler with operands read from records, or compiled code with operands known.
 *
 * Rules of a definition:
 * - every access that can fault comes before the first change of state, except inside update(), which makes its own
 *   access safe;
 * - values are clean (no bits above their size) when read, and may be dirty when written.
 */
import type { Size, Val } from './expr.ts';
import type { FlagOp } from './flags.ts';
import type { FloatBits, FloatFacts } from './floats.ts';
import type { RingWords } from './ringWords.ts';

export interface Value {
  readonly kind: 'reg' | 'mem' | 'imm' | 'rel';
  readonly size: Size;
  read(): Val;
  write(v: Val): void;
  /** Read-modify-write; a memory operand is checked for writing once, before `f` runs. */
  update(f: (old: Val) => Val): void;
  /** Effective address of a memory operand, without its segment. */
  address(): Val;
  /** Set for XMM registers and memory operands of 16 bytes, which have none of the rest. */
  readonly vector?: VectorValue;
  /** Set for memory operands of 32 or 64 bits: the float or double there. */
  readonly float?: { read(): Val; write(v: Val): void };
}

/** An XMM register, or memory as wide as one. */
export interface VectorValue {
  readonly register: boolean;
  /** The whole of it; memory must be aligned when `aligned`, else the routine runs, which raises #GP. */
  read(aligned: boolean): Val;
  /** Of a register: its low 32 or 64 bits with zeros above. */
  readLow(bits: FloatBits): Val;
  /** Of a register: its low bits as a float or double, which holds until the register is written. */
  readFloat(bits: FloatBits): Val;
  write(v: Val, aligned: boolean): void;
  /** Of a register: its low bits, a float or double, and nothing else. */
  writeFloat(v: Val): void;
  /** Of a register: its low bits, and zeros above. */
  writeFloatAlone(v: Val): void;
  /** Of a register: only the 64 bits at byte 8, from a vector's low half. */
  writeHigh(v: Val): void;
}

export interface Sem {
  /** Evaluates once; the result may be used many times. */
  let(v: Val): Val;
  reg(n: number, size: Size): Value;
  /** AH, CH, DH, BH for n = 0..3. */
  highByte(n: number): Value;
  /** A variable of the definition, for loops. */
  variable(size: Size, initial: Val): { readonly value: Val; set(v: Val): void };
  while(condition: () => Val, body: () => void): void;

  /** Pushes a value of `size` bits; RSP changes only if the store did not fault. */
  push(size: Size, v: Val): void;
  /** Stores a value below the stack pointer, where PUSH would; returns what RSP would become (i64). */
  storeBelow(size: Size, v: Val): Val;
  /** Value on the stack at the stack pointer, or at `pointer` (i64, truncated to the width of the stack). */
  top(size: Size, pointer?: Val): Val;
  /** Moves the stack pointer to `pointer` (i64), as wide as the stack is: 64 bits in 64-bit mode, else as SS.B says. */
  setStackPointer(pointer: Val): void;

  setFlags(op: FlagOp, size: Size, x: Val, y?: Val): void;
  /** Sets flags only where `when` is non-zero at run time. */
  setFlagsIf(when: Val, op: FlagOp, size: Size, x: Val, y: Val): void;
  /** Condition `cc` (0..15) of the current flags; `cc` may be an operand. */
  condition(cc: Value | number): Val;
  /** The six arithmetic flags in their RFLAGS places. */
  flagsWord(): Val;

  nextRip(): Val;
  /** #GP(0) here if a near branch may not go to `rip`: not canonical, or past CS.limit (SDM vol. 2A, JMP). */
  checkTarget(size: Size, rip: Val): void;
  jump(target: Value): void;
  branch(when: Val, target: Value): void;
  /** Goes to an absolute RIP, truncated to `size`. */
  jumpTo(size: Size, rip: Val): void;
  /** Does `body` only where `when` is non-zero. */
  when(when: Val, body: () => void): void;
  /**
   * 0 (i32) where `when` is 0, as it mostly is; else what `value` makes of `args`. It is written out once for each
   * `key`, as far as the implementation can do that, so it may use nothing but its arguments.
   */
  rarely(when: Val, key: string, args: readonly Val[], value: (c: Pick<Sem, 'let'>, args: readonly Val[]) => Val): Val;
  /** Where `when` holds, the instruction's routine in TypeScript does the whole work instead. */
  elseRoutine(when: Val): void;
  /** The same for everything in `body`: `unless` leaves it for the routine. Nothing may have been changed by then. */
  orRoutine(body: (unless: (when: Val) => void) => void): void;
  /** A word of the state block, by its offset there. */
  stateWord(offset: number): Val;
  /** What is known of floats, if that is kept. PE (MXCSR) is set then: an inexact result changes nothing. */
  readonly floats?: FloatFacts | undefined;
  /** 64 bits of it. */
  stateWide(offset: number): Val;
  /** Writes an i32 or i64 there. */
  setState(offset: number, value: Val): void;
  /** Notes a crossing of rings by this instruction: which Crossing, its detail (i32), and whether it goes to ring 3. */
  noteCrossing(what: number, detail: Val, toUser: boolean): void;
  /** Goes to a RIP (i64) in another ring, whose TLB and jump cache are told. */
  jumpToRing(words: RingWords, rip: Val): void;
}

export type Generate = (c: Sem, size: Size, operands: readonly Value[]) => void;

/**
 * What an instruction does with the six arithmetic flags: sets them all; changes some or in some cases, so that those of
 * before matter for the flags but for nothing else; or reads them (and may then set them).
 */
export type FlagUse = 'none' | 'sets' | 'partly' | 'reads';
export type Ending = 'jump' | 'branch' | 'call' | 'ret' | 'indirect' | 'ring';

export interface Definition {
  /** `op` of the encoding table. */
  readonly op: string;
  readonly flags: FlagUse;
  /** Set when control does not simply go on. */
  readonly ends?: Ending;
  /** True when it addresses the stack implicitly: 64-bit mode and the other modes then differ. */
  readonly stack?: boolean;
  /** True when its registers are XMM registers. */
  readonly vector?: boolean;
  readonly generate: Generate;
}

/** Every definition by `op`. */
export const DEFINITIONS = new Map<string, Definition>();

export function define(
  op: string,
  flags: FlagUse,
  generate: Generate,
  options: { readonly ends?: Ending; readonly stack?: boolean; readonly vector?: boolean } = {},
): void {
  if (DEFINITIONS.has(op)) throw new Error(`"${op}" is defined twice`);
  DEFINITIONS.set(op, { op, flags, generate, ...options });
}
