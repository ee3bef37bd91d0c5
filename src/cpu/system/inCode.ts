/**
 * Micro-steps of a crossing between rings as code. The code does the crossing where nothing else has to be looked at;
 * where something has, a check fails or a flag wants more than to be set, the routine does all of it. So every guard comes
 * first, and what is written waits until all steps have been gone through.
 */
import { ATTRIBUTE } from '../../registers/descriptor.ts';
import { RFLAGS, RFLAGS_FIXED, RFLAGS_STATUS } from '../../registers/rflags.ts';
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import type { Microstate } from '../language/microstate.ts';
import { contextFor, ringWords } from '../language/ringWords.ts';
import type { Sem } from '../language/semantics.ts';
import { CROSSINGS, OUTSIDE, S, SEG, segmentOffset, STATE } from '../layout.ts';
import { CS, flatSegmentWords } from '../segmentation.ts';
import { Crossing, crossingDetail } from './crossing.ts';
import type { Microcode } from './microcode.ts';

/** The code of `steps`, which cross from ring `from` to another; `kind` is what a log calls them. */
export function crossingInCode(c: Sem, kind: number, from: 0 | 3 | undefined, { steps }: Microcode): void {
  c.orRoutine((unless) => {
    const crossing = new CrossingInCode(c, unless);
    unless(x.geU(c.stateWide(CROSSINGS.length - STATE), c.stateWide(CROSSINGS.limit - STATE)));
    unless(crossing.outside(OUTSIDE.watching));
    if (kind === Crossing.sysret) unless(crossing.outside(CROSSINGS.amd));
    for (const { kind: what, emit } of steps) {
      if (emit !== undefined) emit(crossing, (holds) => unless(x.eqz(holds)));
      else if (what !== 'keeps') throw new Error('a step has no code');
    }
    crossing.finish(kind, from);
  });
}

class CrossingInCode implements Microstate {
  private readonly c: Sem;
  private readonly unless: (when: Val) => void;
  private readonly wides = new Map<number, Val>();
  private readonly words = new Map<number, Val>();
  private flags: { readonly before: Val; readonly now: Val } | undefined;
  private rip: Val | undefined;
  private cpl: 0 | 3 | undefined;

  constructor(c: Sem, unless: (when: Val) => void) {
    this.c = c;
    this.unless = unless;
  }

  /** A word beside the state block. */
  outside(address: number): Val {
    return this.c.stateWord(address - STATE);
  }
  word(offset: number): Val {
    if (this.words.has(offset) || this.wides.has(offset & ~7))
      throw new Error('a step reads what an earlier one wrote');
    return this.c.stateWord(offset);
  }
  wide(offset: number): Val {
    if (this.wides.has(offset)) throw new Error('a step reads what an earlier one wrote');
    return this.c.stateWide(offset);
  }
  setWide(offset: number, value: Val): void {
    this.wides.set(offset, this.c.let(value));
  }
  rflags(): Val {
    if (this.flags !== undefined) throw new Error('a step reads what an earlier one wrote');
    return this.c.let(x.or(this.c.stateWord(S.flags), this.c.flagsWord()));
  }
  setRflags(value: Val): void {
    const { c } = this;
    const now = c.let(value);
    const before = c.stateWord(S.flags);
    this.unless(x.and(now, x.i32(RFLAGS.TF | RFLAGS.RF)));
    // AC may choose another TLB.
    this.unless(x.and(x.or(before, now), x.i32(RFLAGS.AC)));
    const interruptible = x.ne(x.and(now, x.i32(RFLAGS.IF)), x.i32(0));
    this.unless(x.and(interruptible, this.outside(OUTSIDE.interruptLine)));
    this.flags = { before, now };
  }
  nextRip(): Val {
    return this.c.nextRip();
  }
  setRip(value: Val): void {
    this.rip = this.c.let(value);
  }
  setFlatSegment(segment: number, selector: Val, attributes: number): void {
    if (segment === CS && (attributes & ATTRIBUTE.L) === 0) throw new Error('only from 64-bit code to 64-bit code');
    this.words.set(segmentOffset(segment) + SEG.selector, this.c.let(selector));
    for (const [offset, value] of flatSegmentWords(segment, attributes)) this.words.set(offset, x.i32(value));
  }
  setCpl(cpl: 0 | 3): void {
    this.cpl = cpl;
  }

  finish(kind: number, from: 0 | 3 | undefined): void {
    const { c, flags, rip, cpl } = this;
    if (flags === undefined || rip === undefined || cpl === undefined) throw new Error('no whole crossing');
    const before = c.let(from === undefined ? c.stateWord(S.cpl) : x.i32(from));
    c.noteCrossing(kind, x.or(x.shl(before, x.i32(4)), x.i32(crossingDetail(kind, 0, cpl))), cpl === 3);
    for (const [offset, value] of this.wides) c.setState(offset, value);
    for (const [offset, value] of this.words) c.setState(offset, value);
    c.setState(S.flags, x.or(x.and(flags.now, x.i32(~RFLAGS_STATUS)), x.i32(RFLAGS_FIXED)));
    c.setFlags('word', 32, c.let(x.and(flags.now, x.i32(RFLAGS_STATUS))));
    c.setState(S.cpl, x.i32(cpl));
    const user = cpl === 3;
    c.jumpToRing(ringWords(contextFor({ user, ac: false, am: false, smap: false, watching: false }), user), rip);
  }
}
