import { readdirSync, readFileSync } from 'node:fs';
import { cpuUsage } from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allCases } from '../testing/tools.ts';
import { fuzz, SAMPLE } from './oracle/fuzz.ts';

const KERNEL = fileURLToPath(new URL('../kernel/', import.meta.url));
const HEADERS = `${KERNEL}arch/x86_64/include/`;

const bases = [
  SAMPLE,
  SAMPLE,
  SAMPLE,
  'user/userprog.S',
  'arch/x86_64/boot.S',
  'arch/x86_64/trap_entry.S',
  'arch/x86_64/doors.S',
].map((base) => (base === SAMPLE ? base : readFileSync(KERNEL + base, 'utf8')));
const headers: Record<string, string> = { 'constants.h': '#define SYS_write 1\n' };
for (const name of readdirSync(HEADERS)) headers[name] = readFileSync(HEADERS + name, 'utf8');

/** Milliseconds this process has computed: other work on the machine does not count. */
const processorTime = (): number => cpuUsage().user / 1000;

it('mutated sources neither crash nor hang, and problems have places', { timeout: 1_800_000 }, () => {
  const report = fuzz(bases, headers, 0, allCases ? 100_000 : 1000, processorTime);
  expect(report.failures).toEqual([]);
  expect(report.rejected).toBeGreaterThan(report.sources / 3);
});
