/**
 * How a region finds the host address of a guest access: where the last one of its group went, or through the TLB that
 * the interpreter uses. Nothing changes a TLB while a region runs; whether it allows less than before is asked at the
 * region's beginning.
 */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import { PAGE_CELL, PAGE_CELLS, R, TLB_ENTRY } from '../../cpu/layout.ts';
import { tlbIndex, tlbTag } from '../interpreter/tlbEntry.ts';
import type { Func, Label } from '../wasm/func.ts';
import type { Span } from './accessSpans.ts';

const PAGE = 4096;

export class MemoryAccess {
  private readonly f: Func;
  /** Host address of the TLB. */
  private readonly tlb: Val;
  /** Host address of the region's cells. */
  private readonly at: number;
  private readonly groups: ReadonlySet<string>;
  private readonly leaveIf: (when: Val) => void;
  /** Host addresses of the cells in use, by group and kind of access. */
  private readonly cells = new Map<string, number>();

  /** `groups` have cells. `leaveIf` leaves the region where its condition holds. */
  constructor(f: Func, tlb: Val, slot: number, groups: ReadonlySet<string>, leaveIf: (when: Val) => void) {
    this.f = f;
    this.tlb = tlb;
    this.at = PAGE_CELLS + slot * PAGE_CELL.slotBytes;
    this.groups = groups;
    this.leaveIf = leaveIf;
  }

  /** At the region's beginning: empties the cells unless they still hold. */
  prologue(): void {
    const { f, at, cells, tlb } = this;
    if (cells.size === 0) return;
    const generation = f.let(x.hostLoad(32, x.i32(R.generation)));
    const [noted, notedTlb] = [PAGE_CELL.generation, PAGE_CELL.tlb].map((field) => x.hostLoad(32, x.i32(at + field)));
    f.if(x.or(x.xor(noted as Val, generation), x.xor(notedTlb as Val, tlb)), () => {
      f.store(32, x.i32(at + PAGE_CELL.generation), generation);
      f.store(32, x.i32(at + PAGE_CELL.tlb), tlb);
      for (const cell of cells.values()) f.store(64, x.i32(cell + PAGE_CELL.page), x.i64(-1n));
    });
  }

  private cell(group: string, write: boolean): number | undefined {
    const key = `${write ? 'write' : 'read'} ${group}`;
    let cell = this.cells.get(key);
    if (cell === undefined && this.groups.has(group) && this.cells.size < PAGE_CELL.most) {
      cell = this.at + PAGE_CELL.first + this.cells.size * PAGE_CELL.bytes;
      this.cells.set(key, cell);
    }
    return cell;
  }

  /**
   * Host address of an access that the TLB answers; leaves the region for pages not in it and accesses across two.
   * `aligned`: it is known to be.
   */
  host(size: Size | 128, linear: Val, write: boolean, group: string, aligned = false): Val {
    const { f } = this;
    const ea = f.let(linear);
    const low = x.wrap(ea);
    const cell = this.cell(group, write);
    const lookUp = (page: Val): Val => this.lookUp(low, page, write, this.leaveIf);
    if (cell === undefined) return f.let(x.add(lookUp(tlbTag(ea, size)), low));
    const [page, delta] = [x.i32(cell + PAGE_CELL.page), x.i32(cell + PAGE_CELL.delta)];
    f.if(elsewhere(ea, size, aligned, x.hostLoad(64, page)), () => {
      const present = f.let(tlbTag(ea, size));
      const found = lookUp(present);
      f.store(64, page, present);
      f.store(32, delta, found);
    });
    return f.let(x.add(x.hostLoad(32, delta), low));
  }
  /** What to add to an address in a page, from the TLB. */
  private lookUp(low: Val, page: Val, write: boolean, otherwise: (when: Val) => void): Val {
    const entry = this.f.let(x.add(this.tlb, tlbIndex(low)));
    otherwise(x.ne(x.hostLoad(64, entry, write ? TLB_ENTRY.write : TLB_ENTRY.read), page));
    return x.hostLoad(32, entry, TLB_ENTRY.delta);
  }

  /** Sets `to` to the host address of a span's first byte; goes to `other` unless the TLB answers for all of it. */
  span(to: Val, linear: Val, { bytes, write, group }: Span, other: Label): void {
    const { f } = this;
    const ea = f.let(linear);
    const low = x.wrap(ea);
    const unless = (when: Val): void => f.brIf(other, when);
    const page = x.and(ea, x.i64(BigInt(-PAGE)));
    const found = (): Val => this.lookUp(low, page, write, unless);
    const across = (): void => {
      // Two pages that follow each other in host memory too.
      const next = f.let(x.add(page, x.i64(BigInt(PAGE))));
      f.set(to, found());
      unless(x.ne(this.lookUp(x.wrap(next), next, write, unless), to));
      f.set(to, x.add(to, low));
    };
    const inside = (): void => {
      const cell = this.cell(group, write);
      if (cell === undefined) return f.set(to, x.add(found(), low));
      const delta = x.i32(cell + PAGE_CELL.delta);
      f.if(x.ne(x.hostLoad(64, x.i32(cell + PAGE_CELL.page)), page), () => {
        const present = found();
        f.store(64, x.i32(cell + PAGE_CELL.page), page);
        f.store(32, delta, present);
      });
      f.set(to, x.add(x.hostLoad(32, delta), low));
    };
    f.if(x.gtU(x.and(low, x.i32(PAGE - 1)), x.i32(PAGE - bytes)), across, inside);
  }
}

/**
 * Whether an access is not all inside a page. Numbers that are not aligned are said not to be, to be looked up: one
 * comparison is then enough for the others, which are nearly all there are.
 */
function elsewhere(ea: Val, size: Size | 128, aligned: boolean, page: Val): Val {
  if (size !== 128 || aligned) return x.ne(page, x.and(ea, x.i64(BigInt(~(PAGE - 1) | (size / 8 - 1)))));
  const across = x.gtU(x.and(x.wrap(ea), x.i32(PAGE - 1)), x.i32(PAGE - size / 8));
  return x.or(x.ne(page, x.and(ea, x.i64(BigInt(-PAGE)))), across);
}
