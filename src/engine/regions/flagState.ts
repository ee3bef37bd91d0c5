/**
 * The lazy flags of a region: kind and two values in locals, as in the state block. Where the kind is known while
 * compiling, conditions become a comparison. Flags set in a block have locals of their own: only where paths meet they
 * are put where those of before are, and then just their number if their values can be found in registers on the way out.
 *
 * INC and DEC keep CF. What it came from stays in three more locals until somebody asks: LAZY in the kind says so.
 */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import * as flags from '../../cpu/language/flags.ts';
import type { FlagOp, Flags } from '../../cpu/language/flags.ts';
import { S, STATE } from '../../cpu/layout.ts';
import type { Func } from '../wasm/func.ts';
import { ALL_REGISTERS, type FlagSource, type FlagSources, registersOf } from './flagSources.ts';

export interface Kind {
  readonly op: FlagOp;
  readonly size: Size;
}
/** What is known of the flags at a place in a region. */
export interface Known {
  readonly kind: Kind | undefined;
  /** Of the operation that CF comes from, while INC or DEC set the others. */
  readonly carry: Kind | undefined;
  /** They were set since paths met last. */
  readonly here: boolean;
  /** Registers that have their values. */
  readonly sources: FlagSources | undefined;
}
export const NOTHING_KNOWN: Known = { kind: undefined, carry: undefined, here: false, sources: undefined };

/** Functions of the interpreter's module on the flags in the state block. */
export interface FlagFunctions {
  readonly condition: number;
  readonly word: number;
}

/** Instructions that ask for CF only to keep it. */
export const KEEPING_CARRY: ReadonlySet<string> = new Set(['inc', 'dec']);
const LAZY = 0x100;
/** Of a kind whose values are to be taken from registers. Its number follows above. */
const IN_REGISTERS = 0x200;
const NUMBER_SHIFT = 10;
const CARRY = 2;
const state = (offset: number): Val => x.i32(STATE + offset);
const wide = (v: Val): Val => (v.ty === 'i32' ? x.extendU(v) : v);
const keepsCarry = (op: FlagOp): boolean => op === 'inc' || op === 'dec';
const kindNumber = ({ op, size }: Kind): number => flags.flagKind(op, size) | (keepsCarry(op) ? LAZY : 0);
const sameKind = (a: Kind | undefined, b: Kind | undefined): boolean => a?.op === b?.op && a?.size === b?.size;
export function meet(a: Known, b: Known): Known {
  if (a.here === b.here && sameKind(a.kind, b.kind) && sameKind(a.carry, b.carry)) return a;
  if (a.here || b.here) throw new Error('flags were lost where paths meet');
  return NOTHING_KNOWN;
}

interface Trio {
  readonly kind: Val;
  readonly x: Val;
  readonly y: Val;
}

export class FlagState {
  private readonly f: Func;
  private readonly functions: FlagFunctions;
  private readonly main: Trio;
  /** Those set since paths met last. */
  private readonly recent: Trio;
  private readonly old: Trio;
  private readonly numbered = new Map<string, { readonly kind: Kind; readonly sources: FlagSources }>();
  private readonly register: (n: number) => Val;
  known: Known = NOTHING_KNOWN;
  changed = false;
  private readonly lazy: boolean;

