import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const LINK = ['-m64', '-nostdlib', '-static', '-no-pie'];
const LAYOUT = '-Wl,-Ttext=0x100000,--build-id=none,-N,--no-warn-rwx-segments';
const QEMU_LIMIT_MS = 60_000;

/** Assembles a multiboot kernel from one GNU as source, which may include files beside it, and hands it to `use`. */
export function withGuest<T>(source: string, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'guest-'));
  try {
    const file = join(folder, 'guest');
    execFileSync('gcc', [...LINK, LAYOUT, `-Wa,-I${dirname(source)}`, '-o', `${file}.64`, source]);
    // QEMU takes 64-bit code in a 32-bit ELF file only.
    execFileSync('objcopy', ['-O', 'elf32-i386', `${file}.64`, file]);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Serial output of a guest under QEMU, until it writes to port F4h. */
export function qemuLog(file: string): string {
  const log = `${file}.log`;
  const exit = ['-device', 'isa-debug-exit,iobase=0xf4', '-no-reboot'];
  const rest = ['-display', 'none', '-serial', `file:${log}`, '-cpu', 'max', '-m', '32'];
  const { status, stderr } = spawnSync('qemu-system-x86_64', ['-kernel', file, ...exit, ...rest], {
    timeout: QEMU_LIMIT_MS,
  });
  if (status !== 1) throw new Error(`QEMU ended with ${status}: ${stderr}${readFileSync(log, 'latin1')}`);
  return readFileSync(log, 'latin1');
}
