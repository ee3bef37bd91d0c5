import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { programText, TIME_LIMIT_MS } from './testing/boot.ts';
import { MACHINE } from './testing/machine.ts';
import { QEMU } from './testing/qemu.ts';

vi.setConfig({ testTimeout: TIME_LIMIT_MS });

const HERE = fileURLToPath(new URL('.', import.meta.url));
const EXITED = '[USER] Process exited with code: 0';

describeWith('gcc', 'a program with doubles, long doubles and vectorised loops', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'emergence-numbers-'));
    const flags = ['-O2', '-march=x86-64-v2', '-fno-math-errno', `-I${HERE}testing/host`];
    const { stderr } = spawnSync('gcc', [...flags, '-o', join(directory, 'numbers'), `${HERE}user/float/numbers.c`]);
    expect(String(stderr)).toBe('');
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What the same source prints as a process of the computer the tests run on. */
  const native = (...args: string[]) => spawnSync(join(directory, 'numbers'), args, { encoding: 'utf8' }).stdout;

  /** The two processes' lines come in any order; each one's own come in order. */
  const perProcess = (text: string) => ['A', 'B'].map((name) => text.split('\n').filter((line) => line[0] === name));

  for (const { name, tools, boot } of [MACHINE, QEMU]) {
    describeWith(tools, `on ${name}`, () => {
      test('prints what it prints as a process of this computer', async () => {
        const { log } = await boot({ programs: ['numbers'] });
        expect(native()).toContain('e: 2.718281828459045235 4000adf85458a2bb4a9b');
        expect(programText(log)).toBe(`${native()}${EXITED}\n`);
      });

      test('so do two of them that keep giving way to each other and round differently', async () => {
        const { log } = await boot({ programs: ['numbers pair'] });
        const [a = [], b = []] = perProcess(native('pair'));
        expect(a.length).toBeGreaterThan(10);
        expect(a.map((line) => line.slice(1))).not.toEqual(b.map((line) => line.slice(1)));
        expect(perProcess(programText(log))).toEqual([a, b]);
        expect(log).toContain(EXITED);
      });

      test('an x87 error it has unmasked ends it, and the log says which', async () => {
        const { log } = await boot({ programs: ['zoo x87'] });
        // QEMU 7.2 pops the stack although the division has no result.
        const fsw = name === 'QEMU' ? 'b884' : 'b084';
        expect(log).toContain(`#MF x87 error, error code 0 (division by zero), FSW=${fsw} FCW=037b\n`);
        expect(log).toContain('pid 1 zoo: killed: #MF x87 error\n');
      });

      test('processes the timer interrupts keep every x87 and SSE register', async () => {
        const { log } = await boot({ programs: ['registers'] });
        const lines = [0, 1, 2].map((process) => `process ${process}: its registers are as it left them\n`);
        expect(programText(log)).toBe(`${lines.join('')}${EXITED}\n`);
      });
    });
  }

  test('so does an SSE error (which QEMU 7.2 never raises)', async () => {
    const { log } = await MACHINE.boot({ programs: ['zoo sse'] });
    expect(log).toContain('#XM SIMD error, error code 0 (division by zero), MXCSR=00001d84\n');
    expect(log).toContain('pid 1 zoo: killed: #XM SIMD error\n');
  });
});
