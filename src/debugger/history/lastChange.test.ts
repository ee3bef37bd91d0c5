import { expect, test } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { finish, History } from './history.ts';
import { lastChange } from './lastChange.ts';
import { readPieces, readRegister, piecesOf, type Target } from './target.ts';

const WATCHED: readonly Target[] = [
  { kind: 'msr', name: 'IA32_FMASK' },
  { kind: 'register', name: 'cr3' },
  { kind: 'descriptor', table: 'gdt', index: 5 },
  { kind: 'register', name: 'cs' },
];

test('the last change of several things is the last of all, one after the other back to the start', () => {
  const history = new History(emergence(['userprog']).machine);
  history.run(60_000);
  // A range of memory: the kernel's save area of the user's registers, by way of the stack it pushes to.
  finish(history.seek({ count: 20_000 }));
  const range: Target = { kind: 'memory', address: history.machine.cpu.reg(4) - 256n, bytes: 512 };
  finish(history.seek(history.end));
  const targets = [...WATCHED, range];
  const value = (target: Target): string => {
    const { cpu } = history.machine;
    const pieces = piecesOf(cpu, target);
    return pieces === undefined ? String(readRegister(cpu, target)) : readPieces(cpu, pieces).join();
  };
  let found = 0;
  for (let n = 0; n < 6; n++) {
    const before = history.position;
    const target = finish(lastChange(history, targets));
    if (target === undefined) break;
    found += 1;
    const old = value(target);
    expect(history.position.time).toBeLessThan(before.time);
    history.step();
    expect(value(target)).not.toBe(old);
    // Between the change and where it was looked for none of them changes.
    const after = targets.map(value);
    finish(history.seek(before));
    if (n === 0) expect(targets.map(value)).toEqual(after);
    finish(lastChange(history, targets));
  }
  expect(found).toBeGreaterThan(2);
});

test('what never changed is said to be so, and the machine stays', () => {
  const history = new History(emergence(['userprog']).machine);
  history.run(30_000);
  const { position } = history;
  expect(finish(lastChange(history, [{ kind: 'msr', name: 'IA32_CSTAR' }]))).toBeUndefined();
  expect(finish(lastChange(history, []))).toBeUndefined();
  expect(history.position).toEqual(position);
});
