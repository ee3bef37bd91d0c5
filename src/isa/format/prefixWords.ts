import { type Instruction, Prefix } from '../instruction.ts';

const REPEATABLE = new Set(['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs']);
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
  else if (insn.repeat === 0xf2 && isNearBranch(insn)) words += 'bnd ';
  if (isNotrack(insn)) words = `notrack ${words}`;
  return words;
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
  return BRANCHES.has(insn.encoding.op);
}

/** NOTRACK: a DS prefix on an indirect near branch (SDM vol. 1, 17.3.3). */
function isNotrack(insn: Instruction): boolean {
  const { op } = insn.encoding;
  const indirect = (op === 'jmp' || op === 'call') && insn.operands[0]?.kind !== 'rel';
  if (!indirect || (insn.prefixes & Prefix.ds) === 0) return false;
  return insn.code === 64 ? insn.segmentOverride < 0 : insn.segmentOverride === 3;
}

/** Branch hints of the Pentium 4: "pt" and "pn" (DS and CS before Jcc), or "". */
export function branchHint(insn: Instruction): '' | 'pt' | 'pn' {
  if (insn.encoding.op !== 'jcc' && insn.encoding.op !== 'jcxz' && !insn.encoding.op.startsWith('loop')) return '';
  const last = insn.prefixes & (Prefix.cs | Prefix.ds);
  return last === Prefix.cs ? 'pn' : last === Prefix.ds ? 'pt' : '';
}
