/** Entries of a paging structure as a tree is drawn of them: like neighbours that map pages stand together. */
import type { TableEntry } from '../../worker/protocol.ts';

export type Level = 1 | 2 | 3 | 4;

export interface TreeNode {
  readonly level: Level;
  /** First and last index; one entry when they are equal. */
  readonly first: number;
  readonly last: number;
  readonly entry: bigint;
  /** Linear addresses from the first byte to the last. */
  readonly from: bigint;
  readonly to: bigint;
  /** Physical address of the structure below; null for what maps pages. */
  readonly below: bigint | null;
}

const ADDRESS = 0xffffffffff000n;
/** Bits that decide about an access, and PS. */
const RIGHTS = (1n << 63n) | 0x87n;

const bytesOf = (level: Level): bigint => 1n << BigInt(12 + 9 * (level - 1));
const canonical = (address: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(48, address));
const isLeaf = (level: Level, entry: bigint): boolean => level === 1 || ((entry & 0x80n) !== 0n && level < 4);

/** Nodes of one structure that begins at linear address `base`. */
export function treeNodes(entries: readonly TableEntry[], level: Level, base: bigint): TreeNode[] {
  const bytes = bytesOf(level);
  const nodes: TreeNode[] = [];
  for (const { index, entry } of entries) {
    const leaf = isLeaf(level, entry);
    const start = base + BigInt(index) * bytes;
    const before = nodes.at(-1);
    const joins =
      leaf &&
      before !== undefined &&
      before.below === null &&
      before.last === index - 1 &&
      ((before.entry ^ entry) & RIGHTS) === 0n;
    if (joins) nodes[nodes.length - 1] = { ...before, last: index, to: canonical(start + bytes - 1n) };
    else {
      nodes.push({
        level,
        first: index,
        last: index,
        entry,
        from: canonical(start),
        to: canonical(start + bytes - 1n),
        below: leaf ? null : entry & ADDRESS,
      });
    }
  }
  return nodes;
}

const units: readonly (readonly [bigint, string])[] = [
  [1n << 30n, 'GiB'],
  [1n << 20n, 'MiB'],
  [1n << 10n, 'KiB'],
];

/** "12 pages of 4 KiB", "2 MiB page", or what stands below. */
export function nodeSize({ level, first, last, below }: TreeNode): string {
  const bytes = bytesOf(level);
  const [unit, name] = units.find(([size]) => bytes >= size) ?? [1n, 'B'];
  const size = `${bytes / unit} ${name}`;
  if (below !== null) return size;
  return first === last ? `page of ${size}` : `${last - first + 1} pages of ${size}`;
}
