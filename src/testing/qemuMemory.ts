import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIME_LIMIT_MS = 120_000;

/**
 * Boots a Multiboot guest with one module under QEMU's TCG and returns its RAM when it has written to port F4h or shut
 * down. Throws when it does neither in two minutes. `cpu` is QEMU's -cpu.
 */
export function qemuMemory(guest: Uint8Array, module: Uint8Array, memoryBytes: number, cpu: string): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), 'qemu-memory-'));
  try {
    const path = (name: string): string => join(directory, name);
    writeFileSync(path('guest'), guest);
    writeFileSync(path('module'), module);
    const memory = `memory-backend-file,id=ram,size=${memoryBytes},mem-path=${path('ram')},share=on`;
    const args = ['-m', `${memoryBytes >> 20}`, '-object', memory, '-machine', 'pc,accel=tcg,memory-backend=ram'];
    args.push('-cpu', cpu, '-kernel', path('guest'), '-initrd', path('module'), '-no-reboot');
    args.push('-device', 'isa-debug-exit,iobase=0xf4', '-display', 'none', '-serial', 'none', '-monitor', 'none');
    const { signal, error, stderr } = spawnSync('qemu-system-x86_64', args, { timeout: TIME_LIMIT_MS });
    if (error !== undefined || signal !== null || stderr.length > 0) {
      throw new Error(`QEMU did not end well: ${error ?? signal ?? ''} ${stderr}`);
    }
    return readFileSync(path('ram'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
