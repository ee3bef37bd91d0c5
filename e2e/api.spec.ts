/** `window.playground`, through the fixture that others' tests use too. */
import { expect, test } from './fixtures.ts';

const PROGRAM = `#include "syscall.h"
    .text
    .globl _start
_start:
    movq $SYS_write, %rax
    movq $1, %rdi
    leaq message(%rip), %rsi
    movq $message_end - message, %rdx
    syscall
    movq $SYS_exit, %rax
    movl $7, %edi
    syscall
    .section .rodata
message: .ascii "from a script\\n"
message_end:
`;

test('a script follows a SYSCALL into the kernel and goes back out of it', async ({ playground }) => {
  const start = await playground.state();
  expect(start).toMatchObject({ state: 'stopped', cpl: 3, faults: [] });
  const rip = await playground.read('RIP');
  const flags = await playground.read('rflags');

  const inside = await playground.step();
  expect(inside).toMatchObject({ cpl: 0, symbol: 'syscall_entry', instructions: start.instructions + 1 });
  const registers = await playground.registers();
  expect(registers).toMatchObject({ CPL: 0n, CS: 8n, SS: 0x10n, RCX: rip + 2n, R11: flags });
  expect(registers['RIP']).toBe(registers['IA32_LSTAR']);

  expect(await playground.stepBack()).toMatchObject({ cpl: 3, instructions: start.instructions });
  const micro = await playground.microStep(3);
  expect(micro).toMatchObject({ cpl: 3, instructions: start.instructions });
  expect(await playground.read('RCX')).toBe(rip + 2n);
  await playground.microStepBack();
  expect(await playground.read('RCX')).not.toBe(rip + 2n);
});

test('a program is loaded, runs, prints and ends; its wrong twin is refused with its line', async ({ playground }) => {
  await playground.load({ program: PROGRAM });
  const end = await playground.run();
  expect(end).toMatchObject({ state: 'off' });
  expect(await playground.waitForOutput('from a script')).toContain('exited with code: 7');
  await expect(playground.load({ program: PROGRAM.replace('syscall\n', 'syscal\n') })).rejects.toThrow(/line 9/);
  await expect(playground.waitForOutput('never printed', 50)).rejects.toThrow('was not printed within 50 ms');
});

test('memory, events, breakpoints and changes of state', async ({ playground, page }) => {
  const { rip, instructions } = await playground.state();
  expect(await playground.readMemory(rip, 2)).toEqual([0x0f, 0x05]);
  const [address] = [await playground.read('IA32_LSTAR')];
  await playground.setBreakpoints([address ?? 0n]);
  expect(await playground.run()).toMatchObject({ cpl: 0, rip: address });
  await playground.setBreakpoints([]);

  await playground.write('RBX', 0x77n);
  expect(await playground.read('RBX')).toBe(0x77n);
  await playground.runBackToChange([
    { kind: 'register', name: 'rbx' },
    { kind: 'memory', address: 0n, bytes: 4096 },
  ]);
  expect(await playground.read('RBX')).not.toBe(0x77n);
  await playground.write({ kind: 'msr', name: 'IA32_LSTAR' }, 0xdead000n);
  expect(await playground.read('IA32_LSTAR')).toBe(0xdead000n);
  expect(await playground.undo()).toMatchObject({ instructions: instructions + 1 });
  expect(await playground.read('IA32_LSTAR')).toBe(address);

  const hash = await playground.stateHash();
  await playground.run();
  const kinds = new Set((await playground.events()).map(({ kind }) => kind));
  expect([...kinds]).toEqual(expect.arrayContaining(['syscall', 'sysret', 'output']));
  await playground.goTo(instructions + 1);
  expect(await playground.stateHash()).toBe(hash);
  await expect(page.getByRole('status', { name: 'Privilege level' })).toContainText('CPL 0');
});

test('branches are made, compared, and returned to', async ({ playground }) => {
  const { instructions } = await playground.state();
  await playground.run();
  const first = await playground.output();
  await playground.goTo(instructions);
  await playground.write({ kind: 'register', name: 'rdx' }, 4n);
  await playground.run();
  expect(await playground.output()).not.toBe(first);
  const branches = await playground.branches();
  const other = branches.find(({ present }) => !present);
  expect(other).toMatchObject({ name: 'main' });
  const difference = await playground.compareBranch(other?.id ?? -1);
  expect(difference.memory.pages).toBeGreaterThan(0);
  expect(difference.memory.first[0]?.address).toBeGreaterThan(0);
  expect(difference.events).toMatchObject({ count: instructions, ours: 'RDX changed', theirs: null });
  expect(difference.output?.theirs).toContain('RING3 OK');
  await playground.switchBranch(other?.id ?? -1);
  expect(await playground.output()).toBe(first);
});

test('a reset and a triple fault are undone', async ({ playground }) => {
  await playground.run({ until: 'ring-change' });
  const [hash, output] = [await playground.stateHash(), await playground.output()];
  await playground.reset();
  expect(await playground.state()).toMatchObject({ cpl: 3 });
  await playground.undo();
  expect(await playground.stateHash()).toBe(hash);
  expect(await playground.output()).toBe(output);

  // With the kernel's code segment not present, ring 3's page fault cannot be delivered, nor what follows it.
  await playground.run({ until: 'ring-change' });
  await playground.write({ kind: 'descriptor', table: 'gdt', index: 1 }, 0n);
  await playground.write({ kind: 'register', name: 'rip' }, 0x1000n);
  const dead = await playground.run();
  expect(dead).toMatchObject({ state: 'triple-fault' });
  expect(dead.faults.map(({ name }) => name)).toEqual(['#PF', '#GP', '#DF', '#GP']);
  for (let n = 0; n < 2; n++) await playground.undo();
  expect(await playground.run()).toMatchObject({ state: 'off' });
  expect(await playground.output()).toContain('exited with code: 0');
});
