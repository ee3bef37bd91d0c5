/** Entries of a paging structure as a tree is drawn of them: like neighbours that map pages stand together. */
import type { TableEntry, TableView } from '../../worker/protocol.ts';

export interface TreeNode {
  /** What the structure is called: "PML4". */
  readonly structure: string;
  /** First and last index; one entry when they are equal. */
  readonly first: number;
  readonly last: number;
  readonly entry: bigint;
  /** False when the entry says nothing about rights. */
  readonly hasRights: boolean;
  /** Linear addresses from the first byte to the last. */
  readonly from: bigint;
  readonly to: bigint;
  /** Bytes that one entry covers. */
  readonly covers: bigint;
  /** Physical address of the structure below; null for what maps pages. */
  readonly below: bigint | null;
}

/** Bits that decide about an access, and PS. */
const RIGHTS = (1n << 63n) | 0x87n;

const canonical = (address: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(48, address));

function joins(before: TreeNode | undefined, { index, entry, below }: TableEntry): before is TreeNode {
  if (before === undefined || below !== null || before.below !== null) return false;
  return before.last === index - 1 && ((before.entry ^ entry) & RIGHTS) === 0n;
}

/** Nodes of one structure that begins at linear address `base`. */
export function treeNodes({ name, paging, covers, entries }: TableView, base: bigint): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (const found of entries) {
    const { index, entry, below } = found;
    const start = base + BigInt(index) * covers;
    const before = nodes.at(-1);
    const to = canonical(start + covers - 1n);
    if (joins(before, found)) {
      nodes[nodes.length - 1] = { ...before, last: index, to };
      continue;
    }
    nodes.push({
      structure: name.replace(/E$/, ''),
      first: index,
      last: index,
      entry,
      hasRights: paging !== 'PAE' || name !== 'PDPTE',
      from: canonical(start),
      to,
      covers,
      below,
    });
  }
  return nodes;
}

const units: readonly (readonly [bigint, string])[] = [
  [1n << 30n, 'GiB'],
  [1n << 20n, 'MiB'],
  [1n << 10n, 'KiB'],
];

/** "12 pages of 4 KiB", "2 MiB page", or what stands below. */
export function nodeSize({ covers, first, last, below }: TreeNode): string {
  const [unit, name] = units.find(([size]) => covers >= size) ?? [1n, 'B'];
  const size = `${covers / unit} ${name}`;
  if (below !== null) return size;
  return first === last ? `page of ${size}` : `${last - first + 1} pages of ${size}`;
}
