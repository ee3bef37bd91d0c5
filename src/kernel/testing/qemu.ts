import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Boot, BUILT, type Host, type Raised, type Run, TIME_LIMIT_MS } from './boot.ts';

const DOUBLE_FAULT = 8;
const FIRST_INTERRUPT = 32;
/** "check_exception" is an exception being raised; "v=" one (or an interrupt) whose delivery begins. */
const LINE =
  /^check_exception old: 0x[0-9a-f]+ new 0x([0-9a-f]+)|^\s*\d+: v=(..) e=(....) i=0 cpl=(\d) IP=(....):([0-9a-f]{16})/gm;

function parseExceptions(log: string): Raised[] {
  const raised: Raised[] = [];
  for (const [, checked, vector = '', errorCode = '', cpl = '', cs = '', rip = ''] of log.matchAll(LINE)) {
    if (checked !== undefined) {
      raised.push({ vector: Number.parseInt(checked, 16) });
      continue;
    }
    const event: Raised = {
      vector: Number.parseInt(vector, 16),
      at: {
        errorCode: Number.parseInt(errorCode, 16),
        cpl: Number(cpl),
        cs: Number.parseInt(cs, 16),
        rip: BigInt(`0x${rip}`),
      },
    };
    if (event.vector >= FIRST_INTERRUPT) continue;
    if (event.vector !== DOUBLE_FAULT) raised.pop();
    raised.push(event);
  }
  return raised;
}

function runQemu(args: readonly string[], input: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
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
    if (input !== undefined) qemu.stdin.write(input, 'latin1');
  });
}

async function boot(boot: Boot): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), 'emergence-qemu-'));
  const logFile = join(directory, 'int.log');
  const modules = (boot.programs ?? []).map((program) => program.replace(/^[^ ]+/, '$&.elf')).join(',');
  const args = ['-kernel', 'emergence.elf', '-append', boot.append ?? '', '-m', `${boot.memory ?? 128}`];
  args.push('-cpu', boot.qemuCpu ?? 'max', '-serial', 'stdio', '-display', 'none', '-no-reboot');
  args.push('-d', 'int,cpu_reset', '-D', logFile);
  if (modules) args.push('-initrd', modules);
  try {
    const log = await runQemu(args, boot.input);
    const events = await readFile(logFile, 'latin1');
    return { log, exceptions: parseExceptions(events), tripleFault: events.includes('Triple fault') };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The built kernel under QEMU's TCG. */
export const QEMU: Host = { name: 'QEMU', tools: ['qemu-system-x86_64'], boot };
