/** Machines that wait for input: places in the middle of an idle time are found again, exactly. */
import { expect, test } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { seededRandom } from '../../testing/random.ts';
import { Session } from '../session.ts';
import { finish, History } from './history.ts';

const IDLE_LIMITS = [8_000_000, 100_000, 5_000] as const;

for (const seed of [2, 3, 5]) {
  test(`typed to while it waits and runs, it repeats (seed ${seed})`, () => {
    const random = seededRandom(seed);
    const { machine } = emergence(['echo']);
    const history = new History(machine);
    const session = new Session(machine, history);
    session.begin('ever');
    for (let n = 0; n < 60; n++) {
      session.advance(10_000 + random(400_000), IDLE_LIMITS[random(IDLE_LIMITS.length)]);
      const typed = `line ${n} of typing\r`.slice(0, 1 + random(20));
      if (random(2) === 1) session.type(new TextEncoder().encode(typed));
    }
    const end = history.position;
    const again = new History(emergence(['echo']).machine);
    again.adopt(history.events, end);
    finish(again.seek(end));
    expect(again.position).toEqual(end);
    expect(again.machine.hash()).toBe(machine.hash());
  });
}
