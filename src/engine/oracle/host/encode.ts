/** Bytes of a random instruction of one row of the encoding table. */
import { decode, MAX_INSTRUCTION_LENGTH } from '../../../isa/decode.ts';
import type { Instruction } from '../../../isa/instruction.ts';
import { type EncodingRow, OpcodeMap, PrefixClass } from '../../../isa/table/encodingRow.ts';
import type { Mode } from './caseLayout.ts';
import type { Choices } from './random.ts';

export interface Encoded {
  readonly bytes: Uint8Array;
  readonly insn: Instruction;
  /** Index of the byte after the opcode: ModRM, moffs or immediate. */
  readonly afterOpcode: number;
}

const STRINGS = new Set(['movs', 'cmps', 'stos', 'lods', 'scas']);
const ESCAPE: Readonly<Record<number, readonly number[]>> = {
  [OpcodeMap.one]: [],
  [OpcodeMap.of]: [0x0f],
  [OpcodeMap.of38]: [0x0f, 0x38],
  [OpcodeMap.of3a]: [0x0f, 0x3a],
};
const PP = [PrefixClass.none, PrefixClass.p66, PrefixClass.f3, PrefixClass.f2] as const;
/** Stands behind the instruction: in ring 3 it faults, and it ends the line that is decoded with it. */
export const HLT = 0xf4;
const CORNER_BYTES = [0, 1, 0x7f, 0x80, 0xff, 0xfe] as const;

/** An instruction of the row, or undefined when the random bytes made none of it: try again. */
export function encode(row: EncodingRow, code: Mode, choices: Choices): Encoded | undefined {
  const bytes: number[] = [];
  if (row.vex === null) legacyHead(row, code, choices, bytes);
  else vexHead(row, code, choices, bytes);
  bytes.push(row.opcode + (row.opcodeRegister ? choices.below(8) : 0));
  const afterOpcode = bytes.length;
  if (row.hasModrm) bytes.push(modrm(row, choices));
  tail(row, choices, bytes);
  if (afterOpcode > MAX_INSTRUCTION_LENGTH - 2) return undefined;
  const all = Uint8Array.from(bytes.slice(0, MAX_INSTRUCTION_LENGTH));
  const insn = decode(all, 0, all.length, code, 'intel');
  if ('invalid' in insn || insn.encoding !== row) return undefined;
  all.fill(HLT, insn.length);
  return { bytes: all, insn, afterOpcode };
}

function legacyHead(row: EncodingRow, code: Mode, choices: Choices, bytes: number[]): void {
  if (row.lockable && choices.oneIn(3)) bytes.push(0xf0);
  if (choices.oneIn(row.addressMask === 7 ? 10 : 2)) bytes.push(0x67);
  if (choices.oneIn(12)) bytes.push(choices.pick([0x26, 0x2e, 0x36, 0x3e, 0x65]));
  const classes = PP.filter((c) => (row.prefixMask & c) !== 0);
  if (row.prefixMask === PrefixClass.any) {
    if (choices.oneIn(4)) bytes.push(0x66);
    if (STRINGS.has(row.op) && !choices.oneIn(3)) bytes.push(choices.pick([0xf2, 0xf3]));
    else if (choices.oneIn(40)) bytes.push(choices.pick([0xf2, 0xf3]));
  } else {
    const wanted = choices.pick(classes);
    if (wanted === PrefixClass.p66) bytes.push(0x66);
    else {
      if (choices.oneIn(6)) bytes.push(0x66);
      if (wanted === PrefixClass.f3) bytes.push(0xf3);
      if (wanted === PrefixClass.f2) bytes.push(0xf2);
    }
  }
  if (code === 64 && !choices.oneIn(3)) {
    const w = row.rexW >= 0 ? row.rexW : choices.below(2);
    bytes.push(0x40 | (w << 3) | choices.below(8));
  }
  bytes.push(...(ESCAPE[row.map] ?? []));
}

function vexHead(row: EncodingRow, code: Mode, choices: Choices, bytes: number[]): void {
  const { vex } = row;
  if (vex === null) return;
  if (choices.oneIn(10)) bytes.push(0x67);
  const w = vex.w === 'ignored' ? choices.below(2) : vex.w;
  const pp = PP.findIndex((c) => (row.prefixMask & c) !== 0);
  // Outside 64-bit mode the inverted R and X must be 1, or this is LES; registers there are 0 to 7.
  const rxb = code === 64 ? choices.below(8) << 5 : 0xe0;
  const vvvv = vex.usesVvvv ? (code === 64 ? choices.below(16) : choices.below(8) | 8) : 15;
  bytes.push(0xc4, rxb | (row.map - OpcodeMap.vexOf + 1), (w << 7) | (vvvv << 3) | pp);
}

function modrm(row: EncodingRow, choices: Choices): number {
  if (row.modrm >= 0) return row.modrm;
  const register = row.modMask === 2 || (row.modMask === 3 && choices.oneIn(2));
  const mod = register ? 3 : choices.below(3);
  const reg = row.digit >= 0 ? row.digit : choices.below(8);
  return (mod << 6) | (reg << 3) | choices.below(8);
}

/** SIB, displacement and immediate: corners or random bytes. ENTER stays near its stack. */
function tail(row: EncodingRow, choices: Choices, bytes: number[]): void {
  if (row.op === 'enter') {
    const far = choices.oneIn(8);
    bytes.push(
      far ? choices.byte() : choices.below(48),
      far ? choices.byte() : 0,
      choices.below(6) | (choices.below(8) << 5),
    );
  }
  const corner = choices.oneIn(4) ? choices.pick(CORNER_BYTES) : -1;
  while (bytes.length < MAX_INSTRUCTION_LENGTH)
    bytes.push(corner >= 0 && choices.below(4) !== 0 ? corner : choices.byte());
}
