/** `Sem` for interpreter handlers: operands are read from the record at `pc`, state lives in memory. */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import * as flags from '../../cpu/language/flags.ts';
import type { Flags, FlagOp } from '../../cpu/language/flags.ts';
import { floatLoad, withFirstLane } from '../../cpu/language/floats.ts';
import type { Sem, Value } from '../../cpu/language/semantics.ts';
import type { RingWords } from '../../cpu/language/ringWords.ts';
import { Exit, JUMP_ENTRY, LINK_LATER, Outcome, R, REC, S, SEG, STATE, segmentOffset } from '../../cpu/layout.ts';
import type { Func, Label } from '../wasm/func.ts';
import { HandlerMemory } from './handlerMemory.ts';
import type { Helpers } from './helpers.ts';
import { jumpEntry } from './jumpEntry.ts';
import { noteCrossing } from './noteCrossing.ts';
import { constantValue, noAddress, vectorOnly } from './values.ts';
import { REGISTER_FIELDS, type Slot } from './slots.ts';

const RSP = 4;
const CS = 1;
export const state = (offset: number): Val => x.i32(STATE + offset);

/** Labels and locals of the interpreter function that handlers share. */
export interface Frame {
  readonly f: Func;
  /** Host address of the running record. */
  readonly pc: Val;
  /** Record at which the present straight line was entered: (pc - start) / 32 instructions ran since. */
  readonly start: Val;
  /** Instructions that may still run, at the last transfer. */
  readonly left: Val;
  /** Host address of the TLB in use. */
  readonly tlb: Val;
  readonly reason: Val;
  /** Number of the handler that runs next. */
  readonly handler: Val;
  /** Dispatches by `handler`; see `go`. */
  readonly next: Label;
  /** Leaves the interpreter with `reason`. */
  readonly exit: Label;
}

/** Goes on at the record at pc. */
export function go({ f, pc, handler, next }: Frame): void {
  f.set(handler, x.hostLoad(16, pc, REC.handler));
  f.br(next);
}

export class InterpreterSem implements Sem {
  private readonly frame: Frame;
  private readonly f: Func;
  private readonly pc: Val;
  private readonly helpers: Helpers;
  private readonly legacy: boolean;
  private readonly memory: HandlerMemory;
  private known: Flags | undefined;
  /** Distance of the instruction's record from pc: second half of a fused pair. */
  offset = 0;
  fixedCondition: number | undefined;
  ended = false;

  constructor(frame: Frame, helpers: Helpers, legacy: boolean) {
    this.frame = frame;
    this.f = frame.f;
    this.pc = frame.pc;
    this.helpers = helpers;
    this.legacy = legacy;
    this.memory = new HandlerMemory({
      f: frame.f,
      helpers,
      legacy,
      tlb: frame.tlb,
      record: () => this.record(),
      field: (size, at) => this.field(size, at),
      leftNow: () => this.leftNow(),
      leave: (reason, records) => this.leave(reason, records),
      unless: (when) => this.unless(when),
    });
  }

  let(v: Val): Val {
    return this.f.let(v);
  }
  when(when: Val, body: () => void): void {
    this.f.if(when, body);
  }
  rarely(
    when: Val,
    _key: string,
    args: readonly Val[],
    value: (c: Pick<Sem, 'let'>, args: readonly Val[]) => Val,
  ): Val {
    const { f } = this;
    const result = f.temp('i32');
    const known = args.map((arg) => f.let(arg));
    f.set(result, x.i32(0));
    f.if(when, () => f.set(result, value(this, known)));
    return result;
  }
  variable(size: Size, initial: Val): { readonly value: Val; set(v: Val): void } {
    const value = this.f.temp(x.tyOf(size));
    this.f.set(value, initial);
    return { value, set: (v) => this.f.set(value, v) };
  }
  while(condition: () => Val, body: () => void): void {
    this.f.block((done) => {
      this.f.loop((again) => {
        this.f.brIf(done, x.eqz(condition()));
        body();
        this.f.br(again);
      });
    });
  }

