/** Statement level of one wasm function: locals, temporaries, structured control, lowering of expressions. */
import {
  isConst,
  local,
  OP_CALL,
  OP_I32,
  OP_I64,
  OP_LOCAL,
  OP_SELECT,
  type Size,
  STORE,
  type Ty,
  type Val,
} from '../../cpu/language/expr.ts';
import { Bytes } from './module.ts';

export interface Label {
  readonly depth: number;
}

const ALIGN: Record<number, number> = { 0x2d: 0, 0x2f: 0, 0x28: 0, 0x29: 0 };

export class Func {
  code = new Bytes();
  readonly locals: Ty[] = [];
  private depth = 0;
  private readonly free: Record<Ty, Val[]> = { i32: [], i64: [] };
  private readonly taken: Val[] = [];

  private readonly params: readonly Ty[];

  constructor(params: readonly Ty[]) {
    this.params = params;
  }

  param(n: number): Val {
    return local(this.params[n]!, n);
  }

  newLocal(ty: Ty): Val {
    this.locals.push(ty);
    return local(ty, this.params.length + this.locals.length - 1);
  }

  /** Temporaries live until releaseTemps: one instruction's worth. */
  temp(ty: Ty): Val {
    const t = this.free[ty].pop() ?? this.newLocal(ty);
    this.taken.push(t);
    return t;
  }

  releaseTemps(): void {
    for (const t of this.taken) this.free[t.ty].push(t);
    this.taken.length = 0;
  }

  /** Evaluates now; the result can be used any number of times. */
  let(v: Val): Val {
    if (isConst(v)) return v;
    const t = this.temp(v.ty);
    this.set(t, v);
    return t;
  }

  set(target: Val, v: Val): void {
    this.push(v);
    this.code.u8(0x21);
    this.code.u32(target.n);
  }

  push(v: Val): void {
    const { code } = this;
    for (const a of v.args) this.push(a);
    code.u8(v.op);
    switch (v.op) {
      case OP_I32:
        code.s32(v.n);
        break;
      case OP_I64:
        code.s64(v.big);
        break;
      case OP_LOCAL:
      case OP_CALL:
        code.u32(v.n);
        break;
      case OP_SELECT:
        break;
      default:
        if (v.op in ALIGN) {
          code.u8(0);
          code.u32(v.n);
        }
    }
  }

  store(size: Size, addr: Val, v: Val, offset = 0): void {
    this.push(addr);
    this.push(v);
    this.code.u8(STORE[size]);
    this.code.u8(0);
    this.code.u32(offset);
  }

  block(body: (exit: Label) => void): void {
    this.nested(0x02, body);
  }

  loop(body: (again: Label) => void): void {
    this.nested(0x03, body);
  }

  if(cond: Val, then: () => void, otherwise?: () => void): void {
    this.push(cond);
    this.code.append([0x04, 0x40]);
    this.depth++;
    then();
    if (otherwise !== undefined) {
      this.code.u8(0x05);
      otherwise();
    }
    this.depth--;
    this.code.u8(0x0b);
  }

  br(label: Label): void {
    this.code.u8(0x0c);
    this.code.u32(this.depth - label.depth);
  }

  brIf(label: Label, cond: Val): void {
    this.push(cond);
    this.code.u8(0x0d);
    this.code.u32(this.depth - label.depth);
  }

  brTable(labels: readonly Label[], fallback: Label, index: Val): void {
    this.push(index);
    this.code.u8(0x0e);
    this.code.u32(labels.length);
    for (const l of labels) this.code.u32(this.depth - l.depth);
    this.code.u32(this.depth - fallback.depth);
  }

  return(v: Val): void {
    this.push(v);
    this.code.u8(0x0f);
  }

  callIndirect(type: number, args: readonly Val[], index: Val): void {
    for (const a of args) this.push(a);
    this.push(index);
    this.code.u8(0x11);
    this.code.u32(type);
    this.code.u8(0);
  }

  /** Pops the value a call left on the stack. */
  popInto(target: Val): void {
    this.code.u8(0x21);
    this.code.u32(target.n);
  }

  /** Evaluates for effect. */
  run(v: Val): void {
    this.push(v);
    this.code.u8(0x1a);
  }

  unreachable(): void {
    this.code.u8(0x00);
  }

  /** Opens a block that `close` ends: for nests too deep for calls within calls. */
  open(): Label {
    this.code.append([0x02, 0x40]);
    this.depth++;
    return { depth: this.depth };
  }
  close(): void {
    this.depth--;
    this.code.u8(0x0b);
  }

  private nested(op: number, body: (label: Label) => void): void {
    this.code.append([op, 0x40]);
    this.depth++;
    body({ depth: this.depth });
    this.depth--;
    this.code.u8(0x0b);
  }
}
