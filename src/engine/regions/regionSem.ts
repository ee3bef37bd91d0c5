/** `Sem` for regions: operands are known while compiling, registers and flags live in locals. */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import type { FlagOp } from '../../cpu/language/flags.ts';
import type { FloatFacts } from '../../cpu/language/floats.ts';
import type { Sem, Value } from '../../cpu/language/semantics.ts';
import { S, STATE } from '../../cpu/layout.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { constantValue, noAddress, vectorOnly } from '../interpreter/values.ts';
import type { Func, Label } from '../wasm/func.ts';
import type { Span } from './accessSpans.ts';
import type { Place, Step } from './block.ts';
import { ALL_REGISTERS } from './flagSources.ts';
import { FlagSourceFinder } from './flagSourceFinder.ts';
import { type FlagFunctions, FlagState, KEEPING_CARRY, type Known, meet, NOTHING_KNOWN } from './flagState.ts';
import { operandSizes } from './operands.ts';
import { RegionMemory } from './regionMemory.ts';
import {
  type LowestAlone,
  meetVectors,
  NO_VECTORS_KNOWN,
  VectorRegisters,
  type VectorsKnown,
} from './vectorRegisters.ts';

const RSP = 4;

/** What the compiler of a region decides about control flow. */
export interface Flow {
  /** Leaves the region before the present step, which the interpreter then runs; `unusual` is told (floatPolicy.ts). */
  leaveHere(unusual?: boolean): void;
  go(to: Place): void;
  /** Goes to a RIP known at run time only. */
  goIndirect(rip: Val): void;
}

/** Number of the module's function for a `key` of `rarely`, which is made when it is first asked for. */
export type SharedFunctions = (
  key: string,
  args: readonly Val[],
  value: (c: Pick<Sem, 'let'>, args: readonly Val[]) => Val,
) => number;

/** What holds for a region as a whole. */
export interface RegionKind {
  readonly slot: number;
  /** Accesses that note the page they went to last. */
  readonly pageGroups: ReadonlySet<string>;
  /** It has instructions of KEEPING_CARRY. */
  readonly lazyFlags: boolean;
  readonly lowestAlone: LowestAlone;
  /** Floats are taken to be usual ones, and PE to be set. */
  readonly trusting: boolean;
}

/** What is known at a place in a region, whatever way led there. */
export interface KnownHere {
  readonly flags: Known;
  readonly vectors: VectorsKnown;
}
export const NOTHING_KNOWN_HERE: KnownHere = { flags: NOTHING_KNOWN, vectors: NO_VECTORS_KNOWN };
export const meetKnown = (a: KnownHere, b: KnownHere): KnownHere => ({
  flags: meet(a.flags, b.flags),
  vectors: meetVectors(a.vectors, b.vectors),
});

interface Target extends Value {
  readonly place: Place;
}

export class RegionSem implements Sem {
  private readonly f: Func;
  private readonly flow: Flow;
  private readonly shared: SharedFunctions;
  readonly flags: FlagState;
  /** RIP of offset 0 of the page the region begins in. */
  readonly base: Val;
  private readonly memory: RegionMemory;
  private readonly sources = new FlagSourceFinder();
  /** Locals of what the region reads from the state block, by offset there. */
  private readonly loaded = new Map<number, Val>();
  private readonly written = new Set<number>();
  private readonly vectors: VectorRegisters;
  private readonly trusting: boolean;
  /** Some definition cares whether PE is set. */
  asksForFloats = false;
  /** Conditions on what does not change in a region: when one holds at its beginning, it is not run. */
  private readonly refusals = new Map<string, Val>();
  private step: Step | undefined;
  /** The present step's flags are set again before anything can see them. */
  private dead = false;
  /** Such flags were left out and are still missing. */
  private stale = false;

  constructor(f: Func, flow: Flow, functions: FlagFunctions, shared: SharedFunctions, kind: RegionKind) {
    this.f = f;
    this.flow = flow;
    this.shared = shared;
    this.flags = new FlagState(f, functions, kind.lazyFlags, (n) => this.register(n));
    this.vectors = new VectorRegisters(f, kind.lowestAlone);
    this.trusting = kind.trusting;
    this.base = this.stateLocal('i64', S.ripBase);
    this.memory = new RegionMemory(
      {
        f,
        base: this.base,
        vectors: this.vectors,
        register: (n) => this.register(n),
        state: (ty, offset) => this.stateLocal(ty, offset),
        step: () => this.step as Step,
        leaveIf: (when) => this.leaveIf(when),
      },
      kind,
    );
  }

  /** Compiles a step. `dead`: nothing can see the flags it sets. */
  run(step: Step, dead: boolean): void {
    this.step = step;
    this.dead = dead;
    const { definition, insn } = step;
    const sizes = operandSizes(insn);
    const operands = insn.operands.map((_, n) => this.operand(insn, n, sizes[n] ?? 64));
    const { condition } = insn.encoding;
    if (condition >= 0) {
      const value = constantValue('imm', 8, x.i32(condition));
      if (operands[0]?.kind === 'rel') operands.unshift(value);
      else operands.push(value);
    }
    this.sources.begin(step);
    definition.generate(this, sizes.definition, operands);
    const found = this.sources.end();
    if (found !== undefined) this.flags.foundIn(found);
    this.f.releaseTemps();
    this.vectors.endStep();
  }

