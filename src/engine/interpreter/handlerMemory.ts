/** Memory as interpreter handlers address it: operands from the record, the stack, and the host address of an access. */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import { type FloatBits, floatLoad } from '../../cpu/language/floats.ts';
import type { Value } from '../../cpu/language/semantics.ts';
import { Access, BOUNCE, Exit, REC, S, STATE, TLB_ENTRY } from '../../cpu/layout.ts';
import type { Func } from '../wasm/func.ts';
import type { Helpers } from './helpers.ts';
import type { Slot } from './slots.ts';
import { tlbIndex, tlbTag } from './tlbEntry.ts';
import { vectorOnly } from './values.ts';

/** The handler around. */
interface Around {
  readonly f: Func;
  readonly helpers: Helpers;
  /** 16- or 32-bit code may run it: the stack is in a segment. */
  readonly legacy: boolean;
  /** Host address of the TLB in use. */
  readonly tlb: Val;
  /** Host address of the instruction's record. */
  record(): Val;
  /** A field of that record. */
  field(size: Size, at: number): Val;
  /** Instructions that may still run, the present one included. */
  leftNow(): Val;
  /** Leaves the interpreter; this instruction counts if `records` is 1. */
  leave(reason: number, records: number): void;
  /** Leaves the definition for the instruction's routine. */
  unless(when: Val): void;
}

export class HandlerMemory {
  private readonly f: Func;
  private readonly helpers: Helpers;
  private readonly around: Around;

  constructor(around: Around) {
    this.around = around;
    this.f = around.f;
    this.helpers = around.helpers;
  }

  /** A memory operand as wide as an XMM register. */
  vector(): Value {
    const { f, around } = this;
    const BYTES = 16;
    const linear = (access: number, aligned: boolean): Val => {
      const ea = f.let(x.call('i64', this.helpers.address, [around.record()]));
      const at = f.let(x.call('i64', this.helpers.segmented, [around.record(), ea, x.i32(access | BYTES)]));
      if (aligned) around.unless(x.and(x.wrap(at), x.i32(BYTES - 1)));
      return at;
    };
    const onlyWhole = (): never => {
      throw new Error('memory has another width');
    };
    return vectorOnly('mem', {
      register: false,
      read: (aligned) => f.let(x.vectorLoad(128, this.host(128, linear(0, aligned), 0))),
      write: (v, aligned) => {
        const host = this.host(128, linear(Access.write, aligned), Access.write);
        f.storeVector(128, host, v);
        this.commit(host);
      },
      readLow: onlyWhole,
      readFloat: onlyWhole,
      writeFloat: onlyWhole,
      writeFloatAlone: onlyWhole,
      writeHigh: onlyWhole,
    });
  }

  /** A memory operand of the kinds m1, m2 and mg. */
  value(kind: Slot['kind'], size: Size): Value {
    const { around } = this;
    const slot = (at: number): Val => x.hostLoad(64, around.field(8, at), STATE);
    const address = (): Val => {
      if (kind === 'mg') return this.f.let(x.call('i64', this.helpers.address, [around.record()]));
      const base = x.add(slot(REC.base), around.field(64, REC.disp));
      return this.f.let(
        kind === 'm2' ? x.add(base, x.shl(slot(REC.index), x.extendU(around.field(8, REC.scale)))) : base,
      );
    };
    const linear = (access: number): Val => {
      const ea = address();
      if (kind !== 'mg') return ea;
      return this.f.let(x.call('i64', this.helpers.segmented, [around.record(), ea, x.i32(access | (size / 8))]));
    };
    return {
      kind: 'mem',
      size,
      address,
      read: () => this.load(size, linear(0), 0),
      write: (v) => this.store(size, linear(Access.write), v, 0),
      update: (fn) => {
        const access = Access.write | Access.update;
        const host = this.host(size, linear(access), access);
        this.writeHost(size, host, fn(this.f.let(x.hostLoad(size, host))));
      },
      ...(size >= 32 && { float: this.floatMemory(size === 64 ? 64 : 32, linear) }),
    };
  }
  private floatMemory(size: FloatBits, linear: (access: number) => Val): NonNullable<Value['float']> {
    return {
      read: () => this.f.let(floatLoad(size, this.host(size, linear(0), 0))),
      write: (v) => this.writeHost(size, this.host(size, linear(Access.write), Access.write), v),
    };
  }

  /** What stands on the stack at a stack pointer. */
  loadStack(size: Size, pointer: Val): Val {
    return this.load(size, this.stackAddress(size, pointer, 0), Access.stack);
  }
  storeStack(size: Size, pointer: Val, v: Val): void {
    this.store(size, this.stackAddress(size, pointer, Access.write), v, Access.stack);
  }
  /** The bits of RSP that are the stack pointer, by the size of SS. */
  stackWidthMask(): Val {
    return x.extendU(x.hostLoad(32, x.i32(STATE + S.stackMask)));
  }
  private stackAddress(size: Size, pointer: Val, access: number): Val {
    const { around } = this;
    if (!around.legacy) return pointer;
    const what = x.i32(access | Access.stack | (size / 8));
    const offset = x.wrap(x.and(pointer, this.stackWidthMask()));
    return this.f.let(x.call('i64', this.helpers.stackLinear, [around.record(), offset, what]));
  }

  private load(size: Size, linear: Val, access: number): Val {
    return this.f.let(x.hostLoad(size, this.host(size, linear, access)));
  }
  private store(size: Size, linear: Val, v: Val, access: number): void {
    this.writeHost(size, this.host(size, linear, access | Access.write), v);
  }
  private writeHost(size: Size, host: Val, v: Val): void {
    if (v.ty === 'f32' || v.ty === 'f64') this.f.storeFloat(host, v);
    else this.f.store(size, host, v);
    this.commit(host);
  }
  /** What was written to the bounce buffer goes where it belongs. */
  private commit(host: Val): void {
    this.f.if(x.eq(host, x.i32(BOUNCE)), () => this.f.run(x.call('i32', this.helpers.commit, [])));
  }

  /** Host address of an access: through the TLB, else the slow path, which may refuse. */
  private host(size: Size | 128, linear: Val, access: number): Val {
    const { f, around } = this;
    const ea = f.let(linear);
    const host = f.temp('i32');
    const low = f.let(x.wrap(ea));
    const entry = f.let(x.add(around.tlb, tlbIndex(low)));
    const tag = access & Access.write ? TLB_ENTRY.write : TLB_ENTRY.read;
    f.block((hit) => {
      f.set(host, x.add(x.hostLoad(32, entry, TLB_ENTRY.delta), low));
      f.brIf(hit, x.eq(x.hostLoad(64, entry, tag), tlbTag(ea, size)));
      const what = x.i32(access | (size / 8));
      const high = x.wrap(x.shr(ea, x.i64(32n)));
      f.set(host, x.call('i32', this.helpers.slow, [low, high, what, around.record(), around.leftNow()]));
      f.if(x.eqz(host), () => around.leave(Exit.fault, 0));
    });
    return host;
  }
}
