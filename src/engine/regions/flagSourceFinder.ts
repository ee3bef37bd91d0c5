/** Finds out, while a step is compiled, in which registers the values of the flags it sets stand when it is done. */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import type { FlagOp } from '../../cpu/language/flags.ts';
import type { Step } from './block.ts';
import type { FlagSource, FlagSources } from './flagSources.ts';

interface Held {
  readonly register: number;
  readonly size: Size;
}

export class FlagSourceFinder {
  private step: Step | undefined;
  /** By number of a local: the register that has its value. */
  private readonly held = new Map<number, Held>();
  private set: { readonly op: FlagOp; readonly size: Size; readonly a: Val; readonly b: Val | undefined } | undefined;

  begin(step: Step): void {
    this.step = step;
    this.forget();
  }
  forget(): void {
    this.held.clear();
    this.set = undefined;
  }
  /** `value` has just been read from a register. */
  read(register: number, size: Size, value: Val): Val {
    this.held.set(value.n, { register, size });
    return value;
  }
  copied(from: Val, to: Val): Val {
    const held = from.op === x.OP_LOCAL ? this.held.get(from.n) : undefined;
    if (held !== undefined && to.op === x.OP_LOCAL) this.held.set(to.n, held);
    return to;
  }
  wrote(register: number, size: Size, v: Val | undefined): void {
    for (const [local, held] of this.held) if (held.register === register) this.held.delete(local);
    if (v?.op === x.OP_LOCAL) this.held.set(v.n, { register, size });
  }
  flags(op: FlagOp, size: Size, a: Val, b: Val | undefined): void {
    this.set = { op, size, a, b };
  }

  /** At the step's end; undefined when it set no flags or their values are nowhere else. */
  end(): FlagSources | undefined {
    const { set } = this;
    if (set === undefined) return undefined;
    const y = set.b === undefined || set.op === 'inc' || set.op === 'dec' ? undefined : this.source(set.b, set.size);
    if (y === undefined && set.b !== undefined && set.op !== 'inc' && set.op !== 'dec') return undefined;
    const found = this.source(set.a, set.size) ?? this.special(set.op, set.size, y);
    return found === undefined ? undefined : { x: found, y };
  }
  private source(v: Val, size: Size): FlagSource | undefined {
    if (x.isConst(v)) return { constant: v.ty === 'i32' ? BigInt(v.n) : v.big };
    const held = v.op === x.OP_LOCAL ? this.held.get(v.n) : undefined;
    return held !== undefined && held.size === size ? held : undefined;
  }
  /** TEST of a register with itself; what SUB subtracted from, which is the difference and what was subtracted. */
  private special(op: FlagOp, size: Size, y: FlagSource | undefined): FlagSource | undefined {
    const { insn } = this.step as Step;
    const [to, from] = insn.operands;
    if (to?.kind !== 'reg' || to.file !== 'gpr' || to.high || to.bits !== size) return undefined;
    const { index } = to;
    if (insn.encoding.op === 'test' && from?.kind === 'reg' && from.index === index && from.bits === size && !from.high)
      return { register: index, size };
    if (insn.encoding.op !== 'sub' || op !== 'sub' || y === undefined) return undefined;
    return 'register' in y && y.register === index ? undefined : { register: index, size, plusOther: true };
  }
}
