import type { OperandFile, Register } from './operand.ts';

const table = new Map<string, Register>();

function add(name: string, file: OperandFile, index: number, bits: number, high = false): void {
  table.set(name, { kind: 'reg', file, index, bits, high, name });
}

const LEGACY = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
LEGACY.forEach((name, n) => {
  add(name, 'gpr', n, 16);
  add(`e${name}`, 'gpr', n, 32);
  add(`r${name}`, 'gpr', n, 64);
});
['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil'].forEach((name, n) => {
  add(name, 'gpr', n, 8);
});
['ah', 'ch', 'dh', 'bh'].forEach((name, n) => {
  add(name, 'gpr', n + 4, 8, true);
});
for (let n = 8; n < 16; n++) {
  add(`r${n}`, 'gpr', n, 64);
  add(`r${n}d`, 'gpr', n, 32);
  add(`r${n}w`, 'gpr', n, 16);
  add(`r${n}b`, 'gpr', n, 8);
}
['es', 'cs', 'ss', 'ds', 'fs', 'gs'].forEach((name, n) => {
  add(name, 'segment', n, 16);
});
for (let n = 0; n < 16; n++) {
  add(`cr${n}`, 'control', n, 64);
  add(`dr${n}`, 'debug', n, 64);
  add(`db${n}`, 'debug', n, 64);
  add(`xmm${n}`, 'xmm', n, 128);
}
for (let n = 0; n < 8; n++) {
  add(`mm${n}`, 'mmx', n, 64);
  add(`st(${n})`, 'x87', n, 80);
  add(`k${n}`, 'other', n, 64);
}
for (let n = 0; n < 32; n++) {
  if (n > 15) add(`xmm${n}`, 'other', n, 128);
  add(`ymm${n}`, 'other', n, 256);
  add(`zmm${n}`, 'other', n, 512);
}
for (let n = 0; n < 4; n++) add(`bnd${n}`, 'other', n, 128);
add('st', 'x87', 0, 80);
add('rip', 'ip', 0, 64);
add('eip', 'ip', 0, 32);

/** The register of that name ("rax", "st(3)", lower case, no percent sign), or undefined. */
export function registerNamed(name: string): Register | undefined {
  return table.get(name);
}

export const SEGMENT_PREFIXES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65] as const;

/** True for SPL, BPL, SIL, DIL, which exist only with a REX prefix. */
export function needsRex(register: Register): boolean {
  return register.file === 'gpr' && register.bits === 8 && !register.high && register.index >= 4 && register.index < 8;
}

/** All names, for "did you mean". */
export function registerNames(): Iterable<string> {
  return table.keys();
}
