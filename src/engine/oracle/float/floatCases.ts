/** Cases of x87, MMX and SSE instructions in 64- and 32-bit code. */
import { decode } from '../../../isa/decode.ts';
import type { Instruction } from '../../../isa/instruction.ts';
import { rows } from '../../../isa/table/index.ts';
import { type EncodingRow, OpcodeMap, PrefixClass } from '../../../isa/table/encodingRow.ts';
import { Choices } from '../host/random.ts';
import { BLOCK, BLOCK_BYTES, CASE, IMAGE } from './floatLayout.ts';
import { float32, float64, float80, setBits64, vector } from './floatValues.ts';

const FEATURES = new Set('FPU MMX FXSR SSE SSE2 SSE3 SSSE3 SSE4.1 SSE4.2 AES PCLMULQDQ XSAVE'.split(' '));
/** Not single instructions of the sets above, or without anything to compare. */
const OTHERS = new Set('prefetch sfence lfence mfence popcnt movnti xsetbv xgetbv'.split(' '));
const [RBX, RDI] = [3, 7];
const HLT = 0xf4;

/** Code that cases are made of. */
export type CodeMode = 64 | 32;

export const floatRows = (mode: CodeMode): EncodingRow[] =>
  rows().filter(
    (r) =>
      ((FEATURES.has(r.feature) && !OTHERS.has(r.op)) || r.op === 'fwait' || r.op === 'movnti') &&
      (mode === 64 ? !r.invalidIn64 : !r.onlyIn64 && r.rexW !== 1),
  );

function bytesOf(row: EncodingRow, c: Choices, mode: CodeMode): Uint8Array {
  const bytes: number[] = [];
  if (row.prefixMask === PrefixClass.p66) bytes.push(0x66);
  if (row.prefixMask === PrefixClass.f3) bytes.push(0xf3);
  if (row.prefixMask === PrefixClass.f2) bytes.push(0xf2);
  if (row.prefixMask === PrefixClass.any && row.sizing === 'full' && c.oneIn(3)) bytes.push(0x66);
  if (row.op === 'crc32' && c.oneIn(3)) bytes.unshift(0x66);
  const memory = row.modMask === 1 || (row.modMask === 3 && c.oneIn(2));
  const w = row.rexW >= 0 ? row.rexW : row.sizing === 'none' ? 0 : c.below(2);
  // Bit 0 would change the base register of a memory operand.
  const rex = (w << 3) | (c.below(2) << 2) | (memory ? 0 : c.below(2));
  if (mode === 64 && (rex !== 0 || c.oneIn(8))) bytes.push(0x40 | rex);
  if (row.map !== OpcodeMap.one) bytes.push(0x0f);
  if (row.map === OpcodeMap.of38) bytes.push(0x38);
  if (row.map === OpcodeMap.of3a) bytes.push(0x3a);
  bytes.push(row.opcode);
  if (row.hasModrm) {
    const reg = row.digit >= 0 ? row.digit : c.below(8);
    bytes.push(row.modrm >= 0 ? row.modrm : (memory ? RBX : 0xc0 | c.below(8)) | (reg << 3));
  }
  bytes.push(c.byte());
  while (bytes.length < 16) bytes.push(HLT);
  return Uint8Array.from(bytes);
}

export function decodeCase(cases: Uint8Array, at: number, mode: CodeMode): Instruction {
  const insn = decode(cases, at, at + 15, mode, 'intel');
  if ('invalid' in insn) throw new Error('a case is no instruction');
  return insn;
}

/** Writes case `n` at byte `at`. */
export function writeCase(
  mode: CodeMode,
  list: readonly EncodingRow[],
  n: number,
  cases: Uint8Array,
  at: number,
): void {
  const c = new Choices(n * 7 + 3);
  const row = list[n % list.length] as EncodingRow;
  const view = new DataView(cases.buffer, cases.byteOffset);
  let insn: Instruction | undefined;
  for (let tries = 0; insn === undefined; tries++) {
    if (tries > 100) throw new Error(`no case of ${row.mnemonic} (${row.form}) could be made`);
    const bytes = bytesOf(row, c, mode);
    const decoded = decode(bytes, 0, 15, mode, 'intel');
    if ('invalid' in decoded || decoded.encoding !== row) continue;
    bytes.fill(HLT, decoded.length);
    cases.set(bytes, at + CASE.code);
    insn = decoded;
  }
  for (let i = 0; i < 16; i++) {
    const value = c.operand();
    view.setBigUint64(at + CASE.registers + 8 * i, mode === 64 ? value : i < 8 ? BigInt.asUintN(32, value) : 0n, true);
  }
  if (row.op.startsWith('pcmpestr')) {
    for (const r of [0, 2]) {
      const length = BigInt.asUintN(mode, BigInt(c.below(40) - 20));
      view.setBigUint64(at + CASE.registers + 8 * r, length, true);
    }
  }
  if (row.feature === 'XSAVE') {
    // Only the components that both processors have are asked for.
    view.setBigInt64(at + CASE.registers, BigInt(c.below(4)), true);
    view.setBigInt64(at + CASE.registers + 8, 0n, true);
    view.setBigInt64(at + CASE.registers + 16, 0n, true);
  }
  view.setBigUint64(at + CASE.rflags, BigInt(2 | (c.below(0x1000) & 0x8d5)), true);
  fillImage(c, view, at + CASE.image, row);
  fillMemory(c, view, at + CASE.memory, row);
  const target = BLOCK + place(c, row, insn);
  view.setBigUint64(at + CASE.registers + 8 * RBX, BigInt(target), true);
  if (row.op.startsWith('maskmov')) view.setBigUint64(at + CASE.registers + 8 * RDI, BigInt(target), true);
}

