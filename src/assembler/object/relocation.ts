/** Relocation types of the x86-64 System V ABI (table 4.9). */
export const RelocationType = {
  none: 0,
  abs64: 1,
  pc32: 2,
  got32: 3,
  plt32: 4,
  gotpcrel: 9,
  abs32: 10,
  abs32Signed: 11,
  abs16: 12,
  pc16: 13,
  abs8: 14,
  pc8: 15,
  dtpoff64: 17,
  tpoff64: 18,
  tlsgd: 19,
  tlsld: 20,
  dtpoff32: 21,
  gottpoff: 22,
  tpoff32: 23,
  pc64: 24,
  gotoff64: 25,
  gotpc32: 26,
  size32: 32,
  size64: 33,
  gotpc32TlsDesc: 34,
  tlsDescCall: 35,
  got64: 27,
  gotpc64: 29,
  pltoff64: 31,
  gotpcrelx: 41,
  rexGotpcrelx: 42,
} as const;

/** A place in a section that the linker completes: symbol value + addend, in the way `type` says. */
export interface Relocation<S> {
  readonly offset: number;
  readonly type: number;
  /** Null: no symbol, the value is the addend. */
  readonly symbol: S | null;
  readonly addend: bigint;
}

const T = RelocationType;
const ABSOLUTE: Readonly<Record<number, number>> = { 1: T.abs8, 2: T.abs16, 4: T.abs32, 8: T.abs64 };
const RELATIVE: Readonly<Record<number, number>> = { 1: T.pc8, 2: T.pc16, 4: T.pc32, 8: T.pc64 };
const SPECIFIERS: Readonly<Record<string, readonly [four: number, eight: number]>> = {
  plt: [T.plt32, 0],
  pltoff: [0, T.pltoff64],
  got: [T.got32, T.got64],
  gotpcrel: [T.gotpcrel, 0],
  gotoff: [0, T.gotoff64],
  tlsgd: [T.tlsgd, 0],
  tlsld: [T.tlsld, 0],
  dtpoff: [T.dtpoff32, T.dtpoff64],
  gottpoff: [T.gottpoff, 0],
  tpoff: [T.tpoff32, T.tpoff64],
  size: [T.size32, T.size64],
  tlsdesc: [T.gotpc32TlsDesc, 0],
  tlscall: [T.tlsDescCall, 0],
};

/** The type for a plain field, or one with a specifier; 0 when there is none. */
export function relocationType(size: number, relative: boolean, specifier: string, kind: string): number {
  if (specifier !== '') {
    if (specifier === 'gotpcrel' && kind === 'got') return T.gotpcrelx;
    if (specifier === 'gotpcrel' && kind === 'gotRex') return T.rexGotpcrelx;
    const pair = SPECIFIERS[specifier];
    return pair === undefined ? 0 : size === 4 ? pair[0] : size === 8 ? pair[1] : 0;
  }
  if (relative) return RELATIVE[size] ?? 0;
  return kind === 'signed' && size === 4 ? T.abs32Signed : (ABSOLUTE[size] ?? 0);
}

/** Specifiers whose relocation has to name the symbol itself, not its section. */
export function keepsSymbol(specifier: string): boolean {
  return specifier !== '' && specifier !== 'plt';
}

/** Specifiers at whose sight GNU as mentions _GLOBAL_OFFSET_TABLE_. */
export function mentionsGot(specifier: string): boolean {
  return specifier !== '' && specifier !== 'plt' && specifier !== 'size';
}
