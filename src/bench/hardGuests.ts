/**
 * How much slower guests that are hard on the compiler run with regions than without:
 * node .ci/runScript.js src/bench/hardGuests.ts
 */
import { cold, type Guest, remapping, rewriting, start } from '../engine/regions/testing/hardGuests.ts';
import type { RegionPolicy } from '../engine/regions/policy.ts';

const BYTES = 20_000_000;
const GUESTS: readonly { readonly name: string; readonly guest: Guest; readonly count: number }[] = [
  { name: 'rewrites its own code', guest: rewriting, count: 400_000 },
  { name: 'maps elsewhere what it calls', guest: remapping, count: 20_000_000 },
  { name: '20 MB of straight code, three times', guest: cold(BYTES), count: (3 * BYTES) / 5 },
];

/** Microseconds of processor time for the run, and bytes of WebAssembly made. */
function measure(guest: Guest, count: number, policy: RegionPolicy): { readonly time: number; readonly bytes: number } {
  const machine = start(guest, policy);
  const before = process.cpuUsage();
  for (let done = 0; done < count; ) done += machine.run(machine.cpu.rip, count - done);
  const { user, system } = process.cpuUsage(before);
  return { time: user + system, bytes: machine.engine.regions?.statistics.bytes ?? 0 };
}

for (const { name, guest, count } of GUESTS) {
  // The first runs pay for the host's own compiling.
  measure(guest, count, 'off');
  measure(guest, count, 'on');
  const [plain, compiled] = [measure(guest, count, 'off'), measure(guest, count, 'on')];
  const ratio = (compiled.time / plain.time).toFixed(2);
  process.stdout.write(`${name}: ${ratio} of the interpreter's time, ${compiled.bytes} bytes of WebAssembly made\n`);
}
