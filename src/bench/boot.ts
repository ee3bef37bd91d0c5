/**
 * Boot: host milliseconds from asking for a machine to the first byte on its serial line.
 *
 * Ours boots the Emergence kernel: mode switches, page tables, descriptors, devices. v86 cannot run a 64-bit kernel; it
 * boots the 32-bit bench guest, which has next to nothing to do before it says R. So the row favours v86.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { V86 } from 'v86';
import { createMachine } from './own.ts';
import { guest32, v86Options } from './peerV86.ts';
import { median, type Row } from './row.ts';

const MEMORY_BYTES = 128 << 20;
const kernel = new URL('../../public/kernel/emergence.elf', import.meta.url);
const userprog = new URL('../../public/kernel/userprog.elf', import.meta.url);

export type Booting = 'ours' | 'v86';

function bootOurs(): number {
  const start = performance.now();
  const machine = createMachine(kernel, MEMORY_BYTES, { userprog });
  let at: number | undefined;
  machine.onSerial = () => {
    at ??= performance.now();
  };
  while (at === undefined) {
    const why = machine.run(50_000);
    if (at === undefined && why !== 'count') throw new Error(`the kernel stopped without a word: ${why}`);
  }
  return at - start;
}

async function bootV86(): Promise<number> {
  const start = performance.now();
  const emulator = new V86({ ...v86Options(guest32, MEMORY_BYTES), autostart: true });
  const at = await new Promise<number>((heard) =>
    emulator.add_listener('serial0-output-byte', () => heard(performance.now())),
  );
  await emulator.destroy();
  return at - start;
}

export const boot = (who: Booting): Promise<number> => (who === 'ours' ? Promise.resolve(bootOurs()) : bootV86());

/** A boot in a process that never booted before. The time until its code is loaded does not count. */
function bootInNewProcess(who: Booting): number {
  const runScript = fileURLToPath(new URL('../../.ci/runScript.js', import.meta.url));
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawnSync(process.execPath, [runScript, main, '--boot', who], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`boot of ${who} failed: ${child.stderr}`);
  return Number(child.stdout);
}

async function alternate(name: string, turns: number, once: (who: Booting) => Promise<number>): Promise<Row> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    ours.push(await once('ours'));
    theirs.push(await once('v86'));
  }
  const [a, b] = [median(ours), median(theirs)];
  return { name, peer: 'v86', ours: a, theirs: b, unit: 'ms', ratio: b / a };
}

/** Boots in new processes, and again where both have booted before. */
export async function measureBoot(turns: number): Promise<Row[]> {
  const cold = await alternate('boot, new process', turns, (who) => Promise.resolve(bootInNewProcess(who)));
  await boot('ours');
  await boot('v86');
  return [cold, await alternate('boot again', turns, boot)];
}