  private field(size: Size, at: number): Val {
    return x.hostLoad(size, this.pc, at + this.offset);
  }
  private record(): Val {
    return x.add(this.pc, x.i32(this.offset));
  }

  /** The n-th register operand stands in field a, b or, of three, in the unused index field. */
  value(slot: Slot, n: number): Value {
    const { size } = slot;
    if (slot.kind === 'x') return this.vectorRegister(this.field(8, REGISTER_FIELDS[n] ?? REC.a));
    if (size === 128) return this.memory.vector();
    switch (slot.kind) {
      case 'r':
        return this.stateValue(size, this.field(8, REGISTER_FIELDS[n] ?? REC.a), STATE);
      case 'm1':
      case 'm2':
      case 'mg':
        return this.memory.value(slot.kind, size);
      case 'i': {
        const imm = this.field(32, REC.imm);
        return constantValue('imm', size, size === 64 ? x.extendS(imm) : imm);
      }
      case 'I':
        return constantValue('imm', size, this.field(64, REC.disp));
      case 'c': {
        const { fixedCondition } = this;
        return constantValue('imm', 8, fixedCondition === undefined ? this.field(32, REC.imm) : x.i32(fixedCondition));
      }
      case 't': {
        const rip = x.add(x.hostLoad(64, state(S.ripBase)), this.field(64, REC.disp));
        return constantValue('rel', size, size === 64 ? rip : x.norm(size, x.wrap(rip)));
      }
    }
  }

  private stateValue(size: Size, where: Val, offset: number): Value {
    const read = (): Val => this.f.let(x.hostLoad(size, where, offset));
    const write = (v: Val): void => {
      if (size === 32) this.f.store(64, where, x.extendU(v), offset);
      else this.f.store(size, where, v, offset);
    };
    return { kind: 'reg', size, read, write, update: (fn) => write(fn(read())), address: noAddress };
  }
  reg(n: number, size: Size): Value {
    return this.stateValue(size, x.i32(STATE + 8 * n), 0);
  }
  highByte(n: number): Value {
    return this.stateValue(8, x.i32(STATE + 8 * n + 1), 0);
  }

  /** `field` is the register's number times 8. */
  private vectorRegister(field: Val): Value {
    const { f } = this;
    const at = f.let(x.shl(field, x.i32(1)));
    const XMM = STATE + S.xmm;
    return vectorOnly('reg', {
      register: true,
      read: () => f.let(x.vectorLoad(128, at, XMM)),
      readLow: (bits) => f.let(x.vectorLoad(bits, at, XMM)),
      readFloat: (bits) => f.let(floatLoad(bits, at, XMM)),
      write: (v) => f.storeVector(128, at, v, XMM),
      writeFloat: (v) => f.storeFloat(at, v, XMM),
      writeFloatAlone: (v) => f.storeVector(128, at, withFirstLane(x.v128(0n), v), XMM),
      writeHigh: (v) => f.storeVector(64, at, v, XMM + 8),
    });
  }

  private unless: (when: Val) => void = () => {
    throw new Error('the definition has no other way');
  };
  orRoutine(body: (unless: (when: Val) => void) => void): void {
    const { f, frame } = this;
    f.block((other) => {
      this.unless = (when) => f.brIf(other, when);
      body(this.unless);
      f.set(frame.pc, x.add(this.record(), x.i32(REC.bytes)));
      go(frame);
    });
    this.routine();
    this.ended = true;
  }
  stateWord(offset: number): Val {
    return x.hostLoad(32, state(offset));
  }

  stateWide(offset: number): Val {
    return x.hostLoad(64, state(offset));
  }
  setState(offset: number, value: Val): void {
    this.f.store(value.ty === 'i32' ? 32 : 64, state(offset), value);
  }
  noteCrossing(what: number, detail: Val, toUser: boolean): void {
    noteCrossing(this.f, what, detail, toUser, this.leftNow());
  }
  jumpToRing({ tlb, jumps, stampBit }: RingWords, rip: Val): void {
    const { f, frame } = this;
    f.set(frame.tlb, x.i32(tlb));
    this.setState(S.tlb, x.i32(tlb));
    this.setState(S.jumps, x.i32(jumps));
    const stamp = x.i32(R.stamp);
    f.store(32, stamp, x.or(x.and(x.hostLoad(32, stamp), x.i32(~1)), x.i32(stampBit)));
    this.jumpTo(64, rip);
  }

