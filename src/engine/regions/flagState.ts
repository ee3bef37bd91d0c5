/**
 * The lazy flags of a region: kind and two values in locals, as in the state block. Where the kind is known while
 * compiling, conditions become a comparison.
 *
 * INC and DEC keep CF. What it came from stays in three more locals until somebody asks: LAZY in the kind says so.
 */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import * as flags from '../../cpu/language/flags.ts';
import type { FlagOp, Flags } from '../../cpu/language/flags.ts';
import { S, STATE } from '../../cpu/layout.ts';
import type { Func } from '../wasm/func.ts';

export interface Kind {
  readonly op: FlagOp;
  readonly size: Size;
}
/** What is known of the flags at a place in a region. */
export interface Known {
  readonly kind: Kind | undefined;
  /** Of the operation that CF comes from, while INC or DEC set the others. */
  readonly carry: Kind | undefined;
}
export const NOTHING_KNOWN: Known = { kind: undefined, carry: undefined };

/** Functions of the interpreter's module on the flags in the state block. */
export interface FlagFunctions {
  readonly condition: number;
  readonly word: number;
}

/** Instructions that ask for CF only to keep it. */
export const KEEPING_CARRY: ReadonlySet<string> = new Set(['inc', 'dec']);
const LAZY = 0x100;
const CARRY = 2;
const state = (offset: number): Val => x.i32(STATE + offset);
const wide = (v: Val): Val => (v.ty === 'i32' ? x.extendU(v) : v);
const keepsCarry = (op: FlagOp): boolean => op === 'inc' || op === 'dec';
const sameKind = (a: Kind | undefined, b: Kind | undefined): boolean => a?.op === b?.op && a?.size === b?.size;
export const meet = (a: Known, b: Known): Known =>
  sameKind(a.kind, b.kind) && sameKind(a.carry, b.carry) ? a : NOTHING_KNOWN;

interface Trio {
  readonly kind: Val;
  readonly x: Val;
  readonly y: Val;
}

export class FlagState {
  private readonly f: Func;
  private readonly functions: FlagFunctions;
  private readonly main: Trio;
  private readonly old: Trio;
  known: Known = NOTHING_KNOWN;
  changed = false;
  private readonly lazy: boolean;

  /** `lazy`: the region has instructions of KEEPING_CARRY. */
  constructor(f: Func, functions: FlagFunctions, lazy: boolean) {
    this.f = f;
    this.lazy = lazy;
    this.functions = functions;
    const trio = (): Trio => ({ kind: f.newLocal('i32'), x: f.newLocal('i64'), y: f.newLocal('i64') });
    this.main = trio();
    this.old = trio();
  }

  /** At the region's beginning. */
  load(): void {
    const { f, main } = this;
    f.set(main.kind, x.hostLoad(32, state(S.flagKind)));
    f.set(main.x, x.hostLoad(64, state(S.flagX)));
    f.set(main.y, x.hostLoad(64, state(S.flagY)));
  }
  /** At its end. */
  save(): void {
    if (!this.changed) return;
    this.resolve();
    this.store(this.main);
  }
  private store(from: Trio): void {
    const { f } = this;
    f.store(32, state(S.flagKind), from.kind);
    f.store(64, state(S.flagX), from.x);
    f.store(64, state(S.flagY), from.y);
  }
  /** Puts CF of INC and DEC where the kind says. */
  private resolve(): void {
    if (!this.lazy) return;
    const { f, main, old } = this;
    f.if(x.and(main.kind, x.i32(LAZY)), () => {
      this.store(old);
      f.set(main.y, x.extendU(x.call('i32', this.functions.condition, [x.i32(CARRY)])));
      f.set(main.kind, x.and(main.kind, x.i32(LAZY - 1)));
    });
  }

  set(op: FlagOp, size: Size, a: Val, b: Val | undefined): void {
    const { f, main } = this;
    this.changed = true;
    const keeps = keepsCarry(op);
    let carry: Kind | undefined;
    if (keeps) carry = this.keepOld();
    f.set(main.x, wide(a));
    if (b !== undefined && !keeps) f.set(main.y, wide(b));
    f.set(main.kind, x.i32(flags.flagKind(op, size) | (keeps ? LAZY : 0)));
    this.known = { kind: { op, size }, carry };
  }
  /** Notes what CF comes from, before INC or DEC. */
  private keepOld(): Kind | undefined {
    if (!this.lazy) throw new Error('flags that keep CF were not announced');
    const { f, main, old } = this;
    const { kind, carry } = this.known;
    if (kind !== undefined && keepsCarry(kind.op)) return carry;
    const copy = (): void => {
      f.set(old.kind, main.kind);
      f.set(old.x, main.x);
      f.set(old.y, main.y);
    };
    if (kind !== undefined) copy();
    else f.if(x.eqz(x.and(main.kind, x.i32(LAZY))), copy);
    return kind;
  }

  forget(): void {
    this.known = NOTHING_KNOWN;
  }

  private described({ op, size }: Kind, from: Trio): Flags {
    const width = op === 'word' ? 32 : size;
    return { op, size: width, x: x.zext(from.x, 64, width), y: x.zext(from.y, 64, width) };
  }
  /** The present flags with CF computed, if `carry` is needed; undefined when their kind is not known. */
  private present(carry: boolean): Flags | undefined {
    const { kind } = this.known;
    if (kind === undefined) return undefined;
    const described = this.described(kind, this.main);
    if (!keepsCarry(kind.op)) return described;
    const bit = carry ? this.oldCarry() : x.i32(0);
    return { ...described, y: kind.size === 64 ? x.extendU(bit) : bit };
  }
  private oldCarry(): Val {
    const { carry } = this.known;
    if (carry !== undefined) return this.f.let(flags.condition(this.described(carry, this.old), CARRY));
    this.store(this.old);
    return this.f.let(x.call('i32', this.functions.condition, [x.i32(CARRY)]));
  }

  condition(cc: number): Val {
    const present = this.present((cc & ~1) === CARRY || (cc & ~1) === 6);
    if (present !== undefined) return this.f.let(flags.condition(present, cc));
    this.resolve();
    this.store(this.main);
    return this.f.let(x.call('i32', this.functions.condition, [x.i32(cc)]));
  }
  word(): Val {
    const present = this.present(true);
    if (present !== undefined) return this.f.let(flags.word(present));
    this.resolve();
    this.store(this.main);
    return this.f.let(x.call('i32', this.functions.word, []));
  }
}
