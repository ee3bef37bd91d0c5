import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program of the host, compiled from C. */
export interface NativeProgram {
  /** Runs it with these arguments and this standard input; returns its standard output. Throws when it fails. */
  run(args: readonly string[], input?: Uint8Array): Buffer;
}

const LARGEST_OUTPUT = 1 << 30;

/** Compiles a C file with gcc into a temporary folder. */
export function compileC(source: string): NativeProgram {
  const program = join(mkdtempSync(join(tmpdir(), 'native-')), 'program');
  const gcc = spawnSync('gcc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, source], { encoding: 'utf8' });
  if (gcc.status !== 0) throw new Error(`gcc ${source}: ${gcc.stderr}`);
  return {
    run(args, input) {
      const { status, signal, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: LARGEST_OUTPUT });
      if (status !== 0) throw new Error(`${source} ended with ${signal ?? status}: ${stderr.toString()}`);
      return stdout;
    },
  };
}
