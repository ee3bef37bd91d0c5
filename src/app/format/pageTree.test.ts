import { expect, test } from 'vitest';
import { nodeSize, treeNodes } from './pageTree.ts';

const table = { paging: '4-level', name: 'PTE', at: 0n, covers: 0x1000n } as const;

test('pages next to each other with the same rights stand together; a structure stands alone', () => {
  const pages = [0, 1, 2, 4].map((index) => ({ index, entry: BigInt(0x5000 + index * 0x1000) | 7n, below: null }));
  const entries = [...pages, { index: 5, entry: 0x9003n, below: null }];
  const nodes = treeNodes({ ...table, entries }, 0x400000n);
  expect(nodes.map(({ first, last }) => [first, last])).toEqual([
    [0, 2],
    [4, 4],
    [5, 5],
  ]);
  expect(nodes[0]).toMatchObject({ from: 0x400000n, to: 0x402fffn, below: null });
  expect(nodes.map(nodeSize)).toEqual(['3 pages of 4 KiB', 'page of 4 KiB', 'page of 4 KiB']);
});

test('the upper half has canonical addresses, and structures lead on', () => {
  const entries = [{ index: 511, entry: 0x12_3067n, below: 0x12_3000n }];
  const [node] = treeNodes({ ...table, name: 'PML4E', covers: 1n << 39n, entries }, 0n);
  expect(node).toMatchObject({
    structure: 'PML4',
    from: 0xffffff8000000000n,
    to: 0xffffffffffffffffn,
    below: 0x12_3000n,
  });
});

test('pages of 4 MiB, and the four entries of PAE paging that say nothing about rights', () => {
  const large = [0, 1].map((index) => ({ index, entry: BigInt(index << 22) | 0x83n, below: null }));
  const nodes = treeNodes({ paging: '32-bit', name: 'PDE', at: 0n, covers: 1n << 22n, entries: large }, 0n);
  expect(nodes.map(nodeSize)).toEqual(['2 pages of 4 MiB']);
  const entries = [{ index: 3, entry: 0x5001n, below: 0x5000n }];
  const [node] = treeNodes({ paging: 'PAE', name: 'PDPTE', at: 0n, covers: 1n << 30n, entries }, 0n);
  expect(node).toMatchObject({ structure: 'PDPT', from: 0xc0000000n, to: 0xffffffffn, hasRights: false });
});
