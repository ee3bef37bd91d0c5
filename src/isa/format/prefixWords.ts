import { type Instruction, Prefix, Segment } from '../instruction.ts';
import { dataPrefix } from './defaultSize.ts';
import { SEGMENT_NAMES } from './registers.ts';

const REPEATABLE = new Set(['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs']);
const JMP_SHORT = 0xeb;
const BRANCHES = new Set(['jmp', 'call', 'ret', 'jcc']);

export function isString(insn: Instruction): boolean {
  return REPEATABLE.has(insn.encoding.op);
}

/**
 * Words before the mnemonic: LOCK, repeat prefixes, and the prefixes that only processors with HLE, MPX or CET heed
 * (XACQUIRE, BND, NOTRACK; ours runs them as if they were absent). Prefixes without any meaning are not printed.
 */
export function prefixWords(insn: Instruction): string {
  let words = insn.lock ? 'lock ' : '';
  const elision = elisionWord(insn);
  if (elision !== '') words = `${elision} ${words}`;
  else if (isString(insn) && insn.repeat !== 0) words += `${repeatWord(insn)} `;
  else if (insn.repeat === 0xf3 && insn.encoding.op === 'ret' && insn.operands.length === 0) words += 'repz ';
  else if (insn.repeat === 0xf2 && isNearBranch(insn)) words += 'bnd ';
  if (isNotrack(insn)) words = `notrack ${words}`;
  return dataPrefix(insn) + words + addressPrefix(insn) + hiddenSegment(insn);
}

function repeatWord(insn: Instruction): string {
  if (insn.repeat === 0xf2) return 'repnz';
  return insn.encoding.op === 'cmps' || insn.encoding.op === 'scas' ? 'repz' : 'rep';
}

/** XACQUIRE or XRELEASE (SDM vol. 1, 16.3): a locked memory form, XCHG, or with F3 a plain store. */
function elisionWord(insn: Instruction): string {
  const first = insn.operands[0];
  if (insn.repeat === 0 || first?.kind !== 'mem') return '';
  const { op } = insn.encoding;
  if (op === 'cmpxchg16b') return '';
  if (insn.lock || op === 'xchg') return insn.repeat === 0xf2 ? 'xacquire' : 'xrelease';
  return isPlainStore(insn) && insn.repeat === 0xf3 ? 'xrelease' : '';
}

function isPlainStore(insn: Instruction): boolean {
  const { opcode, op, map } = insn.encoding;
  return op === 'mov' && map === 0 && (opcode === 0x88 || opcode === 0x89 || opcode === 0xc6 || opcode === 0xc7);
}

function isNearBranch(insn: Instruction): boolean {
  return BRANCHES.has(insn.encoding.op) && insn.encoding.opcode !== JMP_SHORT;
}

/** NOTRACK: a DS prefix on an indirect near branch (SDM vol. 1, 17.3.3). */
export function isNotrack(insn: Instruction): boolean {
  const { op } = insn.encoding;
  const indirect = (op === 'jmp' || op === 'call') && insn.operands[0]?.kind !== 'rel';
  if (!indirect || (insn.prefixes & Prefix.ds) === 0) return false;
  return insn.code === 64 ? insn.segmentOverride < 0 : insn.segmentOverride === 3;
}

/** A moffs whose address size is not the mode's can only be told by its prefix, as can that of a hidden operand. */
function addressPrefix(insn: Instruction): string {
  return (isMoffs(insn) || hidesMemory(insn)) && insn.addressSize !== insn.code ? `addr${insn.addressSize} ` : '';
}

/** MASKMOVQ stores at DS:rDI and MONITOR watches DS:rAX, which the text does not show. */
function hidesMemory(insn: Instruction): boolean {
  return insn.encoding.op.startsWith('maskmov') || insn.encoding.op === 'monitor';
}

/** Segment of such an operand when it is not DS. */
function hiddenSegment(insn: Instruction): string {
  if (!hidesMemory(insn) || insn.segmentOverride < 0 || insn.segmentOverride === Segment.ds) return '';
  return `${SEGMENT_NAMES[insn.segmentOverride] ?? ''} `;
}

export function isMoffs(insn: Instruction): boolean {
  const { map, opcode } = insn.encoding;
  return map === 0 && opcode >= 0xa0 && opcode <= 0xa3;
}

/** Branch hints of the Pentium 4: "pt" and "pn" when the last segment prefix before Jcc is DS or CS, else "". */
export function branchHint(insn: Instruction): '' | 'pt' | 'pn' {
  if (insn.encoding.op !== 'jcc') return '';
  if (insn.code === 64 && insn.segmentOverride >= 0) return '';
  return (insn.prefixes & Prefix.cs) !== 0 ? 'pn' : (insn.prefixes & Prefix.ds) !== 0 ? 'pt' : '';
}
