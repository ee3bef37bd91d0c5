/** WebAssembly binary encoding: a byte writer and a module assembler. */

import type { Ty } from '../../cpu/language/expr.ts';

export class Bytes {
  private buf = new Uint8Array(4096);
  length = 0;

  u8(b: number): void {
    if (this.length === this.buf.length) {
      const grown = new Uint8Array(this.buf.length * 2);
      grown.set(this.buf);
      this.buf = grown;
    }
    this.buf[this.length++] = b;
  }

  /** Unsigned LEB128. */
  u32(v: number): void {
    v >>>= 0;
    while (v >= 0x80) {
      this.u8((v & 0x7f) | 0x80);
      v >>>= 7;
    }
    this.u8(v);
  }

  /** Signed LEB128 of a 32-bit value. */
  s32(v: number): void {
    v |= 0;
    for (;;) {
      const b = v & 0x7f;
      v >>= 7;
      if ((v === 0 && !(b & 0x40)) || (v === -1 && b & 0x40)) return this.u8(b);
      this.u8(b | 0x80);
    }
  }

  /** Signed LEB128 of a 64-bit value. */
  s64(big: bigint): void {
    let v = BigInt.asIntN(64, big);
    if (v >= -0x80000000n && v < 0x80000000n) return this.s32(Number(v));
    for (;;) {
      const b = Number(v & 0x7fn);
      v >>= 7n;
      if ((v === 0n && !(b & 0x40)) || (v === -1n && b & 0x40)) return this.u8(b);
      this.u8(b | 0x80);
    }
  }

  append(other: Bytes | Uint8Array | readonly number[]): void {
    const src = other instanceof Bytes ? other.view() : other;
    if (this.length + src.length > this.buf.length) {
      const grown = new Uint8Array(2 * (this.length + src.length));
      grown.set(this.view());
      this.buf = grown;
    }
    this.buf.set(src, this.length);
    this.length += src.length;
  }

  name(s: string): void {
    this.u32(s.length);
    for (let i = 0; i < s.length; i++) this.u8(s.charCodeAt(i));
  }

  view(): Uint8Array {
    return this.buf.subarray(0, this.length);
  }
}

const TYPE_CODE: Record<Ty, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

export interface Signature {
  readonly params: readonly Ty[];
  readonly results: readonly Ty[];
}

interface Body {
  readonly type: number;
  readonly code: Bytes;
  readonly locals: readonly Ty[];
}

/** One module: imported memory, table and functions, own functions. */
export class ModuleBuilder {
  private readonly types: Signature[] = [];
  private readonly imports: { name: string; type: number }[] = [];
  private readonly bodies: Body[] = [];
  private readonly exports: { name: string; index: number }[] = [];
  private table = '';

  /** Imports a table of functions, for `callIndirect`. */
  importTable(name: string): void {
    this.table = name;
  }

  typeIndex(sig: Signature): number {
    const key = JSON.stringify(sig);
    const found = this.types.findIndex((t) => JSON.stringify(t) === key);
    return found >= 0 ? found : this.types.push(sig) - 1;
  }

  /** Imports come before own functions; returns the function index. */
  importFunction(name: string, sig: Signature): number {
    return this.imports.push({ name, type: this.typeIndex(sig) }) - 1;
  }

  addFunction(sig: Signature, locals: readonly Ty[], code: Bytes, exportAs?: string): number {
    const index = this.imports.length + this.bodies.push({ type: this.typeIndex(sig), code, locals }) - 1;
    if (exportAs !== undefined) this.exports.push({ name: exportAs, index });
    return index;
  }

  build(): Uint8Array<ArrayBuffer> {
    const out = new Bytes();
    out.append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    this.section(out, 1, this.types.length, (b, i) => {
      const t = this.types[i]!;
      b.u8(0x60);
      b.u32(t.params.length);
      for (const p of t.params) b.u8(TYPE_CODE[p]);
      b.u32(t.results.length);
      for (const r of t.results) b.u8(TYPE_CODE[r]);
    });
    this.section(out, 2, this.imports.length + (this.table === '' ? 1 : 2), (b, i) => {
      b.name('e');
      const imported = this.imports[i];
      if (imported !== undefined) {
        b.name(imported.name);
        b.u8(0);
        b.u32(imported.type);
      } else if (i === this.imports.length) {
        b.name('memory');
        b.append([2, 0]);
        b.u32(1);
      } else {
        b.name(this.table);
        b.append([1, 0x70, 0]);
        b.u32(1);
      }
    });
    this.section(out, 3, this.bodies.length, (b, i) => b.u32(this.bodies[i]!.type));
    this.section(out, 7, this.exports.length, (b, i) => {
      b.name(this.exports[i]!.name);
      b.u8(0);
      b.u32(this.exports[i]!.index);
    });
    this.section(out, 10, this.bodies.length, (b, i) => {
      const { locals, code } = this.bodies[i]!;
      const head = new Bytes();
      const runs: { ty: Ty; n: number }[] = [];
      for (const ty of locals) {
        const last = runs[runs.length - 1];
        if (last !== undefined && last.ty === ty) last.n++;
        else runs.push({ ty, n: 1 });
      }
      head.u32(runs.length);
      for (const r of runs) {
        head.u32(r.n);
        head.u8(TYPE_CODE[r.ty]);
      }
      b.u32(head.length + code.length + 1);
      b.append(head);
      b.append(code);
      b.u8(0x0b);
    });
    return new Uint8Array(out.view());
  }

  private section(out: Bytes, id: number, count: number, item: (b: Bytes, i: number) => void): void {
    if (count === 0) return;
    const body = new Bytes();
    body.u32(count);
    for (let i = 0; i < count; i++) item(body, i);
    out.u8(id);
    out.u32(body.length);
    out.append(body);
  }
}
