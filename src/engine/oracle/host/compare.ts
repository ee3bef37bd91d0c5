/** Compares an outcome of ours with the host's, and tells a difference in words. */
import { decode } from '../../../isa/decode.ts';
import { type Instruction, Prefix } from '../../../isa/instruction.ts';
import { formatIntel } from '../../../isa/format/index.ts';
import { CASE, CODE_BYTES, MEMORY_BYTES, modeOf, OUTCOME, startOf } from './caseLayout.ts';
import { ignoredFlags } from './undefinedFlags.ts';

const NAMES = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
/** CF PF AF ZF SF DF OF NT AC ID. */
const COMPARED = 0x244cd5;
const PAGE_FAULT = 14;
const ERROR_CODES = new Set([PAGE_FAULT, 10, 11, 12, 13]);

const NO_EXCEPTION = 1;

/** Whether the manual alone says what a case does, on processors whose own ways the definitions do not follow. */
function defined(insn: Instruction, host: Buffer, at: number): boolean {
  if (host.readUInt32LE(at + OUTCOME.vector) !== NO_EXCEPTION) return false;
  const { op } = insn.encoding;
  // Counts above the size; a zero source; the upper half of an unchanged register; makes differ in 66 with a branch.
  if (/^(shld|shrd|bsf|bsr|cmpxchg)$/.test(op)) return false;
  if (/^(j|call|ret|loop)/.test(op) && (insn.prefixes & Prefix.operandSize) !== 0) return false;
  return !(insn.repeat !== 0 && insn.code === 64 && insn.addressSize === 32);
}

/** Whether outcomes `a` (ours) and `b` (the host's), both at byte `at`, agree. */
export function same(insn: Instruction, a: Buffer, b: Buffer, at: number, exact: boolean): boolean {
  if (!exact && !defined(insn, b, at)) return true;
  if (a.compare(b, at, at + OUTCOME.rflags, at, at + OUTCOME.rflags) !== 0) return false;
  if (a.compare(b, at + OUTCOME.memory, at + OUTCOME.bytes, at + OUTCOME.memory, at + OUTCOME.bytes) !== 0)
    return false;
  const vector = a.readUInt32LE(at + OUTCOME.vector);
  if (vector !== b.readUInt32LE(at + OUTCOME.vector)) return false;
  if (ERROR_CODES.has(vector) && a.readUInt32LE(at + OUTCOME.error) !== b.readUInt32LE(at + OUTCOME.error))
    return false;
  if (vector === PAGE_FAULT && a.readBigUInt64LE(at + OUTCOME.cr2) !== b.readBigUInt64LE(at + OUTCOME.cr2))
    return false;
  const changed = (a.readUInt32LE(at + OUTCOME.rflags) ^ b.readUInt32LE(at + OUTCOME.rflags)) & COMPARED;
  return changed === 0 || (changed & ~ignoredFlags(insn.encoding.op, exact)) === 0;
}

export function instructionOf(cases: Buffer, from: number): Instruction {
  const code = modeOf(cases[from + CASE.flags] as number);
  const insn = decode(cases, from + CASE.code, from + CASE.code + CODE_BYTES, code, 'intel');
  if ('invalid' in insn) throw new Error('a case is no instruction');
  return insn;
}

const hex = (v: bigint | number): string => v.toString(16);

/** Text of the case's instructions. */
function codeText(cases: Buffer, from: number): string {
  const mode = modeOf(cases[from + CASE.flags] as number);
  const end = cases[from + CASE.end] as number;
  const texts: string[] = [];
  for (let at = 0; at === 0 || at < end; ) {
    const insn = decode(cases, from + at, from + CODE_BYTES, mode, 'intel');
    if ('invalid' in insn) break;
    const { mnemonic, operands } = formatIntel(insn, { address: BigInt(startOf(mode) + at) });
    texts.push(`${mnemonic} ${operands} (${cases.subarray(from + at, from + at + insn.length).toString('hex')})`);
    at += insn.length;
  }
  return texts.join('; ');
}

/** The instructions, the registers they started with, and every difference: expected (host), then ours. */
export function describeDifference(cases: Buffer, from: number, ours: Buffer, host: Buffer, at: number): string {
  const lines = [codeText(cases, from)];
  const start = NAMES.map((name, i) => `${name}=${hex(cases.readBigUInt64LE(from + CASE.registers + 8 * i))}`);
  lines.push(`  before: ${start.join(' ')} rflags=${hex(cases.readUInt32LE(from + CASE.rflags))}`);
  const differs = (name: string, expected: bigint | number, actual: bigint | number): void => {
    if (expected !== actual) lines.push(`  ${name}: expected ${hex(expected)}, ours ${hex(actual)}`);
  };
  const wide = (b: Buffer, offset: number): bigint => b.readBigUInt64LE(at + offset);
  NAMES.forEach((name, i) => differs(name, wide(host, 8 * i), wide(ours, 8 * i)));
  differs('rip', wide(host, OUTCOME.rip), wide(ours, OUTCOME.rip));
  const flags = (b: Buffer): number => b.readUInt32LE(at + OUTCOME.rflags) & COMPARED;
  differs('rflags', flags(host), flags(ours));
  const vector = host.readUInt32LE(at + OUTCOME.vector);
  differs('vector', vector, ours.readUInt32LE(at + OUTCOME.vector));
  if (ERROR_CODES.has(vector))
    differs('error code', host.readUInt32LE(at + OUTCOME.error), ours.readUInt32LE(at + OUTCOME.error));
  if (vector === PAGE_FAULT) differs('cr2', wide(host, OUTCOME.cr2), wide(ours, OUTCOME.cr2));
  for (let i = 0; i < MEMORY_BYTES; i += 8) {
    const before = cases.readBigUInt64LE(from + CASE.memory + i);
    const expected = wide(host, OUTCOME.memory + i);
    const actual = wide(ours, OUTCOME.memory + i);
    if (expected !== actual)
      lines.push(`  memory+${i}: was ${hex(before)}, expected ${hex(expected)}, ours ${hex(actual)}`);
  }
  return lines.join('\n');
}
