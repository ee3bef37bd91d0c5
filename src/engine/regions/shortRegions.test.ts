import { expect, test } from 'vitest';
import { BareMachine } from '../oracle/bareMachine.ts';

const [CODE, PAGE] = [0x10000000, 0x1000];

/** How many regions code got after it ran for a while, and how many places were refused as too short. */
function compiledOf(code: readonly number[]): readonly [number, number] {
  const machine = new BareMachine({ mode: 64, cpl: 0, regions: 'on' });
  machine.write(machine.map(CODE, PAGE), Uint8Array.from(code));
  const count = 100_000;
  for (let done = 0; done < count; ) done += machine.run(done === 0 ? BigInt(CODE) : machine.cpu.rip, count - done);
  const { statistics } = machine.engine.view();
  return [statistics.compiled, statistics.refused.short];
}

const [XOR_EAX, CPUID] = [
  [0x31, 0xc0],
  [0x0f, 0xa2],
];
const back = (length: number): number[] => [0xeb, 254 - length];

test('a few instructions without a loop stay with the interpreter', () => {
  expect(compiledOf([...XOR_EAX, ...CPUID, ...back(4)])).toEqual([0, 1]);
});
test('more of them are compiled, and so is a loop of a few', () => {
  const many = Array.from({ length: 10 }, () => XOR_EAX).flat();
  expect(compiledOf([...many, ...CPUID, ...back(22)])).toEqual([1, 0]);
  expect(compiledOf([...XOR_EAX, ...back(2)])).toEqual([1, 0]);
});
