import { expect, test } from 'vitest';
import { viewAt } from '../testing/views.ts';
import { callFrames, frameLabels } from './stack.ts';

const rsp0 = 0xffffffff80110000n;
const frame = new Map([
  [rsp0 - 40n, 0x40001en],
  [rsp0 - 32n, 0x23n],
  [rsp0 - 24n, 0x202n],
  [rsp0 - 16n, 0x7fffffffeff0n],
  [rsp0 - 8n, 0x1bn],
]);
const read = (address: bigint) => frame.get(address) ?? null;

function registersAt(rsp: bigint, cpl: 0 | 3) {
  const { registers } = viewAt(1, 0);
  const gpr = [...registers.gpr];
  gpr[4] = rsp;
  return { ...registers, gpr, cpl };
}

test('the frame of a crossing from ring 3 is named from RSP0 down', () => {
  const labels = frameLabels(registersAt(rsp0 - 0x80n, 0), rsp0, read);
  expect(labels.get(rsp0 - 40n)).toBe('saved RIP');
  expect(labels.get(rsp0 - 8n)).toBe('saved SS');
});

test('of a frame that is being pushed, what is there has its name', () => {
  expect([...frameLabels(registersAt(rsp0 - 16n, 0), rsp0, read).values()]).toEqual(['saved RSP', 'saved SS']);
});

test('nothing is named in ring 3, on another stack, or where no frame can be', () => {
  expect(frameLabels(registersAt(rsp0 - 0x80n, 3), rsp0, read).size).toBe(0);
  expect(frameLabels(registersAt(rsp0 - 0x80000n, 0), rsp0, read).size).toBe(0);
  expect(frameLabels(registersAt(rsp0 - 0x80n, 0), rsp0, () => 0n).size).toBe(0);
  expect(frameLabels(registersAt(rsp0, 0), rsp0, read).size).toBe(0);
});

test('frames are followed from RBP upwards, and no farther than they go up', () => {
  const rsp = rsp0 - 0x80n;
  const words = new Map([
    [rsp + 0x10n, rsp + 0x30n],
    [rsp + 0x30n, rsp + 0x10n],
  ]);
  const { registers } = viewAt(1, 0);
  const gpr = [...registers.gpr];
  gpr[4] = rsp;
  gpr[5] = rsp + 0x10n;
  const labels = callFrames({ ...registers, gpr }, (address) => words.get(address) ?? null);
  expect([...labels]).toEqual([
    [rsp + 0x10n, 'saved RBP (RBP points here)'],
    [rsp + 0x18n, 'return address'],
    [rsp + 0x30n, 'saved RBP'],
    [rsp + 0x38n, 'return address'],
  ]);
});
