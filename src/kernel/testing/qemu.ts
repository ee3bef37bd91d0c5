import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built kernel and user programs. */
export const BUILT = fileURLToPath(new URL('../../../public/kernel/', import.meta.url));

export interface Boot {
  /** The kernel's command line. */
  readonly append?: string;
  /** User programs, each a name and its arguments, in order; the first becomes process 1. */
  readonly programs?: readonly string[];
  /** What is typed on COM1, all at once at the start. */
  readonly input?: string;
  /** QEMU's `-cpu`. */
  readonly cpu?: string;
  /** In MiB. */
  readonly memory?: number;
}

/** One exception, as QEMU's interrupt log has it. */
export interface LoggedException {
  readonly vector: number;
  readonly errorCode: number;
  readonly cpl: number;
  readonly cs: number;
  readonly rip: bigint;
}

export interface Run {
  /** What the guest printed on COM1. */
  readonly log: string;
  /** Vectors 0 to 31, in order, that the CPU began to deliver. */
  readonly exceptions: readonly LoggedException[];
  readonly tripleFault: boolean;
}

/** One boot, on a busy computer. */
export const TIME_LIMIT_MS = 60_000;
const EXCEPTION = /^\s*\d+: v=(..) e=(....) i=0 cpl=(\d) IP=(....):([0-9a-f]{16})/gm;

function parseExceptions(text: string): LoggedException[] {
  return [...text.matchAll(EXCEPTION)]
    .map(([, vector = '', errorCode = '', cpl = '', cs = '', rip = '']) => ({
      vector: Number.parseInt(vector, 16),
      errorCode: Number.parseInt(errorCode, 16),
      cpl: Number(cpl),
      cs: Number.parseInt(cs, 16),
      rip: BigInt(`0x${rip}`),
    }))
    .filter(({ vector }) => vector < 32);
}

/** Boots the built kernel under QEMU's TCG until it switches off or triple-faults. */
export async function bootQemu(boot: Boot): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), 'emergence-qemu-'));
  const logFile = join(directory, 'int.log');
  const modules = (boot.programs ?? []).map((program) => program.replace(/^[^ ]+/, '$&.elf')).join(',');
  const args = ['-kernel', 'emergence.elf', '-append', boot.append ?? '', '-m', `${boot.memory ?? 128}`];
  args.push('-serial', 'stdio', '-display', 'none', '-no-reboot', '-d', 'int,cpu_reset', '-D', logFile);
  if (modules) args.push('-initrd', modules);
  if (boot.cpu) args.push('-cpu', boot.cpu);
  try {
    const log = await new Promise<string>((resolve, reject) => {
      const qemu = spawn('qemu-system-x86_64', args, { cwd: BUILT, stdio: ['pipe', 'pipe', 'pipe'] });
      let output = '';
      let errors = '';
      const timer = setTimeout(() => {
        qemu.kill('SIGKILL');
        reject(new Error(`still running after ${TIME_LIMIT_MS} ms; it printed:\n${output}`));
      }, TIME_LIMIT_MS);
      qemu.stdout.setEncoding('latin1').on('data', (text: string) => {
        output += text;
      });
      qemu.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text;
      });
      qemu.on('error', reject);
      qemu.on('close', (code) => {
        clearTimeout(timer);
        if (code === 0) resolve(output);
        else reject(new Error(`QEMU ended with ${code}: ${errors}`));
      });
      qemu.stdin.on('error', () => undefined);
      if (boot.input !== undefined) qemu.stdin.write(boot.input, 'latin1');
    });
    const events = await readFile(logFile, 'latin1');
    return { log, exceptions: parseExceptions(events), tripleFault: events.includes('Triple fault') };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The log without the kernel's own first lines and without register dumps. */
export function programText(log: string): string {
  const lines = log.split('\n');
  const start = lines.findIndex((line) => line.startsWith('[user] pid 1 ')) + 1;
  return lines
    .slice(start)
    .filter((line) => !/^\[trap\]|^ {2}(CPL|R[A-Z0-9]+ ) ?[0-9a-f]/.test(line))
    .join('\n');
}