/** Offset of the memory operand in the block. */
function place(c: Choices, row: EncodingRow, insn: Instruction): number {
  if (/^xsave|^xrstor/.test(row.op)) return c.oneIn(20) ? 16 : 0;
  if (/^(fxsave|fxrstor|fnsave|frstor)/.test(row.op))
    return row.op.startsWith('fx') && c.oneIn(20) ? 8 : c.below(8) * 16;
  const operand = insn.operands.find((o) => o.kind === 'mem');
  const bytes = operand?.kind === 'mem' && operand.bits !== 0 ? operand.bits / 8 : 32;
  const at = c.below(BLOCK_BYTES - bytes);
  return bytes === 16 && !c.oneIn(12) ? at & ~15 : at;
}

function fillImage(c: Choices, view: DataView, at: number, row: EncodingRow): void {
  const x87 = row.feature === 'FPU' || row.op === 'fwait' || row.op === 'fisttp';
  const quiet = c.oneIn(4) ? 0 : 0x3f;
  const fcw = (c.oneIn(2) ? 0x340 : 0x40 | (c.pick([0, 2, 3]) << 8) | (c.below(4) << 10)) | quiet;
  view.setUint16(at + IMAGE.fcw, quiet === 0 ? fcw | c.below(64) : fcw, true);
  // A pending exception now and then; otherwise flags that are masked.
  const flags = c.oneIn(2) ? 0 : c.below(128);
  let fsw = (c.below(8) << 11) | ((c.below(2) * 0x4700) & (c.below(0x10000) | 0)) | flags;
  const pending = flags & 0x3f & ~view.getUint16(at + IMAGE.fcw, true);
  if (pending !== 0 && !c.oneIn(10)) fsw &= ~0x3f;
  if ((fsw & 0x3f & ~view.getUint16(at + IMAGE.fcw, true)) !== 0) fsw |= 0x8080;
  view.setUint16(at + IMAGE.fsw, fsw, true);
  view.setUint16(at + IMAGE.ftw, c.oneIn(5) ? c.byte() : c.oneIn(3) && x87 ? 0xff & ~(1 << c.below(8)) : 0xff, true);
  view.setUint16(at + IMAGE.fop, c.below(0x800), true);
  view.setUint32(at + IMAGE.fip, c.below(0x10000), true);
  view.setUint32(at + IMAGE.fip + 4, 0, true);
  view.setUint32(at + IMAGE.fdp, c.below(0x10000), true);
  view.setUint32(at + IMAGE.fdp + 4, 0, true);
  const masks = c.oneIn(6) ? c.below(64) << 7 : 0x1f80;
  const sticky = c.oneIn(3) ? c.below(64) : 0;
  const control = c.oneIn(2) ? (c.below(4) << 13) | (c.oneIn(3) ? 0x8000 : 0) | (c.oneIn(3) ? 0x40 : 0) : 0;
  view.setUint32(at + IMAGE.mxcsr, masks | sticky | control, true);
  for (let i = 0; i < 8; i++) {
    const [top, significand] = float80(c);
    const mmx = !x87 && !c.oneIn(4);
    view.setBigUint64(at + IMAGE.st + 16 * i, mmx ? c.operand() : significand, true);
    view.setUint16(at + IMAGE.st + 16 * i + 8, mmx ? 0xffff : top, true);
  }
  for (let i = 0; i < 16; i++) vector(c, view, at + IMAGE.xmm + 16 * i);
  // Equal registers now and then: comparisons, and what depends on both.
  if (c.oneIn(4)) copyVector(view, at + IMAGE.xmm + 16 * c.below(16), at + IMAGE.xmm + 16 * c.below(16));
}

function copyVector(view: DataView, from: number, to: number): void {
  for (let i = 0; i < 16; i++) view.setUint8(to + i, view.getUint8(from + i));
}

function fillMemory(c: Choices, view: DataView, at: number, row: EncodingRow): void {
  if (/^(fxrstor|frstor|fldenv)/.test(row.op)) {
    for (let i = 0; i < BLOCK_BYTES; i += 16) {
      const [top, significand] = float80(c);
      setBits64(view, at + i, significand);
      view.setBigUint64(at + i + 8, BigInt(top), true);
    }
    // A plausible head wherever the image starts.
    for (let i = 0; i < BLOCK_BYTES - 32 && i < 256; i += 16) {
      if (!c.oneIn(30)) view.setUint32(at + i + 8, c.below(0x10000), true);
    }
    return;
  }
  for (let i = 0; i < BLOCK_BYTES; i += 16) {
    if (row.feature === 'FPU' && c.oneIn(2)) {
      if (row.operandText === 'Mt') {
        const [top, significand] = float80(c);
        setBits64(view, at + i, significand);
        view.setBigUint64(at + i + 8, BigInt(top), true);
      } else if (row.operandText === 'Md') for (let k = 0; k < 16; k += 4) view.setUint32(at + i + k, float32(c), true);
      else for (let k = 0; k < 16; k += 8) setBits64(view, at + i + k, float64(c));
    } else vector(c, view, at + i);
  }
  if (row.op === 'xrstor') {
    // The head of the legacy region, and a header that is mostly valid.
    view.setUint32(at + 12, 0, true);
    view.setUint32(at + 24, c.below(c.oneIn(10) ? 0x20000 : 0x10000), true);
    for (let i = 512; i < 576; i += 8) view.setBigUint64(at + i, c.oneIn(100) ? 1n : 0n, true);
    view.setUint32(at + 512, c.below(4), true);
  }
  if (row.op === 'ldmxcsr') for (let i = 0; i < BLOCK_BYTES; i += 2) if (!c.oneIn(20)) view.setUint16(at + i, 0, true);
}
