/** Makes cases, has them run here and by the host, and finds where the two differ. */
import type { EncodingRow } from '../../../isa/table/encodingRow.ts';
import { CaseBuilder, oracleRows } from './caseBuilder.ts';
import { CASE, type Mode, OUTCOME } from './caseLayout.ts';
import { describeDifference, instructionOf, same } from './compare.ts';
import { OurCpu } from './ourCpu.ts';
import { Choices } from './random.ts';
import { SequenceBuilder } from './sequenceBuilder.ts';

/** The processor this runs on. */
export interface Host {
  /** "GenuineIntel/6/143", then its features by the names of the encoding table, and LDT where 16-bit code can run. */
  describe(): string;
  /** Runs the cases of harness.c's input; returns their outcomes. */
  run(input: Uint8Array): Buffer;
}

export interface Mismatch {
  readonly op: string;
  readonly text: string;
}

/**
 * Processors that the definitions follow in all the manual leaves open, as family/model; they were compared on the
 * first. On others only what the manual defines is compared.
 */
const FOLLOWED = new Set(['GenuineIntel/6/167', 'GenuineIntel/6/143', 'GenuineIntel/6/173', 'GenuineIntel/6/207']);
/** Control goes elsewhere, or TF and IF show: such a case is always stepped. */
const STEPPED = /^(jmp|jcc|call|ret|loop.*|jcxz|pushf|popf)$/;

export class Oracle {
  private readonly host: Host;
  private readonly mode: Mode;
  private readonly rows: readonly EncodingRow[];
  /** Whether all flags are compared, undefined ones included: on processors that the definitions follow. */
  readonly exact: boolean;
  private readonly ours: OurCpu;
  /** Whether the host can run code of this mode. */
  readonly possible: boolean;

  /** `wanted` narrows the instructions. */
  constructor(host: Host, mode: Mode, wanted: (row: EncodingRow) => boolean = () => true) {
    this.host = host;
    this.mode = mode;
    const [model = '', ...features] = host.describe().trim().split(' ');
    this.exact = FOLLOWED.has(model);
    this.possible = mode !== 16 || features.includes('LDT');
    this.rows = oracleRows(mode, new Set(features)).filter(wanted);
    this.ours = new OurCpu(mode);
  }

  /** Compares cases `first` to `first + count - 1` of the endless list; the same ones each time. */
  compare(first: number, count: number): Mismatch[] {
    return this.check(count, (cases) => this.make(cases, first, count));
  }

  /** The same with cases of several instructions, where the host is one that all flags can be compared with. */
  compareSequences(first: number, count: number): Mismatch[] {
    if (!this.exact) throw new Error('flags left undefined by one instruction reach the next: ask `exact` first');
    return this.check(count, (cases) => this.makeSequences(cases, first, count));
  }

  private check(count: number, make: (cases: Buffer) => void): Mismatch[] {
    const input = Buffer.alloc(8 + count * CASE.bytes);
    input.writeBigUInt64LE(BigInt(count));
    const cases = input.subarray(8);
    make(cases);
    const expected = this.host.run(input);
    const actual = Buffer.alloc(count * OUTCOME.bytes);
    const found: Mismatch[] = [];
    for (let i = 0; i < count; i++) {
      const from = i * CASE.bytes;
      const at = i * OUTCOME.bytes;
      const insn = instructionOf(cases, from);
      const { op } = insn.encoding;
      const sequence = (cases[from + CASE.end] as number) !== 0;
      this.ours.run(cases, from, actual, at, !sequence && (i % 2 === 0 || STEPPED.test(op)));
      if (same(insn, actual, expected, at, this.exact)) continue;
      found.push({ op, text: describeDifference(cases, from, actual, expected, at) });
    }
    return found;
  }

  private makeSequences(cases: Buffer, first: number, count: number): void {
    const view = new DataView(cases.buffer, cases.byteOffset, cases.length);
    const builder = new SequenceBuilder(this.mode, this.rows, new Choices(first * 4 + this.mode / 16));
    for (let i = 0; i < count; i++) builder.write(view, i * CASE.bytes);
  }

  private make(cases: Buffer, first: number, count: number): void {
    const view = new DataView(cases.buffer, cases.byteOffset, cases.length);
    const builder = new CaseBuilder(this.mode, new Choices(first * 4 + this.mode / 16));
    for (let i = 0; i < count; i++) {
      const row = this.rows[(first + i) % this.rows.length];
      if (row !== undefined) builder.write(row, view, i * CASE.bytes);
    }
  }
}

/** How many mismatches each meaning has, and the first of them. */
export function summary(found: readonly Mismatch[], shown = 12): string {
  const byOp = new Map<string, Mismatch[]>();
  for (const m of found) {
    const list = byOp.get(m.op);
    if (list === undefined) byOp.set(m.op, [m]);
    else list.push(m);
  }
  return [...byOp]
    .slice(0, shown)
    .map(([op, list]) => `${list.length} of ${op}, such as ${list[0]?.text}`)
    .join('\n');
}
