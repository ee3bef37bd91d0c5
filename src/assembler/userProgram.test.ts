import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { builtFile, recordedMachine } from '../testing/emergence.ts';
import { assemble, isRejected, link } from './index.ts';
import { USER_LAYOUT } from './linker/userLayout.ts';

const KERNEL = fileURLToPath(new URL('../kernel/', import.meta.url));

function include(path: string): string | null {
  for (const folder of ['', `${KERNEL}user/`, `${KERNEL}arch/x86_64/include/`]) {
    try {
      return readFileSync(folder + path, 'utf8');
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

function build(source: string): Uint8Array {
  const assembled = assemble(source, { fileName: 'userprog.S', include });
  if (isRejected(assembled)) throw new Error(JSON.stringify(assembled.problems));
  const linked = link([{ name: 'userprog.o', object: assembled.object, listing: assembled.listing }]);
  if ('problems' in linked) throw new Error(JSON.stringify(linked.problems));
  return linked.program;
}

/** What the machine says of a program that runs as process 1. */
function run(program: Uint8Array): string {
  const { machine, log } = recordedMachine({
    kernel: builtFile('emergence'),
    commandLine: '',
    modules: [{ name: 'userprog', bytes: program }],
    memoryBytes: 16 << 20,
    cpu: 'intel',
  });
  machine.run(3_000_000);
  return log();
}

const source = readFileSync(`${KERNEL}user/userprog.S`, 'utf8');

it('assembles and links the user program, which runs in the machine', () => {
  expect(run(build(source))).toContain('RING3 OK');
});

it('an edited text is what the program prints', () => {
  expect(run(build(source.replaceAll('RING3 OK', 'edited in the page')))).toContain('edited in the page');
});

it('links user programs as their own script does', () => {
  const words = (script: string): string =>
    script
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/OUTPUT_FORMAT\(.*?\)/, '')
      .replace(/\s+/g, ' ')
      .trim();
  expect(words(USER_LAYOUT)).toBe(words(readFileSync(`${KERNEL}user/user.ld`, 'utf8')));
});
