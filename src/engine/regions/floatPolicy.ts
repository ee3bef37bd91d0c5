/**
 * What regions may take for granted about floats. Mostly numbers are of usual size and some result was inexact long ago
 * (PE in MXCSR is sticky): operations then need not look at their results. A region that was made for that is left for
 * the interpreter where a number is not so, and is made anew when that happens all the time.
 */
import type { Cpu } from '../../cpu/cpu.ts';
import { S } from '../../cpu/layout.ts';
import { MXCSR } from '../../registers/floatingPoint.ts';

/**
 * `usual`: as above. `exact`: every operation looks at its operands and its result, because PE was not set when the
 * region was made, and the region tells when it is. `any`: the same, and it may be either way.
 */
export type FloatPolicy = 'usual' | 'exact' | 'any';

/** A region whose PE was another so often is made for both. */
const MOST_TURNS = 3;
/** So many unusual floats, with less than so many instructions in regions for each, are too many. */
const MANY = 32;
const INSTRUCTIONS_EACH = 2000;

interface History {
  turns: number;
  unusual: number;
  /** Instructions that had run in regions when counting began. */
  since: number;
}

export class FloatPolicies {
  private readonly cpu: Cpu;
  /** By the record a region begins at. */
  private readonly histories = new Map<number, History>();
  private readonly any = new Set<number>();

  constructor(cpu: Cpu) {
    this.cpu = cpu;
  }

  private get inexact(): boolean {
    return (this.cpu.low(S.mxcsr) & MXCSR.PE) !== 0;
  }

  /** For a region that is made now. */
  choose(record: number): FloatPolicy {
    if (this.any.has(record)) return 'any';
    return this.inexact ? 'usual' : 'exact';
  }

  /** Whether a region that tells of unusual floats is to be made anew; `run`: instructions run in regions so far. */
  reconsider(record: number, policy: FloatPolicy, run: number): boolean {
    let history = this.histories.get(record);
    if (history === undefined) {
      history = { turns: 0, unusual: 0, since: run };
      this.histories.set(record, history);
    }
    if ((policy === 'usual') !== this.inexact) {
      if (++history.turns > MOST_TURNS) this.any.add(record);
      return true;
    }
    if (++history.unusual < MANY) return false;
    const often = run - history.since < MANY * INSTRUCTIONS_EACH;
    history.unusual = 0;
    history.since = run;
    if (often) this.any.add(record);
    return often;
  }

  clear(): void {
    this.histories.clear();
    this.any.clear();
  }
}
