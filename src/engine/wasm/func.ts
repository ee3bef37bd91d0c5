/** Statement level of one wasm function: locals, temporaries, structured control, lowering of expressions. */
import {
  isConst,
  local,
  OP_CALL,
  OP_I32,
  OP_I64,
  OP_LOCAL,
  OP_SATURATING,
  OP_SELECT,
  OP_SIMD,
  type Size,
  STORE,
  type Ty,
  V128_CONST,
  V128_LOADS,
  V128_SHUFFLE,
  v128,
  type Val,
} from '../../cpu/language/expr.ts';
import { FLOAT_CONST, FLOAT_STORE } from '../../cpu/language/floats.ts';
import { Bytes } from './module.ts';

export interface Label {
  readonly depth: number;
}

const VECTOR_LOADS: ReadonlySet<number> = new Set(Object.values(V128_LOADS));
/** i8x16.extract_lane_s to f64x2.replace_lane. */
const [FIRST_LANE, LAST_LANE] = [0x15, 0x22];
const ALIGN: Record<number, number> = { 0x2d: 0, 0x2f: 0, 0x28: 0, 0x29: 0, 0x2a: 0, 0x2b: 0 };

export class Func {
  code = new Bytes();
  readonly locals: Ty[] = [];
  private depth = 0;
  private readonly free: Record<Ty, Val[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };
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

  /** Vector constants by value, as locals, once `keepConstants` was called: each takes 18 bytes. */
  private constants: Map<bigint, Val> | undefined;

  /** From now on vector constants are locals, which `setConstants` is to set before they are used. */
  keepConstants(): void {
    this.constants = new Map();
  }
  setConstants(): void {
    const { constants } = this;
    this.constants = undefined;
    for (const [value, to] of constants ?? []) this.set(to, v128(value));
  }
  private constant(v: Val, constants: Map<bigint, Val>): Val {
    let found = constants.get(v.big);
    if (found === undefined) {
      found = this.newLocal('v128');
      constants.set(v.big, found);
    }
    return found;
  }

  push(v: Val): void {
    const { code, constants } = this;
    if (v.op === V128_CONST && constants !== undefined) return this.push(this.constant(v, constants));
    for (const a of v.args) this.push(a);
    if (v.op >= OP_SATURATING) return this.prefixed(v);
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
      case FLOAT_CONST[32]:
      case FLOAT_CONST[64]:
        this.bytes(v.big, v.ty === 'f32' ? 4 : 8);
        break;
      default:
        if (v.op in ALIGN) {
          code.u8(0);
          code.u32(v.n);
        }
    }
  }

  private prefixed(v: Val): void {
    const { code } = this;
    const op = v.op & 0xff;
    code.u8(v.op >> 8);
    code.u32(op);
    if (v.op < OP_SIMD) return;
    if (v.op === V128_CONST || v.op === V128_SHUFFLE) {
      this.bytes(v.big, 16);
    } else if (VECTOR_LOADS.has(v.op)) {
      code.u8(0);
      code.u32(v.n);
    } else if (op >= FIRST_LANE && op <= LAST_LANE) code.u8(v.n);
  }

  private bytes(value: bigint, count: number): void {
    for (let i = 0; i < count; i++) this.code.u8(Number((value >> BigInt(8 * i)) & 0xffn));
  }

  storeFloat(addr: Val, v: Val, offset = 0): void {
    this.push(addr);
    this.push(v);
    this.code.u8(FLOAT_STORE[v.ty === 'f32' ? 'f32' : 'f64']);
    this.code.u8(0);
    this.code.u32(offset);
  }

  /** Stores the low `bits` of a vector. */
  storeVector(bits: 32 | 64 | 128, addr: Val, v: Val, offset = 0): void {
    this.push(addr);
    this.push(v);
    this.code.u8(0xfd);
    this.code.u32(bits === 128 ? 0x0b : bits === 64 ? 0x5b : 0x5a);
    this.code.u8(0);
    this.code.u32(offset);
    if (bits !== 128) this.code.u8(0);
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
