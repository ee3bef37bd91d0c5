/**
 * The control flow of a region, prepared for WebAssembly's structured control: a walk over the dominator tree makes a
 * loop where an edge comes back, and a block around each node where paths meet (after Ramsey, "Beyond Relooper", 2022).
 */

/** Nodes are 0 to n - 1, of which 0 is the root; all are reached from it. */
export class FlowGraph {
  readonly successors: readonly (readonly number[])[];
  /** Reverse postorder: every edge that does not come back goes to a higher rank. */
  readonly rank: Int32Array;
  private readonly order: number[] = [];
  private readonly parents: Int32Array;
  private readonly headers: Uint8Array;
  private readonly merges: Uint8Array;
  private readonly children: number[][];

  /** `tabled(n)`: the node picks its successors by a table, so that each needs a label. */
  constructor(successors: readonly (readonly number[])[], tabled: (n: number) => boolean) {
    this.successors = successors;
    const count = successors.length;
    this.rank = new Int32Array(count).fill(-1);
    this.parents = new Int32Array(count).fill(-1);
    this.headers = new Uint8Array(count);
    this.merges = new Uint8Array(count);
    this.children = Array.from({ length: count }, () => []);
    this.sort();
    const predecessors = this.predecessors();
    this.dominate(predecessors);
    for (const n of this.order) {
      const from = (predecessors[n] as number[]).filter((p) => this.forward(p, n));
      if (from.length !== (predecessors[n] as number[]).length) this.headers[n] = 1;
      if (from.length > 1 || from.some((p) => tabled(p))) this.merges[n] = 1;
      if (n !== 0) (this.children[this.parents[n] as number] as number[]).push(n);
    }
  }

  reached(n: number): boolean {
    return (this.rank[n] as number) >= 0;
  }
  forward(from: number, to: number): boolean {
    return (this.rank[to] as number) > (this.rank[from] as number);
  }
  /** Whether an edge that comes back lands on a node that dominates its source: what a loop can express. */
  structured(from: number, to: number): boolean {
    return this.forward(from, to) || this.dominates(to, from);
  }
  isHeader(n: number): boolean {
    return this.headers[n] === 1;
  }
  isMerge(n: number): boolean {
    return this.merges[n] === 1;
  }
  /** Merge nodes immediately dominated by `n`, last in order first. */
  mergesUnder(n: number): number[] {
    const found = (this.children[n] as number[]).filter((c) => this.isMerge(c));
    return found.sort((a, b) => (this.rank[b] as number) - (this.rank[a] as number));
  }
  /** Nodes in order. */
  get nodes(): readonly number[] {
    return this.order;
  }

  private sort(): void {
    const seen = new Uint8Array(this.successors.length);
    const post: number[] = [];
    const stack: { readonly n: number; next: number }[] = [{ n: 0, next: 0 }];
    seen[0] = 1;
    for (let top = stack[0]; top !== undefined; top = stack[stack.length - 1]) {
      const to = (this.successors[top.n] as readonly number[])[top.next++];
      if (to === undefined) {
        post.push(top.n);
        stack.pop();
      } else if (seen[to] === 0) {
        seen[to] = 1;
        stack.push({ n: to, next: 0 });
      }
    }
    this.order.push(...post.reverse());
    this.order.forEach((n, i) => {
      this.rank[n] = i;
    });
  }

  private predecessors(): number[][] {
    const found: number[][] = this.successors.map(() => []);
    for (const n of this.order)
      for (const to of this.successors[n] as readonly number[]) (found[to] as number[]).push(n);
    return found;
  }

  /** Immediate dominators, by Cooper, Harvey and Kennedy's iteration. */
  private dominate(predecessors: readonly (readonly number[])[]): void {
    const { parents } = this;
    parents[0] = 0;
    for (let changed = true; changed; ) {
      changed = false;
      for (const n of this.order) {
        if (n === 0) continue;
        let best = -1;
        for (const p of predecessors[n] as readonly number[]) {
          if (parents[p] !== -1) best = best === -1 ? p : this.meet(best, p);
        }
        if (parents[n] !== best) {
          parents[n] = best;
          changed = true;
        }
      }
    }
  }
  private meet(a: number, b: number): number {
    const { rank, parents } = this;
    let [one, other] = [a, b];
    while (one !== other) {
      while ((rank[one] as number) > (rank[other] as number)) one = parents[one] as number;
      while ((rank[other] as number) > (rank[one] as number)) other = parents[other] as number;
    }
    return one;
  }
  private dominates(a: number, b: number): boolean {
    let n = b;
    while ((this.rank[n] as number) > (this.rank[a] as number)) n = this.parents[n] as number;
    return n === a;
  }
}
