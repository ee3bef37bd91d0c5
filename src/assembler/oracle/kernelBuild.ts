// biome-ignore-all lint/correctness/noNodejsModules: an oracle of the tests, never part of the page
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';

export const KERNEL_FOLDER = fileURLToPath(new URL('../../kernel/', import.meta.url));

/** Stands in for gcc in the kernel's build: keeps each source, its object, and the assembly gcc makes of C. */
const COMPILER = `#!/bin/sh
gcc "$@" || exit 1
for word in "$@"; do
  case $last in -c) source=$word ;; -o) target=$word ;; esac
  last=$word
done
name=$(echo "$source" | sed 's|^/.*/||' | tr / _)
cp "$source" "$SAVE/$name"
cp "$target" "$SAVE/$name.o"
case $source in *.c) ;; *) exit 0 ;; esac
for word; do
  shift
  case $word in -c) word=-S ;; "$target") word=$SAVE/$name.s ;; esac
  set -- "$@" "$word"
done
gcc "$@"
`;
/** Stands in for ld: keeps the list of objects, the script and the result. */
const LINKER = `#!/bin/sh
ld "$@" || exit 1
for word in "$@"; do
  case $last in -o) target=$word ;; -T) script=$word ;; esac
  last=$word
done
name=$(basename "$target" .elf)
cp "$target" "$SAVE/$name.elf"
cp "$script" "$SAVE/$name.ld"
: >"$SAVE/$name.list"
for word in "$@"; do
  case $word in *.o) basename "$word" >>"$SAVE/$name.list" ;; esac
done
`;

export interface SavedLink {
  readonly name: string;
  readonly script: string;
  /** What GNU ld made. */
  readonly program: Uint8Array;
  /** Object names in the order of the command line. */
  readonly objects: readonly string[];
}

/** Everything the kernel's own build script compiled and linked. */
export interface SavedBuild {
  /** Sources of assembly, kernel and user programs: name and text. */
  readonly assembly: ReadonlyMap<string, string>;
  /** What gcc made of each C source. */
  readonly compiled: ReadonlyMap<string, string>;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  readonly links: readonly SavedLink[];
}

/** Runs src/kernel/build.sh into `folder`, keeping every step. */
export function saveKernelBuild(folder: string): SavedBuild {
  const save = join(folder, 'save');
  mkdirSync(save);
  writeFileSync(join(folder, 'cc.sh'), COMPILER);
  writeFileSync(join(folder, 'ld.sh'), LINKER);
  const done = spawnSync('sh', [join(KERNEL_FOLDER, 'build.sh'), join(folder, 'out')], {
    encoding: 'utf8',
    env: { ...env, SAVE: save, CC: `sh ${join(folder, 'cc.sh')}`, LD: `sh ${join(folder, 'ld.sh')}` },
  });
  if (done.status !== 0) throw new Error(`build.sh: ${done.stderr}`);
  const names = readdirSync(save);
  const text = (name: string): string => readFileSync(join(save, name), 'utf8');
  const bytes = (name: string): Uint8Array => new Uint8Array(readFileSync(join(save, name)));
  const ending = (suffix: string): string[] => names.filter((name) => name.endsWith(suffix));
  return {
    assembly: new Map(ending('.S').map((name) => [name, text(name)])),
    compiled: new Map(ending('.c.s').map((name) => [name, text(name)])),
    objects: new Map(ending('.o').map((name) => [name, bytes(name)])),
    links: ending('.list').map((name) => {
      const stem = name.slice(0, -'.list'.length);
      const objects = text(name)
        .trim()
        .split('\n')
        .map((object) => object.replace(/^.*_tmp_[^_]*_/, ''));
      return { name: stem, script: text(`${stem}.ld`), program: bytes(`${stem}.elf`), objects };
    }),
  };
}

const INCLUDE_FOLDERS = ['', 'arch/x86_64/include/', 'user/'];

/** The kernel's headers, as its build finds them. */
export function includeFromKernel(path: string): string | null {
  for (const folder of INCLUDE_FOLDERS) {
    const file = join(KERNEL_FOLDER, folder, path);
    if (existsSync(file)) return readFileSync(file, 'utf8');
  }
  return null;
}