  push(size: Size, v: Val): void {
    this.setStackPointer(this.storeBelow(size, v));
  }
  storeBelow(size: Size, v: Val): Val {
    const value = this.f.let(v);
    const at = this.f.let(x.sub(this.reg(RSP, 64).read(), x.i64(BigInt(size / 8))));
    this.memory.storeStack(size, at, value);
    return at;
  }
  top(size: Size, pointer?: Val): Val {
    return this.memory.loadStack(size, pointer ?? this.reg(RSP, 64).read());
  }
  setStackPointer(pointer: Val): void {
    const sp = this.reg(RSP, 64);
    if (!this.legacy) return sp.write(pointer);
    const mask = this.f.let(this.memory.stackWidthMask());
    const kept = x.and(sp.read(), x.xor(mask, x.i64(-1n)));
    sp.write(x.or(kept, x.and(pointer, mask)));
  }

  setFlags(op: FlagOp, size: Size, a: Val, b?: Val): void {
    const y = b ?? x.constant(size, 0n);
    this.known = { op, size, x: a, y };
    this.f.store(32, state(S.flagKind), x.i32(flags.flagKind(op, size)));
    this.f.store(64, state(S.flagX), a.ty === 'i32' ? x.extendU(a) : a);
    if (b !== undefined) this.f.store(64, state(S.flagY), y.ty === 'i32' ? x.extendU(y) : y);
  }
  setFlagsIf(when: Val, op: FlagOp, size: Size, a: Val, b: Val): void {
    this.f.if(when, () => this.setFlags(op, size, a, b));
    this.known = undefined;
  }
  condition(cc: Value | number): Val {
    const which = typeof cc === 'number' ? x.i32(cc) : cc.read();
    if (!x.isConst(which)) return this.f.let(x.call('i32', this.helpers.anyTest, [which]));
    if (this.known !== undefined) return flags.condition(this.known, which.n);
    const positive = x.call('i32', this.helpers.test[which.n >> 1] ?? 0, []);
    return this.f.let(which.n & 1 ? x.eqz(positive) : positive);
  }
  flagsWord(): Val {
    return this.f.let(x.call('i32', this.helpers.word, []));
  }

  nextRip(): Val {
    return x.add(x.hostLoad(64, state(S.ripBase)), x.extendU(this.field(16, REC.end)));
  }

  checkTarget(size: Size, rip: Val): void {
    const { f } = this;
    const refuse = (): void => {
      f.run(x.call('i32', this.helpers.badTarget, [this.record()]));
      this.leave(Exit.fault, 0);
    };
    if (size === 64) {
      const shift = x.i64(16n);
      f.if(x.ne(x.sar(x.shl(rip, shift), shift), rip), refuse);
    } else f.if(x.gtU(rip, x.hostLoad(32, state(segmentOffset(CS) + SEG.limit))), refuse);
  }

  /** Instructions that may still run, the present one included. */
  private leftNow(): Val {
    const { pc, start, left } = this.frame;
    const before = x.sub(x.add(pc, x.i32(this.offset)), start);
    return x.sub(left, x.shr(before, x.i32(REC.shift)));
  }
  /** Counts the straight line up to and with this instruction (or without it). */
  private account(records = 1): void {
    const { f, frame } = this;
    const end = x.add(frame.pc, x.i32(this.offset + records * REC.bytes));
    f.set(frame.left, x.sub(frame.left, x.shr(x.sub(end, frame.start), x.i32(REC.shift))));
  }
  /** Leaves the interpreter; this instruction counts if `records` is 1. */
  private leave(reason: number, records: number): void {
    const { f, frame } = this;
    this.account(records);
    if (this.offset !== 0) f.set(frame.pc, this.record());
    f.set(frame.reason, x.i32(reason));
    f.br(frame.exit);
  }
  /** Goes on at record `to`; what ran so far is counted already. */
  private enter(to: Val): void {
    const { f, frame } = this;
    f.set(frame.pc, to);
    f.set(frame.start, to);
    go(frame);
  }

