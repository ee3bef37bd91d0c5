/** Peers that are processes of their own: QEMU with the 64-bit guest, and the programs compiled for the host. */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Contestant, MEMORY_BYTES } from './contestant.ts';
import { Conversation, type Round } from './conversation.ts';
import { BOOTABLE, type Bootable } from './images.ts';
import { pathOf } from './nodeImages.ts';
import type { Guest } from './workloads.ts';

type Child = ChildProcessByStdio<Writable, Readable, null>;

/** QEMU's TCG with these files, its serial line on standard input and output. */
export function spawnQemu({ kernel, modules }: Bootable, memoryBytes: number): Child {
  const args = ['-accel', 'tcg', '-cpu', 'max', '-m', `${memoryBytes >> 20}`, '-kernel', pathOf(kernel)];
  if (modules.length > 0) args.push('-initrd', modules.map(pathOf).join(','));
  args.push('-serial', 'stdio', '-display', 'none', '-monitor', 'none', '-no-reboot');
  return spawn('qemu-system-x86_64', args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

export class PeerProcess implements Contestant {
  private readonly child: Child;
  /** The guest polls its serial line: it must be held still between rounds, lest it take time from the others. */
  private readonly hold: boolean;
  private readonly conversation = new Conversation();
  private readonly failed: Promise<never>;
  private wake: () => void = () => undefined;
  private cleanUp: () => void = () => undefined;

  private constructor(child: Child, hold: boolean) {
    this.child = child;
    this.hold = hold;
    this.failed = new Promise((_, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => reject(new Error(`a peer's process ended: ${signal ?? code}`)));
    });
    this.failed.catch(() => undefined);
    child.stdout.on('data', (bytes: Uint8Array) => {
      for (const byte of bytes) this.conversation.heard(byte);
      this.wake();
    });
    process.on('exit', () => child.kill('SIGKILL'));
  }

  static async qemu(guest: Guest): Promise<PeerProcess> {
    const peer = new PeerProcess(spawnQemu(BOOTABLE[guest], MEMORY_BYTES), true);
    await peer.until(() => peer.conversation.ready);
    return peer;
  }

  /** The programs of the bench guest, compiled here and now. */
  static async native(): Promise<PeerProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'bench-native-'));
    const program = join(directory, 'bench');
    execFileSync('sh', [fileURLToPath(new URL('guest/native.sh', import.meta.url)), program]);
    const peer = new PeerProcess(spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] }), false);
    peer.cleanUp = () => rmSync(directory, { recursive: true });
    await peer.until(() => peer.conversation.ready);
    return peer;
  }

  private async until(done: () => boolean): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.wake = () => {
        if (done()) resolve();
      };
      this.wake();
    });
    if (this.hold) this.child.kill('SIGCONT');
    await Promise.race([heard, this.failed]);
    if (this.hold) this.child.kill('SIGSTOP');
  }

  async round(program: string, units: number): Promise<Round> {
    this.child.stdin.write(this.conversation.ask(program, units));
    await this.until(() => this.conversation.answer !== undefined);
    return this.conversation.answer as Round;
  }

  close(): Promise<void> {
    this.child.kill('SIGKILL');
    this.cleanUp();
    return Promise.resolve();
  }
}
