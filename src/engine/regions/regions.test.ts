import { expect, test } from 'vitest';
import { RAM, S, STATE } from '../../cpu/layout.ts';
import { seededRandom } from '../../testing/random.ts';
import { allCases } from '../../testing/tools.ts';
import type { BareMachine } from '../oracle/bareMachine.ts';
import type { RegionPolicy } from './policy.ts';
import { cold, counting, floating, type Guest, movingData, remapping, rewriting, start } from './testing/hardGuests.ts';

const POLICIES: readonly RegionPolicy[] = ['on', 1];

function advance(machine: BareMachine, count: number): number {
  let done = 0;
  while (done < count) {
    const ran = machine.run(machine.cpu.rip, count - done);
    done += ran;
    if (machine.fault !== null) break;
  }
  return done;
}
/** What a guest can see: registers, flags, RIP and memory, accessed bits included. */
function expectSame(one: BareMachine, other: BareMachine): void {
  expect([one.cpu.rip, one.cpu.rflags]).toEqual([other.cpu.rip, other.cpu.rflags]);
  const state = ({ cpu }: BareMachine): Buffer => Buffer.from(cpu.bytes.subarray(STATE, STATE + S.zero));
  expect(state(one).toString('hex')).toBe(state(other).toString('hex'));
  const ram = ({ cpu }: BareMachine): Buffer => Buffer.from(cpu.bytes.buffer, RAM, cpu.memory.ramBytes);
  expect(Buffer.compare(ram(one), ram(other))).toBe(0);
}
/** Runs a guest with regions and without, in pieces of random length, and compares at the end of each. */
function expectSameRun(guest: Guest, regions: RegionPolicy, pieces: number, longest: number): BareMachine {
  const random = seededRandom(pieces);
  const [compiled, plain] = [start(guest, regions), start(guest, 'off')];
  for (let n = 0; n < pieces; n++) {
    const count = 1 + random(longest);
    expect(advance(compiled, count)).toBe(advance(plain, count));
    expectSame(compiled, plain);
  }
  return compiled;
}
const statistics = (machine: BareMachine) => {
  const { regions } = machine.engine;
  if (regions === undefined) throw new Error('regions are off');
  return { ...regions.statistics, inRegions: regions.compiled };
};

test.each(POLICIES)('a hot loop runs in a region, and stops where it should (%s)', (policy) => {
  const machine = expectSameRun(counting, policy, 60, 20_000);
  expect(statistics(machine).inRegions).toBeGreaterThan(100_000);
});

test.each(POLICIES)('floats of all kinds: what a region expects of them is mended a few times only (%s)', (policy) => {
  const machine = expectSameRun(floating, policy, 60, 20_000);
  const { unusual, inRegions } = statistics(machine);
  expect([unusual > 0, unusual < 12]).toEqual([true, true]);
  expect(inRegions).toBeGreaterThan(200_000);
});

test('what is off stays off', () => {
  const machine = start(counting, 'off');
  expect(advance(machine, 100_000)).toBe(100_000);
  expect(machine.engine.regions).toBeUndefined();
});

test.each(POLICIES)('code that is mapped elsewhere under its caller (%s)', (policy) => {
  const machine = expectSameRun(remapping, policy, 40, 30_000);
  expect(statistics(machine).inRegions).toBeGreaterThan(50_000);
  expect(machine.cpu.reg(8)).toBeGreaterThan(1000n);
});

test.each(POLICIES)('data that is mapped elsewhere between two runs of a loop (%s)', (policy) => {
  const machine = expectSameRun(movingData, policy, 40, 10_000);
  expect(statistics(machine).inRegions).toBeGreaterThan(20_000);
  expect(machine.cpu.reg(8)).toBeGreaterThan(100n);
});

test.each(POLICIES)('a page is kept as it was before the first write to it (%s)', (policy) => {
  const machine = start(counting, policy);
  const { tlb, view } = machine.cpu;
  advance(machine, 100_000);
  const content = (page: number): bigint => view.getBigUint64(RAM + page * 4096, true);
  const kept: bigint[] = [];
  tlb.onFirstWrite = (page) => kept.push(content(page));
  const data = Math.floor(machine.cpu.walker.walk(Number(machine.cpu.reg(6)), 0, 0, false, true) / 4096);
  for (let n = 1; n <= 3; n++) {
    const before = content(data);
    tlb.protectAll();
    advance(machine, 20_000);
    expect(kept.splice(0)).toEqual([before]);
  }
  expect(statistics(machine).inRegions).toBeGreaterThan(100_000);
});

test.each(POLICIES)('code that rewrites itself all the time is compiled a few times only (%s)', (policy) => {
  const machine = expectSameRun(rewriting, policy, 20, 2_000);
  expect(statistics(machine).compiled).toBeLessThan(40);
});

test('straight code without end is hardly compiled', { timeout: 600_000 }, () => {
  const bytes = (allCases ? 20 : 0.5) * 1_000_000;
  const guest = cold(bytes);
  const [compiled, plain] = [start(guest, 'on'), start(guest, 'off')];
  const count = (3 * bytes) / 5;
  expect(advance(compiled, count)).toBe(advance(plain, count));
  expectSame(compiled, plain);
  expect(statistics(compiled).bytes).toBeLessThan(4_000_000);
});
