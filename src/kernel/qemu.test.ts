import { expect, test, vi } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { programText, TIME_LIMIT_MS } from './testing/boot.ts';
import { QEMU } from './testing/qemu.ts';

vi.setConfig({ testTimeout: TIME_LIMIT_MS });

describeWith(QEMU.tools, 'the kernel on other computers', () => {
  test.for([
    ['the least memory', { memory: 16 }],
    ['memory on both sides of the hole below 4 GiB', { memory: 5000 }],
    ['a CPU without NX, SMEP and SMAP', { qemuCpu: 'qemu64,-nx' }],
    ['a CPU without a local APIC', { qemuCpu: 'qemu64,-apic' }],
  ] as const)('runs with %s', async ([, computer]) => {
    const { log } = await QEMU.boot({ programs: ['forktree'], ...computer });
    expect(programText(log)).toBe(
      'a tree of depth 3 has 15 processes\nframes in use: 0 more than before\n[USER] Process exited with code: 0\n',
    );
  });

  test("the local APIC's timer takes turns as the 8254 does", async () => {
    const rounds = [1, 2, 3].map((round) => `counter A: round ${round}\ncounter B: round ${round}\n`);
    const { log } = await QEMU.boot({ programs: ['counters'] });
    expect(programText(log)).toContain(`${rounds.join('')}both counters ended\n`);
  });
});
