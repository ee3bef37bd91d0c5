import { expect, test } from 'vitest';
import type { BareMachine } from './oracle/bareMachine.ts';
import type { RegionPolicy } from './regions/policy.ts';
import { counting, start } from './regions/testing/hardGuests.ts';

const CODE = 0x10000000n;
/** The store in the loop of `counting`, and the loop's first instruction. */
const [STORE, FIRST] = [CODE + 8n, CODE + 5n];
const POLICIES: readonly RegionPolicy[] = ['off', 'on', 1];

function setBreakpoints(machine: BareMachine, addresses: readonly bigint[]): void {
  const { engine } = machine;
  engine.breakpoints.clear();
  for (const address of addresses) engine.breakpoints.add(address);
  engine.breakpointsChanged();
}
function run(machine: BareMachine, count: number): number {
  let done = 0;
  while (done < count) {
    done += machine.run(machine.cpu.rip, count - done);
    if (machine.engine.pause === 'breakpoint') break;
  }
  return done;
}

test.each(POLICIES)('a breakpoint in code that runs is met at once, and not after it is gone (%s)', (policy) => {
  const machine = start(counting, policy);
  expect(run(machine, 100_000)).toBe(100_000);
  for (const address of [STORE, FIRST, STORE]) {
    setBreakpoints(machine, [address]);
    for (let n = 0; n < 3; n++) {
      expect(run(machine, 100_000)).toBeLessThanOrEqual(8);
      expect([machine.engine.pause, machine.cpu.rip]).toEqual(['breakpoint', address]);
    }
    setBreakpoints(machine, []);
    expect(run(machine, 10_000)).toBe(10_000);
  }
});

test('a breakpoint that code has no instruction at leaves what is compiled of it', () => {
  const machine = start(counting, 'on');
  run(machine, 100_000);
  const compiled = (): unknown => machine.engine.view().regions;
  const before = compiled();
  expect(before).toHaveLength(1);
  const inRegions = machine.engine.compiled;
  setBreakpoints(machine, [CODE + 0x800n]);
  run(machine, 20_000);
  setBreakpoints(machine, []);
  run(machine, 20_000);
  expect(compiled()).toEqual(before);
  expect(machine.engine.compiled - inRegions).toBeGreaterThan(35_000);
  setBreakpoints(machine, [STORE]);
  expect(compiled()).toEqual([]);
});