  /** From here to `closeSpans` accesses of these spans need no look at where they go; `other`: they do. */
  openSpans(spans: readonly Span[], other: Label): void {
    this.memory.openSpans(spans, other);
  }
  closeSpans(): void {
    this.memory.closeSpans();
  }

  /** Code for the region's beginning; `refuse` leaves it before anything was done. */
  prologue(refuse: () => void): void {
    const { f } = this;
    for (const [offset, to] of this.loaded) f.set(to, x.hostLoad(to.ty === 'i32' ? 32 : 64, x.i32(STATE + offset)));
    this.memory.prologue();
    for (const refusal of this.refusals.values()) f.if(refusal, refuse);
    this.vectors.load();
    this.flags.load();
  }
  /** Code for its end. */
  epilogue(): void {
    const { f } = this;
    for (const n of this.written) f.store(64, x.i32(STATE + 8 * n), this.register(n));
    this.vectors.save();
    this.flags.save();
  }
  /** Flags that were left out would be seen: a mistake of whoever said they are dead. */
  checkFlags(): void {
    if (this.stale) throw new Error('flags were left out that can be seen');
  }

  /** What is known at the place that is compiled. */
  get known(): KnownHere {
    return { flags: this.flags.known, vectors: this.vectors.known };
  }
  set known({ flags, vectors }: KnownHere) {
    this.flags.known = flags;
    this.vectors.known = vectors;
  }
  forget(): void {
    this.known = NOTHING_KNOWN_HERE;
  }

  private stateLocal(ty: 'i32' | 'i64', offset: number): Val {
    let found = this.loaded.get(offset);
    if (found === undefined) {
      found = this.f.newLocal(ty);
      this.loaded.set(offset, found);
    }
    return found;
  }
  private register(n: number): Val {
    return this.stateLocal('i64', 8 * n);
  }
  private operand(insn: Instruction, n: number, size: Size | 128): Value {
    const operand = insn.operands[n];
    if (operand === undefined) throw new Error('no such operand');
    switch (operand.kind) {
      case 'reg':
        if (size === 128) return vectorOnly('reg', this.vectors.register(operand.index));
        return operand.high ? this.highByte(operand.index) : this.reg(operand.index, size);
      case 'mem':
        return size === 128 ? this.memory.vector(insn, operand) : this.memory.value(insn, operand, size);
      case 'imm': {
        const whole = (BigInt(operand.high) << 32n) | BigInt(operand.low >>> 0);
        return constantValue(
          'imm',
          size as Size,
          x.constant(size as Size, operand.bits === 64 ? whole : BigInt(operand.low)),
        );
      }
      case 'rel': {
        const place = (this.step as Step).place + insn.length + operand.displacement;
        const target: Target = { ...constantValue('rel', 64, this.rip(place)), place };
        return target;
      }
      default:
        throw new Error('operand of a far transfer');
    }
  }
  private rip(place: Place): Val {
    return x.add(this.base, x.i64(BigInt(place)));
  }

  let(v: Val): Val {
    return this.sources.copied(v, this.f.let(v));
  }
  private wrote(n: number, size: Size, v?: Val): void {
    this.written.add(n);
    this.flags.registerWritten(n);
    this.sources.wrote(n, size, v);
  }
  reg(n: number, size: Size): Value {
    const at = this.register(n);
    const read = (): Val => this.sources.read(n, size, this.f.let(x.zext(at, 64, size)));
    const write = (v: Val): void => {
      this.wrote(n, size, v);
      if (size === 64) this.f.set(at, v);
      else if (size === 32) this.f.set(at, x.extendU(v));
      else {
        const mask = size === 8 ? 0xffn : 0xffffn;
        this.f.set(at, x.or(x.and(at, x.i64(~mask)), x.and(x.extendU(v), x.i64(mask))));
      }
    };
    return { kind: 'reg', size, read, write, update: (fn) => write(fn(read())), address: noAddress };
  }
  highByte(n: number): Value {
    const at = this.register(n);
    const read = (): Val => this.f.let(x.and(x.shr(x.wrap(at), x.i32(8)), x.i32(0xff)));
    const write = (v: Val): void => {
      this.wrote(n, 8);
      const placed = x.extendU(x.shl(x.norm(8, v), x.i32(8)));
      this.f.set(at, x.or(x.and(at, x.i64(~0xff00n)), placed));
    };
    return { kind: 'reg', size: 8, read, write, update: (fn) => write(fn(read())), address: noAddress };
  }

