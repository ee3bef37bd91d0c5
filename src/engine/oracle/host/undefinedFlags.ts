/**
 * Flags the manual leaves undefined, by meaning (`op`). On the processors that the definitions follow (oracle.ts) the
 * oracle compares them all the same.
 */

export const FLAG = { CF: 1, PF: 4, AF: 0x10, ZF: 0x40, SF: 0x80, OF: 0x800 } as const;
const { CF, PF, AF, ZF, SF, OF } = FLAG;
const ALL = CF | PF | AF | ZF | SF | OF;

export interface Undefined {
  readonly flags: number;
  readonly manual: string;
}

const undefinedIn = (manual: string, flags: number): Undefined => ({ flags, manual });

export const UNDEFINED_FLAGS: Readonly<Record<string, Undefined>> = {
  and: undefinedIn('SDM vol. 2A, AND', AF),
  or: undefinedIn('SDM vol. 2B, OR', AF),
  xor: undefinedIn('SDM vol. 2D, XOR', AF),
  test: undefinedIn('SDM vol. 2B, TEST', AF),
  mul: undefinedIn('SDM vol. 2B, MUL', SF | ZF | AF | PF),
  imul: undefinedIn('SDM vol. 2A, IMUL', SF | ZF | AF | PF),
  div: undefinedIn('SDM vol. 2A, DIV', ALL),
  idiv: undefinedIn('SDM vol. 2A, IDIV', ALL),
  // OF for counts other than 1, CF for counts of the operand's size and more (SHL, SHR).
  shl: undefinedIn('SDM vol. 2B, SAL/SAR/SHL/SHR', AF | OF | CF),
  shr: undefinedIn('SDM vol. 2B, SAL/SAR/SHL/SHR', AF | OF | CF),
  sar: undefinedIn('SDM vol. 2B, SAL/SAR/SHL/SHR', AF | OF),
  rol: undefinedIn('SDM vol. 2B, RCL/RCR/ROL/ROR', OF),
  ror: undefinedIn('SDM vol. 2B, RCL/RCR/ROL/ROR', OF),
  rcl: undefinedIn('SDM vol. 2B, RCL/RCR/ROL/ROR', OF),
  rcr: undefinedIn('SDM vol. 2B, RCL/RCR/ROL/ROR', OF),
  // All of them, and the result, for counts above the operand's size.
  shld: undefinedIn('SDM vol. 2B, SHLD', ALL),
  shrd: undefinedIn('SDM vol. 2B, SHRD', ALL),
  bt: undefinedIn('SDM vol. 2A, BT', OF | SF | AF | PF),
  bts: undefinedIn('SDM vol. 2A, BTS', OF | SF | AF | PF),
  btr: undefinedIn('SDM vol. 2A, BTR', OF | SF | AF | PF),
  btc: undefinedIn('SDM vol. 2A, BTC', OF | SF | AF | PF),
  bsf: undefinedIn('SDM vol. 2A, BSF', CF | OF | SF | AF | PF),
  bsr: undefinedIn('SDM vol. 2A, BSR', CF | OF | SF | AF | PF),
  tzcnt: undefinedIn('SDM vol. 2B, TZCNT', OF | SF | AF | PF),
  lzcnt: undefinedIn('SDM vol. 2A, LZCNT', OF | SF | AF | PF),
  andn: undefinedIn('SDM vol. 2A, ANDN', AF | PF),
  blsr: undefinedIn('SDM vol. 2A, BLSR', AF | PF),
  blsi: undefinedIn('SDM vol. 2A, BLSI', AF | PF),
  blsmsk: undefinedIn('SDM vol. 2A, BLSMSK', AF | PF),
  bextr: undefinedIn('SDM vol. 2A, BEXTR', AF | SF | PF),
  bzhi: undefinedIn('SDM vol. 2A, BZHI', AF | PF),
  daa: undefinedIn('SDM vol. 2A, DAA', OF),
  das: undefinedIn('SDM vol. 2A, DAS', OF),
  aaa: undefinedIn('SDM vol. 2A, AAA', OF | SF | ZF | PF),
  aas: undefinedIn('SDM vol. 2A, AAS', OF | SF | ZF | PF),
  aam: undefinedIn('SDM vol. 2A, AAM', OF | AF | CF),
  aad: undefinedIn('SDM vol. 2A, AAD', OF | AF | CF),
};

/** Flags of an instruction not to compare. `exact`: on a processor the definitions follow. */
export const ignoredFlags = (op: string, exact: boolean): number => (exact ? 0 : (UNDEFINED_FLAGS[op]?.flags ?? 0));
