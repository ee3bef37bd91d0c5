/**
 * XMM registers of a region. A register that single floats or doubles are put into has its lowest one in a local of its
 * own; its vector then has the rest, and at its lowest place what may be of earlier (unless it is `whole`).
 *
 * What is known of such numbers belongs to the code being made: to a place in it, and what leads there.
 */
import * as x from '../../cpu/language/expr.ts';
import type { Val } from '../../cpu/language/expr.ts';
import * as float from '../../cpu/language/floats.ts';
import type { FloatBits, FloatFacts, Range } from '../../cpu/language/floats.ts';
import type { VectorValue } from '../../cpu/language/semantics.ts';
import { S, STATE } from '../../cpu/layout.ts';
import type { Func } from '../wasm/func.ts';
import type { HostAddress } from './openSpans.ts';

/** Registers whose lowest float or double stands alone. */
export type LowestAlone = ReadonlyMap<number, FloatBits>;

/** A number, which several registers may hold. */
interface Fact {
  readonly range: Range | undefined;
}
/** What is known at a place in a region. */
export interface VectorsKnown {
  readonly numbers: ReadonlyMap<number, Fact>;
  readonly whole: ReadonlySet<number>;
}
export const NO_VECTORS_KNOWN: VectorsKnown = { numbers: new Map(), whole: new Set() };
export function meetVectors(a: VectorsKnown, b: VectorsKnown): VectorsKnown {
  return {
    numbers: new Map([...a.numbers].filter(([n, fact]) => b.numbers.get(n) === fact)),
    whole: new Set([...a.whole].filter((n) => b.whole.has(n))),
  };
}

const xmm = (n: number): Val => x.i32(STATE + S.xmm + 16 * n);

export class VectorRegisters implements FloatFacts {
  private readonly f: Func;
  private readonly alone: LowestAlone;
  private readonly vectors = new Map<number, Val>();
  private readonly written = new Set<number>();
  private readonly lowest = new Map<number, Val>();
  private readonly lowestWritten = new Set<number>();
  known: VectorsKnown = NO_VECTORS_KNOWN;
  /** The present step's temporaries: what is known of numbers, which register a vector is a copy of, where a number is from. */
  private readonly numbers = new Map<number, Fact>();
  private readonly copies = new Map<number, number>();
  private readonly addresses = new Map<number, HostAddress>();
  /** Registers by the local of their lowest number. */
  private readonly owners = new Map<number, number>();

  constructor(f: Func, alone: LowestAlone) {
    this.f = f;
    this.alone = alone;
  }

  /** Code for the region's beginning. */
  load(): void {
    const { f } = this;
    for (const [n, to] of this.vectors) f.set(to, x.vectorLoad(128, xmm(n)));
    for (const [n, to] of this.lowest) f.set(to, float.floatLoad(to.ty === 'f64' ? 64 : 32, xmm(n)));
  }
  /** Code for its end. */
  save(): void {
    const { f } = this;
    for (const n of this.written) f.storeVector(128, xmm(n), this.vector(n));
    for (const [n, bits] of this.alone) {
      if (this.written.has(n) || this.lowestWritten.has(n)) f.storeFloat(xmm(n), this.lowestOf(n, bits));
    }
  }
  /** Temporaries are used anew. */
  endStep(): void {
    this.numbers.clear();
    this.copies.clear();
    this.addresses.clear();
  }

  private vector(n: number): Val {
    let found = this.vectors.get(n);
    if (found === undefined) {
      found = this.f.newLocal('v128');
      this.vectors.set(n, found);
    }
    return found;
  }
  private lowestOf(n: number, bits: FloatBits): Val {
    let found = this.lowest.get(n);
    if (found === undefined) {
      found = this.f.newLocal(bits === 64 ? 'f64' : 'f32');
      this.lowest.set(n, found);
      this.owners.set(found.n, n);
    }
    return found;
  }

  private setVector(n: number, v: Val): void {
    this.f.set(this.vector(n), v);
    this.written.add(n);
  }
  private setLowest(n: number, bits: FloatBits, v: Val, fact: Fact = { range: undefined }): void {
    this.f.set(this.lowestOf(n, bits), v);
    this.lowestWritten.add(n);
    this.known = { ...this.known, numbers: new Map(this.known.numbers).set(n, fact) };
  }
  private setWhole(n: number, whole: boolean): void {
    if (this.known.whole.has(n) === whole) return;
    const set = new Set(this.known.whole);
    if (whole) set.add(n);
    else set.delete(n);
    this.known = { ...this.known, whole: set };
  }

