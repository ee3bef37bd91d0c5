import { expect, test } from 'vitest';
import { nodeSize, treeNodes } from './pageTree.ts';

test('pages next to each other with the same rights stand together; a structure stands alone', () => {
  const pages = [0, 1, 2, 4].map((index) => ({ index, entry: BigInt(0x5000 + index * 0x1000) | 7n }));
  const nodes = treeNodes([...pages, { index: 5, entry: 0x9003n }], 1, 0x400000n);
  expect(nodes.map(({ first, last }) => [first, last])).toEqual([
    [0, 2],
    [4, 4],
    [5, 5],
  ]);
  expect(nodes[0]).toMatchObject({ from: 0x400000n, to: 0x402fffn, below: null });
  expect(nodes.map(nodeSize)).toEqual(['3 pages of 4 KiB', 'page of 4 KiB', 'page of 4 KiB']);
});

test('the upper half has canonical addresses, and structures lead on', () => {
  const [node] = treeNodes([{ index: 511, entry: 0x12_3067n }], 4, 0n);
  expect(node).toMatchObject({ from: 0xffffff8000000000n, to: 0xffffffffffffffffn, below: 0x12_3000n });
});
