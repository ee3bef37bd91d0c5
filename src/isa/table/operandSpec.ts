/**
 * Operand notation of the table, after the opcode maps of SDM vol. 2D, appendix A.2: an addressing letter and a width.
 *
 *   E M R   ModRM.rm: register or memory, memory only, register only     Rv/Mw   different widths for the two
 *   G B Z   GPR in ModRM.reg, in VEX.vvvv, in the opcode's low bits
 *   C D S   control, debug, segment register in ModRM.reg
 *   I sI    immediate, zero- and sign-extended (Iz and sIb extend to the operand size; Iv is as wide as it)
 *   J A O   relative, direct far pointer, moffs          X Y T   string source, string destination, XLAT's table
 *   P Q N   MMX register in reg; register or memory, register only in rm     V W U   the same for XMM
 *   AL CL DX rAX zAX ES.. ST0 STi XMM0 1   fixed operands (zAX: AX or EAX)
 *
 * Widths: b 8, w 16, d 32, q 64, t 80, dq 128 (also ps, pd), ss 32, sd 64, v operand size, z 16 or 32, y 32 or 64 by
 * REX.W, n 64 in 64-bit mode else 32, p far pointer in memory, a BOUND's pair; no width: the address alone matters, or the layout is the
 * instruction's own.
 */

export const Place = {
  rm: 0,
  reg: 1,
  vvvv: 2,
  opcode: 3,
  gpr: 4,
  sreg: 5,
  fixedSreg: 6,
  control: 7,
  debug: 8,
  immediate: 9,
  signedImmediate: 10,
  one: 11,
  relative: 12,
  far: 13,
  moffs: 14,
  source: 15,
  destination: 16,
  table: 17,
  mmxReg: 18,
  mmxRm: 19,
  xmmReg: 20,
  xmmRm: 21,
  xmm0: 22,
  st0: 23,
  sti: 24,
} as const;

export const Width = { none: 0, b: 1, w: 2, d: 3, q: 4, t: 5, dq: 6, v: 7, z: 8, y: 9, n: 10, p: 11, a: 12 } as const;

const WIDTH_NAMES: Readonly<Record<string, number>> = {
  '': Width.none,
  ...Width,
  ss: Width.d,
  sd: Width.q,
  ps: Width.dq,
  pd: Width.dq,
};

export interface OperandSpec {
  readonly text: string;
  readonly place: number;
  /** Width of the register form (or of the only form). */
  readonly width: number;
  /** Width of the memory form. */
  readonly memoryWidth: number;
  /** Register number of a fixed register. */
  readonly register: number;
  /** Bits of `EncodingRow.modMask` this operand allows. */
  readonly modMask: number;
}

const REGISTER_ONLY = 2;
const MEMORY_ONLY = 1;
const BOTH = 3;

const FIXED: Readonly<Record<string, readonly [place: number, width: number, register: number]>> = {
  AL: [Place.gpr, Width.b, 0],
  CL: [Place.gpr, Width.b, 1],
  DX: [Place.gpr, Width.w, 2],
  AX: [Place.gpr, Width.w, 0],
  rAX: [Place.gpr, Width.v, 0],
  zAX: [Place.gpr, Width.z, 0],
  ES: [Place.fixedSreg, Width.w, 0],
  CS: [Place.fixedSreg, Width.w, 1],
  SS: [Place.fixedSreg, Width.w, 2],
  DS: [Place.fixedSreg, Width.w, 3],
  FS: [Place.fixedSreg, Width.w, 4],
  GS: [Place.fixedSreg, Width.w, 5],
  ST0: [Place.st0, Width.t, 0],
  STi: [Place.sti, Width.t, 0],
  XMM0: [Place.xmm0, Width.dq, 0],
  '1': [Place.one, Width.b, 0],
};

const LETTERS: Readonly<Record<string, readonly [place: number, modMask: number]>> = {
  E: [Place.rm, BOTH],
  M: [Place.rm, MEMORY_ONLY],
  R: [Place.rm, REGISTER_ONLY],
  G: [Place.reg, BOTH],
  B: [Place.vvvv, BOTH],
  Z: [Place.opcode, BOTH],
  C: [Place.control, BOTH],
  D: [Place.debug, BOTH],
  S: [Place.sreg, BOTH],
  I: [Place.immediate, BOTH],
  s: [Place.signedImmediate, BOTH],
  J: [Place.relative, BOTH],
  A: [Place.far, BOTH],
  O: [Place.moffs, BOTH],
  X: [Place.source, BOTH],
  Y: [Place.destination, BOTH],
  T: [Place.table, BOTH],
  P: [Place.mmxReg, BOTH],
  Q: [Place.mmxRm, BOTH],
  N: [Place.mmxRm, REGISTER_ONLY],
  V: [Place.xmmReg, BOTH],
  W: [Place.xmmRm, BOTH],
  U: [Place.xmmRm, REGISTER_ONLY],
};

const parsed = new Map<string, OperandSpec>();

/** Parses one operand of the notation above; throws on a word it does not know (a mistake in the table). */
export function parseOperand(text: string): OperandSpec {
  let spec = parsed.get(text);
  if (spec === undefined) {
    spec = parse(text);
    parsed.set(text, spec);
  }
  return spec;
}

function parse(text: string): OperandSpec {
  const fixed = FIXED[text];
  if (fixed !== undefined) {
    const [place, width, register] = fixed;
    return { text, place, width, memoryWidth: width, register, modMask: BOTH };
  }
  const slash = text.indexOf('/');
  if (slash > 0) {
    const register = parse(text.slice(0, slash));
    const memory = parse(text.slice(slash + 1));
    return { ...register, text, memoryWidth: memory.memoryWidth, modMask: BOTH };
  }
  const letter = LETTERS[text.charAt(0)];
  const width = WIDTH_NAMES[text.slice(text.startsWith('sI') ? 2 : 1)];
  if (letter === undefined || width === undefined) throw new Error(`unknown operand "${text}" in the encoding table`);
  const [place, modMask] = letter;
  return { text, place, width, memoryWidth: width, register: 0, modMask };
}

/** True for operands that ModRM.rm names. */
export function usesRm(spec: OperandSpec): boolean {
  return spec.place === Place.rm || spec.place === Place.mmxRm || spec.place === Place.xmmRm;
}

/** True for operands that need a ModRM byte. */
export function usesModrm(spec: OperandSpec): boolean {
  const p = spec.place;
  return (
    usesRm(spec) ||
    p === Place.reg ||
    p === Place.control ||
    p === Place.debug ||
    p === Place.sreg ||
    p === Place.mmxReg ||
    p === Place.xmmReg
  );
}

/** Bits of a width under an operand size; 0 when the width is the instruction's own affair. */
export function bitsOf(width: number, operandSize: number, in64: boolean): number {
  switch (width) {
    case Width.b:
      return 8;
    case Width.w:
      return 16;
    case Width.d:
      return 32;
    case Width.q:
      return 64;
    case Width.t:
      return 80;
    case Width.dq:
      return 128;
    case Width.v:
      return operandSize;
    case Width.z:
      return operandSize === 16 ? 16 : 32;
    case Width.y:
      return operandSize === 64 ? 64 : 32;
    case Width.n:
      return in64 ? 64 : 32;
    case Width.p:
      return operandSize + 16;
    case Width.a:
      return operandSize === 16 ? 32 : 64;
    default:
      return 0;
  }
}