  /** `lazy`: the region has instructions of KEEPING_CARRY. `register` gives the local of a general register. */
  constructor(f: Func, functions: FlagFunctions, lazy: boolean, register: (n: number) => Val) {
    this.f = f;
    this.register = register;
    this.lazy = lazy;
    this.functions = functions;
    const trio = (): Trio => ({ kind: f.newLocal('i32'), x: f.newLocal('i64'), y: f.newLocal('i64') });
    this.main = trio();
    this.recent = trio();
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
    this.takeFromRegisters();
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
    const { f, recent } = this;
    this.changed = true;
    const keeps = keepsCarry(op);
    const carry = keeps ? this.keepOld() : undefined;
    f.set(recent.x, wide(a));
    if (b !== undefined && !keeps) f.set(recent.y, wide(b));
    f.set(recent.kind, x.i32(kindNumber({ op, size })));
    this.known = { kind: { op, size }, carry, here: true, sources: undefined };
  }
  /** Notes what CF comes from, before INC or DEC. */
  private keepOld(): Kind | undefined {
    if (!this.lazy) throw new Error('flags that keep CF were not announced');
    const { f, main, old } = this;
    const { kind, carry, here } = this.known;
    if (kind !== undefined && keepsCarry(kind.op)) return carry;
    const from = here ? this.recent : main;
    const copy = (): void => this.copy(from, old);
    if (kind !== undefined) copy();
    else f.if(x.eqz(x.and(main.kind, x.i32(LAZY))), copy);
    return kind;
  }
  private copy(from: Trio, to: Trio): void {
    this.f.set(to.kind, from.kind);
    this.f.set(to.x, from.x);
    this.f.set(to.y, from.y);
  }

  /** The values of the flags just set stand in registers, which have not changed since. */
  foundIn(sources: FlagSources): void {
    this.known = { ...this.known, sources };
  }
  registerWritten(n: number): void {
    const { sources } = this.known;
    if (sources !== undefined && (registersOf(sources) & (1 << n)) !== 0) {
      this.known = { ...this.known, sources: undefined };
    }
  }
  /**
   * Before a place where paths meet, or the region's end. `written`: registers that may be written from there on while
   * these flags stand, as a mask; all where the flags may be read.
   */
  meet(written: number): void {
    const { f, main } = this;
    const { kind, carry, here, sources } = this.known;
    if (!here || kind === undefined) return;
    if (sources !== undefined && (registersOf(sources) & written) === 0 && written !== ALL_REGISTERS) {
      f.set(main.kind, x.i32(kindNumber(kind) | IN_REGISTERS | (this.numberOf(kind, sources) << NUMBER_SHIFT)));
      this.known = NOTHING_KNOWN;
    } else {
      this.putInPlace();
      this.known = { kind, carry, here: false, sources: undefined };
    }
  }
  /** Where the flags set last are, whatever they are, become those of before. */
  putInPlace(): void {
    this.copy(this.recent, this.main);
  }
  private numberOf(kind: Kind, sources: FlagSources): number {
    const key = JSON.stringify([kind, sources], (_, v) => (typeof v === 'bigint' ? String(v) : v));
    const before = [...this.numbered.keys()].indexOf(key);
    if (before >= 0) return before;
    this.numbered.set(key, { kind, sources });
    return this.numbered.size - 1;
  }
  private takeFromRegisters(): void {
    const { f, main, numbered } = this;
    if (numbered.size === 0) return;
    f.if(x.and(main.kind, x.i32(IN_REGISTERS)), () => {
      [...numbered.values()].forEach(({ kind, sources }, n) => {
        f.if(x.eq(x.shr(main.kind, x.i32(NUMBER_SHIFT)), x.i32(n)), () => {
          const y = sources.y === undefined ? undefined : this.value(kind, sources.y, undefined);
          if (y !== undefined) f.set(main.y, wide(y));
          f.set(main.x, wide(this.value(kind, sources.x, y)));
        });
      });
      f.set(main.kind, x.and(main.kind, x.i32(IN_REGISTERS - 1)));
    });
  }
  private value({ size }: Kind, source: FlagSource, other: Val | undefined): Val {
    if ('constant' in source) return x.constant(size, source.constant);
    const value = x.zext(this.register(source.register), 64, source.size);
    return source.plusOther === true && other !== undefined ? x.norm(size, x.add(value, other)) : value;
  }

  forget(): void {
    if (this.known.here) throw new Error('flags were lost where paths meet');
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
    const described = this.described(kind, this.known.here ? this.recent : this.main);
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
