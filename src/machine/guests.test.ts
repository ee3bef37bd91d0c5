/** Small guests in 64-bit mode that print what they see: the same here as under QEMU. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { recordedMachine } from '../testing/emergence.ts';
import { qemuLog, withGuest } from '../testing/guest.ts';
import { describeWith } from '../testing/tools.ts';

vi.setConfig({ testTimeout: 90_000 });

const source = (name: string): string => fileURLToPath(new URL(`guests/${name}.S`, import.meta.url));

function ourLog(file: string, stride: number, cpu: 'intel' | 'amd'): string {
  const kernel = new Uint8Array(readFileSync(file));
  const { machine, log } = recordedMachine({ kernel, commandLine: '', modules: [], memoryBytes: 32 << 20, cpu });
  while (machine.run(stride) === 'count') {
    if (machine.retired > 500_000_000) throw new Error(`still running; it printed:\n${log()}`);
  }
  if (machine.exitCode !== 1) throw new Error(`${machine.cpu.chain.map(({ name }) => name)}; it printed:\n${log()}`);
  return log();
}

describeWith(['gcc', 'qemu-system-x86_64'], 'a guest prints the same as under QEMU', () => {
  test.for([
    ['changingCode', 23],
    ['interrupts', 15],
  ] as const)('%s', ([name, lines]) => {
    withGuest(source(name), (file) => {
      const log = qemuLog(file);
      expect(log.trim().split('\n').length).toBe(lines);
      expect(ourLog(file, 10_000_000, 'intel')).toBe(log);
      expect(ourLog(file, 10_000_000, 'amd')).toBe(log);
      expect(ourLog(file, 1, 'intel')).toBe(log);
    });
  });
});
