import { expect, test } from 'vitest';
import { cancelled, Driver } from './drive.ts';
import { inTurn } from './inTurn.ts';

/** Work without an end, of a little time each turn, in whose middle a cancel arrives. */
function* endless(done: { turns: number }, cancel: () => void): Generator<number, string> {
  const began = performance.now();
  for (;;) {
    const until = performance.now() + 2;
    while (performance.now() < until);
    done.turns += 1;
    if (performance.now() - began > 400) cancel();
    yield 1000;
  }
}

test('short work is done at once and nothing is told of it', async () => {
  const told: (number | null)[] = [];
  function* short(): Generator<number, string> {
    yield 5;
    return 'there';
  }
  expect(await new Driver().drive(short(), (n) => told.push(n))).toBe('there');
  expect(told).toEqual([]);
});

test('long work tells how far it is, hears a cancel, and says so', async () => {
  const driver = new Driver();
  const done = { turns: 0 };
  const told: (number | null)[] = [];
  const cancel = (): void => driver.cancel();
  expect(await driver.drive(endless(done, cancel), (n) => told.push(n))).toBe(cancelled);
  expect(done.turns).toBeGreaterThan(2);
  expect(told.length).toBeGreaterThan(1);
  expect(told.at(-1)).toBeNull();
});

test('work that has a way back goes it instead, once', async () => {
  const driver = new Driver();
  let wayBack = 0;
  function* work(): Generator<number, string> {
    driver.cancel();
    while (wayBack === 0) yield 1;
    return 'back';
  }
  const answer = await driver.drive(
    work(),
    () => undefined,
    () => {
      wayBack += 1;
    },
  );
  expect([answer, wayBack]).toEqual(['back', 1]);
});

test('a cancel when nothing is under way ends nothing later', async () => {
  const driver = new Driver();
  driver.cancel();
  function* work(): Generator<number, string> {
    const until = performance.now() + 40;
    while (performance.now() < until) yield 1;
    return 'there';
  }
  expect(await driver.drive(work(), () => undefined)).toBe('there');
});

test('commands wait for the ones before them, also for those that fail', async () => {
  const order: string[] = [];
  const commands = inTurn({
    async slow() {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('slow');
    },
    failing() {
      order.push('failing');
      throw new Error('no');
    },
    quick(what: string) {
      order.push(what);
      return what;
    },
  });
  const all = [commands.slow(), commands.failing(), commands.quick('quick')] as Promise<unknown>[];
  const ends = await Promise.allSettled(all);
  expect(order).toEqual(['slow', 'failing', 'quick']);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
