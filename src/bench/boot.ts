/**
 * Boot: host milliseconds from asking for a machine to the first byte on its serial line.
 *
 * Ours boots the Emergence kernel: mode switches, page tables, descriptors, devices. v86 cannot run a 64-bit kernel; it
 * boots the 32-bit bench guest, which has next to nothing to do before it says that it is up. So the row favours v86.
 */
import { V86 } from 'v86';
import type { Bootable, Images } from './images.ts';
import { createMachine } from './own.ts';
import { v86Options } from './peerV86.ts';
import { type Host, median, type Row } from './row.ts';

export const BOOT_MEMORY_BYTES = 128 << 20;
export const BOOTING = ['ours', 'v86'] as const;
export type Booting = (typeof BOOTING)[number];

/** Runs our machine until `heard` is content with the bytes so far; throws when it stops before. */
export function runOwn(images: Images, bootable: Bootable, heard: (byte: number) => boolean): void {
  const machine = createMachine(images, bootable, BOOT_MEMORY_BYTES);
  let done = false;
  machine.onSerial = (byte) => {
    done ||= heard(byte);
  };
  while (!done) {
    const why = machine.run(50_000);
    if (!done && why !== 'count') throw new Error(`the kernel stopped too early: ${why}`);
  }
}

function bootOurs(images: Images): number {
  const start = performance.now();
  let at = start;
  runOwn(images, { kernel: 'kernel', modules: ['userprog'] }, () => {
    at = performance.now();
    return true;
  });
  return at - start;
}

async function bootV86(images: Images): Promise<number> {
  const start = performance.now();
  const emulator = new V86({ ...v86Options(images, BOOT_MEMORY_BYTES), autostart: true });
  const at = await new Promise<number>((heard) =>
    emulator.add_listener('serial0-output-byte', () => heard(performance.now())),
  );
  await emulator.destroy();
  return at - start;
}

export const boot = (images: Images, who: Booting): Promise<number> =>
  who === 'ours' ? Promise.resolve(bootOurs(images)) : bootV86(images);

/** A row of times in ms, by turns; `once` takes the time of one. */
export async function alternate(
  row: Pick<Row, 'name' | 'peer'> & { readonly host: Host },
  turns: number,
  ours: () => Promise<number>,
  theirs: (() => Promise<number>) | null,
): Promise<Row> {
  const [own, other]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    own.push(await ours());
    if (theirs !== null) other.push(await theirs());
  }
  const [a, b] = [median(own), theirs === null ? null : median(other)];
  return { ...row, ours: a, theirs: b, unit: 'ms', ratio: b === null ? null : b / a };
}

/** Where both have booted before. */
export async function bootAgain(images: Images, host: Host, turns: number): Promise<Row> {
  for (const who of BOOTING) await boot(images, who);
  const row = { name: 'boot again', host, peer: 'v86' } as const;
  return alternate(
    row,
    turns,
    () => boot(images, 'ours'),
    () => boot(images, 'v86'),
  );
}