  push(size: Size, v: Val): void {
    this.setStackPointer(this.storeBelow(size, v));
  }
  storeBelow(size: Size, v: Val): Val {
    const { f } = this;
    const value = f.let(v);
    const at = f.let(x.sub(this.register(RSP), x.i64(BigInt(size / 8))));
    const host = this.memory.onStack(size, at, true);
    f.store(size, host.at, value, host.offset);
    return at;
  }
  top(size: Size, pointer?: Val): Val {
    const { at, offset } = this.memory.onStack(size, pointer ?? this.register(RSP), false);
    return this.f.let(x.hostLoad(size, at, offset));
  }
  setStackPointer(pointer: Val): void {
    this.reg(RSP, 64).write(pointer);
  }

  setFlags(op: FlagOp, size: Size, a: Val, b?: Val): void {
    this.stale = this.dead;
    if (this.dead) return;
    this.flags.set(op, size, a, b);
    this.sources.flags(op, size, a, b);
  }
  setFlagsIf(when: Val, op: FlagOp, size: Size, a: Val, b: Val): void {
    if (x.isConst(when)) {
      if (when.n !== 0 || when.big !== 0n) this.setFlags(op, size, a, b);
    } else if (this.dead) this.stale = true;
    else this.conditionally(when, () => this.setFlags(op, size, a, b));
  }
  /** Flags before matter only for flags that nobody sees. */
  private get flagsUnneeded(): boolean {
    return this.dead && this.step?.definition.flags === 'partly';
  }
  condition(cc: Value | number): Val {
    const which = typeof cc === 'number' ? cc : cc.read().n;
    const forCarryOnly = KEEPING_CARRY.has(this.step?.definition.op ?? '');
    return this.flagsUnneeded || forCarryOnly ? x.i32(0) : this.flags.condition(which);
  }
  flagsWord(): Val {
    return this.flagsUnneeded ? x.i32(0) : this.flags.word();
  }

  nextRip(): Val {
    const { place, insn } = this.step as Step;
    return this.rip(place + insn.length);
  }
  checkTarget(size: Size, rip: Val): void {
    if (size !== 64) throw new Error('branch of another mode');
    const shift = x.i64(16n);
    this.leaveIf(x.ne(x.sar(x.shl(rip, shift), shift), rip));
  }
  jump(target: Value): void {
    this.flow.go((target as Target).place);
  }
  branch(when: Val, target: Value): void {
    const { known } = this;
    // Compiling what is jumped to moves on.
    const { place, insn } = this.step as Step;
    this.f.if(when, () => this.jump(target));
    this.known = known;
    this.flow.go(place + insn.length);
  }
  jumpTo(_size: Size, rip: Val): void {
    this.flow.goIndirect(this.f.let(rip));
  }

  when(when: Val, body: () => void): void {
    this.conditionally(when, body);
  }
  private conditionally(when: Val, body: () => void): void {
    this.flags.meet(ALL_REGISTERS);
    const { flags, vectors } = this.known;
    this.f.if(when, () => {
      body();
      this.flags.meet(ALL_REGISTERS);
    });
    if (this.flags.known !== flags) this.flags.forget();
    this.sources.forget();
    this.vectors.known = meetVectors(this.vectors.known, vectors);
  }
  rarely(when: Val, key: string, args: readonly Val[], value: (c: Pick<Sem, 'let'>, args: readonly Val[]) => Val): Val {
    const { f } = this;
    const result = f.temp('i32');
    const known = args.map((arg) => f.let(arg));
    f.set(result, x.i32(0));
    f.if(when, () => f.set(result, x.call('i32', this.shared(key, known, value), known)));
    return result;
  }
  variable(size: Size, initial: Val): { readonly value: Val; set(v: Val): void } {
    const value = this.f.temp(x.tyOf(size));
    this.f.set(value, initial);
    return { value, set: (v) => this.f.set(value, v) };
  }
  while(condition: () => Val, body: () => void): void {
    const { f } = this;
    f.block((done) => {
      f.loop((again) => {
        f.brIf(done, x.eqz(condition()));
        body();
        f.br(again);
      });
    });
  }

  get floats(): FloatFacts | undefined {
    this.asksForFloats = true;
    return this.trusting ? this.vectors : undefined;
  }

  elseRoutine(when: Val): void {
    this.leaveIf(when);
  }
  orRoutine(body: (unless: (when: Val) => void) => void): void {
    body((when) => {
      if (!this.constantHere(when)) this.f.if(when, () => this.flow.leaveHere(this.trusting));
      else
        this.refusals.set(
          JSON.stringify(when, (_, v) => (typeof v === 'bigint' ? String(v) : v)),
          when,
        );
    });
  }
  stateWord(offset: number): Val {
    return this.stateLocal('i32', offset);
  }
  stateWide(): never {
    throw new Error('no crossing of rings in a region');
  }
  readonly setState = this.stateWide;
  readonly noteCrossing = this.stateWide;
  readonly jumpToRing = this.stateWide;
  /** Whether a value cannot change while the region runs: words of the state block that only routines write. */
  private constantHere(v: Val): boolean {
    if (v.op === x.OP_LOCAL) return v.ty === 'i32' && [...this.loaded.values()].includes(v);
    return v.op !== x.OP_CALL && v.args.every((arg) => this.constantHere(arg));
  }

  private leaveIf(when: Val): void {
    this.f.if(when, () => this.flow.leaveHere());
  }
}
