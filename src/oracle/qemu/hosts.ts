/** Runs a guest with its cases on our machine, and on another that is handed in; says how each case ended. */
import { RAM } from '../../cpu/layout.ts';
import { Machine } from '../../machine/machine.ts';
import type { GuestImage } from './guestImage.ts';
import { type Ending, Outcome, RECORD_BYTES } from './record.ts';
import { encodeCases, type TestCase } from './testCase.ts';

export const MEMORY_BYTES = 96 << 20;

/** Boots a guest with one module; returns its RAM when it is done or has shut down. Throws when it does neither. */
export type Boot = (guest: Uint8Array, module: Uint8Array) => Uint8Array;

/** Instructions enough for any number of cases that fits. */
const MOST = 4_000_000_000;

export const bootOurs: Boot = (guest, module) => {
  const modules = [{ name: 'cases', bytes: module }];
  const machine = Machine.create({ kernel: guest, commandLine: '', modules, memoryBytes: MEMORY_BYTES, cpu: 'intel' });
  if (!(machine instanceof Machine)) throw new Error(machine.detail);
  const reason = machine.run(MOST);
  if (reason !== 'exit' && reason !== 'triple-fault') {
    throw new Error(`our machine stopped (${reason}) at ${machine.cpu.rip.toString(16)}h`);
  }
  return machine.cpu.memory.bytes.subarray(RAM, RAM + MEMORY_BYTES);
};

/** Cases that may shut a machine down in one run; each costs a boot. */
const MOST_SHUTDOWNS = 400;

/** How each case ended. A case that shuts the machine down is followed by another boot for the rest. */
export function runCases(image: GuestImage, cases: readonly TestCase[], boot: Boot): Ending[] {
  const records = image.at('records');
  const done = image.at('done');
  const recordAt = image.at('record_at');
  const endings: Ending[] = [];
  let shutdowns = 0;
  while (endings.length < cases.length) {
    const ram = boot(image.file, encodeCases(cases.slice(endings.length)));
    const view = new DataView(ram.buffer, ram.byteOffset, ram.byteLength);
    const count = (view.getUint32(recordAt, true) - records) / RECORD_BYTES;
    for (let i = 0; i < count; i++) endings.push(Outcome.read(ram, records + i * RECORD_BYTES));
    if (view.getUint32(done, true) !== 0) break;
    endings.push('triple fault');
    if (++shutdowns > MOST_SHUTDOWNS) throw new Error('too many cases shut the machine down');
  }
  return endings;
}
