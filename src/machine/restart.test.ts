import { expect, test } from 'vitest';
import { RAM } from '../cpu/layout.ts';
import { builtFile, recordedMachine } from '../testing/emergence.ts';

const LENGTH = 32 << 10;

/** A program filled up to one length, as the page makes them. */
function program(name: string): Uint8Array {
  const bytes = new Uint8Array(LENGTH);
  bytes.set(builtFile(name));
  return bytes;
}

const kernel = builtFile('emergence');
const files = (name: string) => ({ kernel, commandLine: '', modules: [{ name: 'userprog', bytes: program(name) }] });

function machineWith(name: string) {
  return recordedMachine({ ...files(name), memoryBytes: 16 << 20, cpu: 'intel' });
}

/** Runs a freshly booted machine to a guest time. */
function bootedTo(now: number, name: string) {
  const booted = machineWith(name);
  booted.machine.run(now, 0);
  return booted;
}

const ramOf = ({ cpu }: { cpu: { bytes: Uint8Array; memory: { ramBytes: number } } }): Buffer =>
  Buffer.from(cpu.bytes.buffer, RAM, cpu.memory.ramBytes);

test('a restart is the machine that was booted with the other program, before it was read', () => {
  const { machine, log } = machineWith('userprog');
  machine.run(3_000_000);
  expect(log()).toContain('RING3 OK');
  // The first time looks for the place; the others go back to it.
  for (const name of ['hello', 'userprog', 'hello', 'echo']) {
    const before = { count: machine.retired, elapsed: machine.elapsed, turns: machine.turns, log: log().length };
    machine.load(files(name), 'userprog');
    expect(machine.retired).toBe(before.count);
    expect(machine.elapsed).toBe(before.elapsed);
    expect(machine.turns).toBe(before.turns + 1);
    expect(machine.now()).toBeGreaterThan(5_000);
    const booted = bootedTo(machine.now(), name);
    expect(ramOf(machine).equals(ramOf(booted.machine))).toBe(true);
    expect(machine.cpu.rip).toBe(booted.machine.cpu.rip);
    const both = [machine, booted.machine];
    const reasons = both.map((m) => m.run(400_000));
    expect(reasons[0]).toBe(reasons[1]);
    expect(machine.now()).toBe(booted.machine.now());
    expect(ramOf(machine).equals(ramOf(booted.machine))).toBe(true);
    expect(log().slice(before.log)).toBe(booted.log());
  }
});

test('a program of another length, or another command line, is booted anew', () => {
  const { machine, log } = machineWith('userprog');
  machine.load(files('userprog'), 'userprog');
  const printed = log().length;
  const modules = [{ name: 'userprog', bytes: builtFile('hello') }];
  machine.load({ kernel, commandLine: 'flaws=none', modules }, 'userprog');
  machine.run(1_000_000);
  expect(log().slice(printed)).toContain('Hello from C in ring 3');
  machine.load(files('userprog'), 'userprog');
  machine.run(1_000_000);
  expect(log()).toContain('RING3 OK');
});

test('a kernel that never reads the module is reset', () => {
  const { machine, log } = machineWith('userprog');
  const modules = [...files('hello').modules, { name: 'unused', bytes: program('echo') }];
  machine.load({ kernel, commandLine: '', modules }, 'unused');
  machine.run(1_000_000);
  expect(log()).toContain('Hello from C in ring 3');
  machine.load(files('hello'), 'no such name');
  machine.run(1_000_000);
  expect(log().split('Hello from C in ring 3')).toHaveLength(3);
});

test('listeners and breakpoints of the debugger hear nothing of the search', () => {
  const { machine } = machineWith('userprog');
  machine.run(3_000_000);
  const heard: string[] = [];
  machine.observers.onException = ({ name }) => heard.push(name);
  machine.observers.onTransition(({ cause }) => heard.push(cause));
  machine.engine.breakpoints.add(machine.cpu.rip);
  machine.load(files('hello'), 'userprog');
  expect(heard).toEqual([]);
  expect(machine.engine.breakpoints.size).toBe(1);
  machine.run(1_000_000);
  expect(heard[0]).toBe('sysretq');
});
