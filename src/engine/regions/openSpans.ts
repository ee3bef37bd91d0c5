/** The spans of the code that is being made, whose places in host memory are known. */
import type { Val } from '../../cpu/language/expr.ts';
import type { Func } from '../wasm/func.ts';
import type { Accessor, Span } from './accessSpans.ts';

/** A place in host memory: a constant distance from an address. */
export interface HostAddress {
  readonly at: Val;
  readonly offset: number;
}
interface OpenSpan {
  readonly span: Span;
  readonly at: Val;
  /** Distances, modulo 16, that are known to be of aligned addresses. */
  readonly aligned: Set<number>;
}

export class OpenSpans {
  private readonly f: Func;
  private readonly locals: Val[] = [];
  private present: readonly OpenSpan[] = [];

  constructor(f: Func) {
    this.f = f;
  }

  /** `find` sets a local to the host address of a span's first byte. */
  open(spans: readonly Span[], find: (span: Span, to: Val) => void): void {
    this.present = spans.map((span, n) => {
      const at = this.locals[n] ?? this.f.newLocal('i32');
      this.locals[n] = at;
      find(span, at);
      return { span, at, aligned: new Set() };
    });
  }
  close(): void {
    this.present = [];
  }

  /** Where an access goes, if that is known and allowed. */
  find(by: Accessor, bytes: number, write: boolean): HostAddress | undefined {
    for (const { span, at } of this.present) {
      const access = span.accesses.get(by);
      if (access !== undefined && bytes <= access.bytes && (span.write || !write)) return { at, offset: access.offset };
    }
    return undefined;
  }
  /** Whether an address of a span is the first of its kind that has to be aligned; others then are if it is. */
  firstAligned({ at, offset }: HostAddress): boolean {
    const open = this.present.find((one) => one.at === at);
    if (open === undefined || open.aligned.has(offset % 16)) return false;
    open.aligned.add(offset % 16);
    return true;
  }
}
