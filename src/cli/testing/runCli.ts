import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What `npm run -s machine --` starts. */
const START = ['.ci/runScript.js', 'src/cli/main.ts'];

export interface Summary {
  readonly instructions: number;
  readonly reason: string;
  readonly exitCode: number | null;
  readonly cpl: number;
  readonly rip: string;
  readonly hash: string;
  readonly mips: number;
}

export interface Finished {
  readonly status: number | null;
  readonly stdout: Buffer;
  /** Lines of standard error. */
  readonly errors: readonly string[];
  /** The last of them; throws when it is not JSON. */
  readonly summary: () => Summary;
}

/** Starts the command line; standard input stays open until the caller ends it. */
export function startCli(args: readonly string[]): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, [...START, ...args], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      const errors = stderr.split('\n').slice(0, -1);
      resolve({ status, stdout: Buffer.concat(stdout), errors, summary: () => JSON.parse(errors.at(-1) ?? '') });
    });
  });
  return { child, finished };
}

/** Runs it to its end with this standard input. */
export async function runCli(args: readonly string[], input: string | Uint8Array = ''): Promise<Finished> {
  const { child, finished } = startCli(args);
  child.stdin?.end(input);
  return finished;
}

/** A folder for the files of a test, and a way to make them. */
export function scratchFolder(): { file: (name: string, bytes: Uint8Array) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'machine-cli-'));
  return {
    file(name, bytes) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