  jump(target: Value): void {
    const { f, frame } = this;
    const to = f.temp('i32');
    f.set(to, this.field(32, REC.taken));
    f.if(x.eq(to, x.i32(LINK_LATER)), () => f.set(to, x.call('i32', this.helpers.link, [this.record()])));
    f.if(to, () => {
      this.account();
      f.set(frame.pc, to);
      f.set(frame.start, to);
      f.set(frame.reason, x.i32(Exit.budget));
      f.brIf(frame.exit, x.ltS(frame.left, x.i32(0)));
      go(frame);
    });
    this.goTo(target.size, f.let(x.add(x.hostLoad(64, state(S.ripBase)), this.field(64, REC.disp))));
    this.ended = true;
  }
  branch(when: Val, target: Value): void {
    this.f.if(when, () => this.jump(target));
    this.ended = false;
  }
  jumpTo(size: Size, rip: Val): void {
    this.goTo(size, this.f.let(rip.ty === 'i32' ? x.extendU(rip) : rip));
    this.ended = true;
  }

  /**
   * Counts this instruction and goes on at a RIP. The budget is asked before the lookup, which may walk page tables
   * and mark them accessed: at a given count the machine's state is then the same however it got there.
   */
  private goTo(size: Size, target: Val): void {
    const { f, frame } = this;
    const rip = size === 64 ? target : f.let(x.and(target, x.i64(size === 16 ? 0xffffn : 0xffffffffn)));
    this.account();
    f.if(x.ltS(frame.left, x.i32(0)), () => {
      f.store(64, state(S.rip), rip);
      f.set(frame.reason, x.i32(Exit.stopped));
      f.br(frame.exit);
    });
    const to = f.temp('i32');
    const low = f.let(x.wrap(rip));
    const entry = f.let(jumpEntry(low));
    f.if(
      x.eq(x.hostLoad(64, entry, JUMP_ENTRY.rip), rip),
      () => f.set(to, x.hostLoad(32, entry, JUMP_ENTRY.record)),
      () => {
        f.set(to, x.call('i32', this.helpers.find, [low, x.wrap(x.shr(rip, x.i64(32n))), this.record()]));
        f.set(frame.reason, x.i32(Exit.stopped));
        f.brIf(frame.exit, x.eqz(to));
      },
    );
    f.store(64, state(S.ripBase), x.sub(rip, x.extendU(x.hostLoad(16, to, REC.offset))));
    this.enter(to);
  }

  elseRoutine(when: Val): void {
    this.f.if(when, () => this.routine());
  }
  /** Runs the instruction's routine in TypeScript. */
  routine(): void {
    const { f, frame } = this;
    const outcome = f.let(x.call('i32', this.helpers.system, [this.record(), this.leftNow()]));
    // CPL, AC and other things that choose the TLB may have changed.
    f.set(frame.tlb, x.hostLoad(32, state(S.tlb)));
    f.if(outcome, () => {
      f.if(x.eq(outcome, x.i32(Outcome.fault)), () => this.leave(Exit.fault, 0));
      f.if(x.eq(outcome, x.i32(Outcome.leave)), () => this.leave(Exit.stopped, 1));
      this.goTo(64, f.let(x.hostLoad(64, state(S.rip))));
    });
    f.set(frame.pc, x.add(this.record(), x.i32(REC.bytes)));
    go(frame);
  }

  /** Leaves before this record, which the other loop has the handler for. */
  handOver(): void {
    this.leave(Exit.other, 0);
  }

  /** The pseudo records. */
  stop(): void {
    this.account(0);
    this.f.set(this.frame.reason, x.i32(Exit.stopped));
    const offset = x.extendU(this.field(16, REC.offset));
    this.f.store(64, state(S.rip), x.add(x.hostLoad(64, state(S.ripBase)), offset));
    this.f.br(this.frame.exit);
  }
}
