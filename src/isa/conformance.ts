import { Random, randomString, SLOT, SYSTEMATIC, systematic } from './conformance/generate.ts';
import { IcedReference, isOurs, type Reference } from './conformance/iced.ts';
import { respell } from './conformance/spelling.ts';
import { type CpuMake, decode } from './decode.ts';
import { formatAtt, formatIntel, type FormattedInstruction } from './format/index.ts';
import type { CodeSize, Instruction } from './instruction.ts';

/** Strings that cover every systematic form once, and ten million random ones. */
export const FULL_COUNT = SYSTEMATIC + 10_000_000;

export interface ConformanceReport {
  /** Strings decoded by both. */
  strings: number;
  /** Strings both took for the same instruction, with equal texts in both syntaxes. */
  instructions: number;
  /** Strings both rejected. */
  undecodable: number;
  /** Strings that are instructions of other processors (AVX, VMX, ...): we must reject them or run them as hints. */
  foreign: number;
  mismatches: number;
  /** The first of them: "64:4889c3 what differs". */
  examples: string[];
}

const BATCH = 4096;
const KEPT_EXAMPLES = 50;
/** Where the instructions are said to stand: near the top of 16-bit space, in the middle of the others. */
const ADDRESSES: Readonly<Record<CodeSize, bigint>> = { 16: 0xff00n, 32: 0x0804_8000n, 64: 0x7fff_0040_1000n };

/**
 * Compares decoder and both formatters with iced-x86 on `count` byte strings: up to two thirds of them systematic
 * (spread evenly over all forms, all of them once `count` is FULL_COUNT), the rest random. Same `seed`, same strings.
 */
export function run(count: number, seed: number, make: CpuMake = 'intel'): ConformanceReport {
  const report = { strings: 0, instructions: 0, undecodable: 0, foreign: 0, mismatches: 0, examples: [] };
  const reference = new IcedReference(make);
  const random = new Random(seed);
  const bytes = new Uint8Array(BATCH * SLOT);
  const codes: CodeSize[] = new Array(BATCH).fill(64);
  const forms = count >= FULL_COUNT ? SYSTEMATIC : Math.min(SYSTEMATIC, Math.floor((count * 2) / 3));
  // One form at random from each of `forms` equal stretches: an even sample of every dimension.
  const step = SYSTEMATIC / Math.max(forms, 1);
  const spread = Math.max(1, Math.floor(step));
  for (let done = 0; done < count; done += BATCH) {
    const size = Math.min(BATCH, count - done);
    for (let i = 0; i < size; i++) {
      const n = done + i;
      const systematicNumber = Math.min(SYSTEMATIC - 1, Math.floor(n * step) + random.below(spread));
      codes[i] =
        n < forms ? systematic(systematicNumber, random, bytes, i * SLOT) : randomString(random, bytes, i * SLOT);
    }
    reference.load(bytes);
    for (let i = 0; i < size; i++) compare(reference, bytes, i * SLOT, codes[i] ?? 64, make, report);
  }
  return report;
}

function compare(
  reference: IcedReference,
  bytes: Uint8Array,
  at: number,
  code: CodeSize,
  make: CpuMake,
  report: ConformanceReport,
): void {
  const address = ADDRESSES[code];
  const insn = decode(bytes, at, at + SLOT, code, make);
  const expected = reference.read(at, code, address, !('invalid' in insn));
  report.strings++;
  const foreign = expected.length > 0 && !isOurs(expected.features);
  if (foreign) report.foreign++;
  const complaint =
    'invalid' in insn ? invalidComplaint(expected, foreign) : validComplaint(insn, expected, foreign, address);
  if (complaint === '') {
    if ('invalid' in insn) report.undecodable += foreign ? 0 : 1;
    else report.instructions++;
    return;
  }
  report.mismatches++;
  if (report.examples.length < KEPT_EXAMPLES) report.examples.push(`${code}:${hexOf(bytes, at)} ${complaint}`);
}

function invalidComplaint(expected: Reference, foreign: boolean): string {
  return expected.length > 0 && !foreign ? `rejected, but is ${expected.features}` : '';
}

function validComplaint(insn: Instruction, expected: Reference, foreign: boolean, address: bigint): string {
  const { form } = insn.encoding;
  if (expected.length === 0) return `accepted as "${form}", but is none`;
  if (expected.length !== insn.length) return `"${form}": ${insn.length} bytes, not ${expected.length}`;
  if (foreign)
    return insn.encoding.op === 'nop' || insn.encoding.op === 'prefetch' ? '' : `"${form}" is ${expected.features}`;
  return (
    textComplaint(insn, formatAtt(insn, { address }), expected.att, 'att') ||
    textComplaint(insn, formatIntel(insn, { address }), expected.intel, 'intel')
  );
}

function textComplaint(insn: Instruction, ours: FormattedInstruction, theirs: string, syntax: 'att' | 'intel'): string {
  const text = ours.operands === '' ? ours.mnemonic : `${ours.mnemonic} ${ours.operands}`;
  if (text === theirs) return '';
  const ourSpelling = respell(text, insn, syntax, 'ours');
  const theirSpelling = respell(theirs, insn, syntax, 'theirs');
  return ourSpelling === theirSpelling ? '' : `"${ourSpelling}", not "${theirSpelling}"`;
}

function hexOf(bytes: Uint8Array, at: number): string {
  return Array.from(bytes.subarray(at, at + SLOT - 1), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
