import { AssemblyState } from '@defasm/core';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import type { EncodedInstruction, InstructionFixup } from './encoded.ts';
import type { AssemblerOperand, Memory } from './operand.ts';

/** Stands for a displacement that is not known yet: four bytes no encoder makes up by itself. */
const MARKER = 0x5a7b6c3d;

const COMPARE = (
  'eq lt le unord neq nlt nle ord eq_uq nge ngt false neq_oq ge gt true eq_os lt_oq le_oq unord_s neq_us ' +
  'nlt_uq nle_uq ord_s eq_us nge_uq ngt_uq false_os neq_os ge_oq gt_oq true_us'
).split(' ');
const INTEGER_COMPARE = ['eq', 'lt', 'le', 'false', 'neq', 'nlt', 'nle', 'true'];
const HALVES: Readonly<Record<string, number>> = { lql: 0, hql: 1, lqh: 16, hqh: 17 };

/** The mnemonic and immediate that a mnemonic with a built-in predicate stands for; the mnemonic itself otherwise. */
function spelledOut(mnemonic: string): { readonly name: string; readonly immediate: number } {
  const multiply = /^vpclmul([lh]q[lh])qdq$/.exec(mnemonic);
  if (multiply !== null) return { name: 'vpclmulqdq', immediate: HALVES[multiply[1] ?? ''] ?? 0 };
  const compare = /^vcmp(\w+?)([ps][sdh])$/.exec(mnemonic);
  const predicate = COMPARE.indexOf(compare?.[1] ?? '-');
  if (compare !== null && predicate >= 0) return { name: `vcmp${compare[2]}`, immediate: predicate };
  const integers = /^vpcmp(eq|lt|le|neq|nlt|nle)(u?[bwdq])$/.exec(mnemonic);
  if (integers !== null && !/^vpcmpeq[bwdq]$/.test(mnemonic)) {
    return { name: `vpcmp${integers[2]}`, immediate: INTEGER_COMPARE.indexOf(integers[1] ?? '') };
  }
  // The general register tells the size of VCVTSD2SI and its kin; a suffix adds nothing.
  return { name: mnemonic.replace(/^(vcvtt?s[sd]2u?si)[lq]$/, '$1'), immediate: -1 };
}

/** Encodes a statement with mask registers or rounding in braces, which only constants can stand beside. */
export function encodeForeignText(mnemonic: string, operands: string, intel: boolean): EncodedInstruction | null {
  const { name, immediate } = spelledOut(mnemonic);
  const text = immediate < 0 ? operands : intel ? `${operands}, ${immediate}` : `$${immediate}, ${operands}`;
  const bytes = compile(`${name} ${text}`, intel);
  return bytes === null ? null : { bytes, fixups: [], branch: null, warnings: [] };
}

/**
 * Encodes an instruction our processor does not have (AVX, AVX-512, FMA and so on) with @defasm/core; null when that does
 * not know it either. Operands are in AT&T order.
 */
export function encodeForeign(mnemonic: string, operands: readonly AssemblerOperand[]): EncodedInstruction | null {
  const texts: string[] = [];
  let symbolic: Memory | null = null;
  for (const operand of operands) {
    if (operand.kind === 'reg') texts.push(`%${operand.name}`);
    else if (operand.kind === 'imm') {
      const value = operand.specifier === '' ? constantOf(operand.expression, fixedDistance) : null;
      if (value === null) return null;
      texts.push(`$${value}`);
    } else if (operand.kind === 'mem') {
      const value =
        operand.displacement === null
          ? 0n
          : operand.specifier === ''
            ? constantOf(operand.displacement, fixedDistance)
            : null;
      if (value === null) symbolic = operand;
      texts.push(memoryText(operand, value ?? BigInt(MARKER)));
    } else return null;
  }
  const { name, immediate } = spelledOut(mnemonic);
  if (immediate >= 0) texts.unshift(`$${immediate}`);
  const bytes = compile(`${name} ${texts.join(', ')}`, false);
  if (bytes === null) return null;
  const fixups: InstructionFixup[] = [];
  if (symbolic?.displacement) {
    const at = findMarker(bytes);
    if (at < 0) return null;
    bytes.fill(0, at, at + 4);
    const { displacement: value, specifier } = symbolic;
    const relative = symbolic.base?.file === 'ip';
    fixups.push({ at, size: 4, value, specifier, relative, kind: relative ? 'data' : 'signed' });
  }
  return { bytes, fixups, branch: null, warnings: [] };
}

function memoryText(memory: Memory, displacement: bigint): string {
  const segment = memory.segment < 0 ? '' : `%${['es', 'cs', 'ss', 'ds', 'fs', 'gs'][memory.segment]}:`;
  const { base, index } = memory;
  if (base === null && index === null) return `${segment}${displacement}`;
  const scaled = index === null ? '' : `,%${index.name},${1 << memory.scale}`;
  const value = displacement === 0n && base?.file !== 'ip' ? '' : String(displacement);
  return `${segment}${value}(${base === null ? '' : `%${base.name}`}${scaled})`;
}

function compile(text: string, intel: boolean): number[] | null {
  try {
    const state = new AssemblyState({ syntax: { intel, prefix: !intel } });
    state.compile(text);
    const bytes = [...state.head.dump()];
    return state.errors.length > 0 || bytes.length === 0 ? null : shortened(bytes);
  } catch {
    // It throws on some texts that it cannot read.
    return null;
  }
}

/** Moves between registers have a second opcode with the roles of ModRM exchanged. */
const OTHER_MOVE: Readonly<Record<number, number>> = { 16: 0x11, 40: 0x29, 111: 0x7f, 126: 0xd6 };

/** GNU as exchanges the registers of a move when that makes the two-byte VEX prefix possible. */
function shortened(bytes: number[]): number[] {
  const [lead = 0, first = 0, second = 0, opcode = 0, modrm = 0] = bytes;
  const other = OTHER_MOVE[opcode];
  // Three bytes, map 0F, only B set, W clear, register to register; a third operand only with VMOVSS and VMOVSD.
  if (lead !== 0xc4 || bytes.length !== 5 || other === undefined || (first & 0xff) !== 0xc1) return bytes;
  const third = (second & 0x78) !== 0x78;
  if ((second & 0x80) !== 0 || (third && opcode !== 0x10) || modrm < 0xc0) return bytes;
  // VMOVQ is F3 0F 7E one way and 66 0F D6 the other.
  if (opcode === 0x7e && (second & 3) !== 2) return bytes;
  const prefix = opcode === 0x7e ? (second & 0x7c) | 1 : second & 0x7f;
  return [0xc5, prefix, other, 0xc0 | ((modrm & 7) << 3) | ((modrm >> 3) & 7)];
}

function findMarker(bytes: readonly number[]): number {
  for (let n = 0; n + 4 <= bytes.length; n++) {
    const value =
      (bytes[n] ?? 0) | ((bytes[n + 1] ?? 0) << 8) | ((bytes[n + 2] ?? 0) << 16) | ((bytes[n + 3] ?? 0) << 24);
    if (value === MARKER) return n;
  }
  return -1;
}
