/** Crossings of rings as generated code and routines meet them, kept without a call to anyone until there are many or a run ends. */
import { CROSSINGS } from '../cpu/layout.ts';
import { Crossing } from '../cpu/system/crossing.ts';
import type { Instruction } from '../isa/instruction.ts';

const LENGTH = CROSSINGS.length >> 2;
const STEP = CROSSINGS.step >> 2;
const LIMIT = CROSSINGS.limit >> 2;
const AMD = CROSSINGS.amd >> 2;
/** Words before the first entry, and of an entry. */
const ENTRIES = CROSSINGS.entries >> 2;
const WORDS = 1 << (CROSSINGS.entryShift - 2);

export class CrossingLog {
  private readonly words: Int32Array;
  /**
   * Instructions that have retired since the engine's run began, plus those that may still run in the line under way: this
   * minus an entry's first word is the count before that crossing.
   */
  end = 0;
  /** Takes what has come; set by whoever wants it. */
  take: () => void = () => undefined;

  /** `words` of the machine's memory. */
  constructor(words: Int32Array) {
    this.words = words;
    words[LIMIT] = CROSSINGS.capacity;
  }

  /** `noting`: crossings are kept. `byRoutine`: generated code leaves them all to their routines; `amd`: SYSRET. */
  configure({ noting, byRoutine, amd }: { noting: boolean; byRoutine: boolean; amd: boolean }): void {
    this.words[STEP] = noting ? 1 : 0;
    this.words[LIMIT] = byRoutine ? 0 : CROSSINGS.capacity;
    this.words[AMD] = amd ? 1 : 0;
    if (!noting) this.clear();
  }
  get noting(): boolean {
    return this.words[STEP] === 1;
  }
  get length(): number {
    return this.words[LENGTH] as number;
  }
  clear(): void {
    this.words[LENGTH] = 0;
  }
  /** Instructions retired before a crossing, since the engine's present run began. */
  count(n: number): number {
    return this.end - (this.words[ENTRIES + n * WORDS] as number);
  }
  /** Its Crossing in bits 11:8, CPL before it in bits 7:4, and after it. */
  detail(n: number): number {
    return this.words[ENTRIES + n * WORDS + 1] as number;
  }

  /** Notes a crossing by an instruction's routine, before which `left` instructions might still run. */
  add(left: number, { encoding: { op } }: Instruction, from: number, to: number): void {
    const what =
      op === 'syscall'
        ? Crossing.syscall
        : op === 'sysret'
          ? Crossing.sysret
          : op === 'iret'
            ? Crossing.iret
            : Crossing.other;
    if (this.length >= CROSSINGS.capacity) this.take();
    const at = this.length;
    this.words[ENTRIES + at * WORDS] = left;
    this.words[ENTRIES + at * WORDS + 1] = (what << 8) | (from << 4) | to;
    this.words[LENGTH] = at + 1;
  }
}
