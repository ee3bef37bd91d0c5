/** The boots that need processes of their own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { alternate, BOOT_MEMORY_BYTES, type Booting } from './boot.ts';
import type { Images } from './images.ts';
import { ownBootToShell, PromptWatch, SHELL } from './kernelBoot.ts';
import { spawnQemu } from './peerProcess.ts';
import type { Row } from './row.ts';

/** A boot in a process that never booted before. The time until its code is loaded does not count. */
function bootInNewProcess(who: Booting): Promise<number> {
  const runScript = fileURLToPath(new URL('../../.ci/runScript.js', import.meta.url));
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawnSync(process.execPath, [runScript, main, '--boot', who], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`boot of ${who} failed: ${child.stderr}`);
  return Promise.resolve(Number(child.stdout));
}

export function bootNew(turns: number): Promise<Row> {
  return alternate(
    { name: 'boot, new process', host: 'node', peer: 'v86' },
    turns,
    () => bootInNewProcess('ours'),
    () => bootInNewProcess('v86'),
  );
}

async function qemuBootToShell(): Promise<number> {
  const watch = new PromptWatch();
  const qemu = spawnQemu(SHELL, BOOT_MEMORY_BYTES);
  await new Promise<void>((resolve, reject) => {
    qemu.on('error', reject);
    qemu.on('exit', () => reject(new Error('QEMU ended before the prompt')));
    qemu.stdout.on('data', (bytes: Uint8Array) => {
      for (const byte of bytes) if (watch.heard(byte)) resolve();
    });
  });
  qemu.kill('SIGKILL');
  return watch.ms ?? Number.NaN;
}

export async function bootToShell(images: Images, turns: number, withQemu: boolean): Promise<Row> {
  await ownBootToShell(images);
  const row = { name: 'kernel boot to shell', host: 'node', peer: withQemu ? 'qemu' : null } as const;
  return alternate(row, turns, () => ownBootToShell(images), withQemu ? qemuBootToShell : null);
}
