// biome-ignore-all lint/correctness/noNodejsModules: an oracle of the tests, never part of the page
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LARGEST_OUTPUT = 1 << 30;

/** Runs a program of the host; its standard output, or an error with what it said. */
export function runTool(command: string, args: readonly string[], folder?: string): string {
  const done = spawnSync(command, args, { cwd: folder, encoding: 'utf8', maxBuffer: LARGEST_OUTPUT });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr ?? done.error}`);
  return done.stdout;
}

/** Calls back with a temporary folder, which goes away afterwards. */
export function inFolder<T>(act: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'assembler-'));
  try {
    return act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface GasResult {
  /** Null when GNU as rejects the source. */
  readonly object: Uint8Array | null;
  /** Lines it finds errors in, from 1. */
  readonly badLines: ReadonlySet<number>;
}

/** Assembles with gcc and GNU as; .S sources are preprocessed. */
export function gas(source: string, extension: '.s' | '.S' = '.s', flags: readonly string[] = []): GasResult {
  return inFolder((folder) => {
    const file = join(folder, `source${extension}`);
    const target = join(folder, 'object.o');
    writeFileSync(file, source);
    const command =
      extension === '.S' ? ['gcc', '-c', ...flags, file, '-o', target] : ['as', ...flags, '-o', target, file];
    const done = spawnSync(command[0] ?? '', command.slice(1), { encoding: 'utf8', maxBuffer: LARGEST_OUTPUT });
    const badLines = new Set<number>();
    for (const found of done.stderr.matchAll(/source\.[sS]:(\d+): Error/g)) badLines.add(Number(found[1]));
    return { object: done.status === 0 ? new Uint8Array(readFileSync(target)) : null, badLines };
  });
}

/** The assembly gcc makes of a C source. */
export function compileToAssembly(source: string, flags: readonly string[]): string {
  return inFolder((folder) => {
    const file = join(folder, 'source.c');
    writeFileSync(file, source);
    const target = join(folder, 'source.s');
    runTool('gcc', [...flags, '-S', file, '-o', target]);
    return readFileSync(target, 'utf8');
  });
}