  /** The register's 16 bytes. */
  private whole(n: number): Val {
    const bits = this.alone.get(n);
    const vector = this.vector(n);
    if (bits === undefined || this.known.whole.has(n)) return vector;
    return float.withFirstLane(vector, this.lowestOf(n, bits));
  }

  register(n: number): VectorValue {
    const { f } = this;
    const bits = this.alone.get(n);
    const write = (v: Val): void => {
      const from = v.op === x.OP_LOCAL ? this.copies.get(v.n) : undefined;
      if (bits !== undefined && from !== undefined && this.alone.get(from) === bits) {
        this.setVector(n, this.vector(from));
        this.setLowest(n, bits, this.lowestOf(from, bits), this.factOf(from));
        this.setWhole(n, this.known.whole.has(from));
        return;
      }
      this.setVector(n, v);
      if (bits === undefined) return;
      this.setLowest(n, bits, float.firstLane(bits, this.vector(n)));
      this.setWhole(n, true);
    };
    return {
      register: true,
      read: () => {
        const copy = f.let(this.whole(n));
        this.copies.set(copy.n, n);
        return copy;
      },
      readLow: (wanted) => f.let(x.simd('v128', 0x4e, [this.whole(n), x.v128((1n << BigInt(wanted)) - 1n)])),
      readFloat: (wanted) => (bits === wanted ? this.lowestOf(n, bits) : f.let(float.firstLane(wanted, this.whole(n)))),
      write,
      writeFloat: (v) => {
        if (bits === (v.ty === 'f64' ? 64 : 32)) {
          this.setLowest(n, bits, v, this.numberOf(v));
          this.setWhole(n, false);
        } else write(f.let(float.withFirstLane(this.whole(n), v)));
      },
      writeFloatAlone: (v) => {
        if (bits === (v.ty === 'f64' ? 64 : 32)) {
          this.setLowest(n, bits, v, this.numberOf(v));
          this.setVector(n, x.v128(0n));
          this.setWhole(n, false);
        } else write(float.withFirstLane(x.v128(0n), v));
      },
      writeHigh: (v) => {
        const places = Array.from({ length: 16 }, (_, i) => (i < 8 ? i : i + 8));
        this.setVector(n, x.shuffle(this.vector(n), v, places));
      },
    };
  }

  /** A number that was read from memory, at this host address. */
  readFrom(v: Val, at: Val, offset: number): void {
    this.addresses.set(v.n, { at, offset });
  }

  private factOf(n: number): Fact {
    let found = this.known.numbers.get(n);
    if (found === undefined) {
      found = { range: undefined };
      this.known = { ...this.known, numbers: new Map(this.known.numbers).set(n, found) };
    }
    return found;
  }
  private numberOf(v: Val): Fact {
    if (v.op !== x.OP_LOCAL) return { range: undefined };
    const owner = this.owners.get(v.n);
    if (owner !== undefined) return this.factOf(owner);
    let found = this.numbers.get(v.n);
    if (found === undefined) {
      found = { range: undefined };
      this.numbers.set(v.n, found);
    }
    return found;
  }
  of(v: Val): Range | undefined {
    return this.numberOf(v).range;
  }
  same(a: Val, b: Val): boolean {
    return this.numberOf(a) === this.numberOf(b);
  }
  learn(v: Val, range: Range): void {
    const before = this.numberOf(v);
    const fact: Fact = { range };
    for (const [local, known] of this.numbers) if (known === before) this.numbers.set(local, fact);
    const numbers = [...this.known.numbers].map(([n, known]) => [n, known === before ? fact : known] as const);
    this.known = { ...this.known, numbers: new Map(numbers) };
  }
  highBits(v: Val): Val | undefined {
    const address = this.addresses.get(v.n);
    if (address === undefined) return undefined;
    return x.hostLoad(32, address.at, address.offset + (v.ty === 'f64' ? 4 : 0));
  }
}
