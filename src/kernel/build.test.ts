import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveTool } from '../testing/tools.ts';
import { BUILT } from './testing/boot.ts';

const SCRIPT = fileURLToPath(new URL('build.sh', import.meta.url));

/** The reference toolchain is Debian 12's; another gcc may rightly make other bytes. */
function whyNot(): string | undefined {
  if (!haveTool('gcc')) return 'no gcc';
  const version = spawnSync('gcc', ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0] ?? '';
  return /Debian 12\.2\.0-/.test(version) ? undefined : `gcc is not Debian 12's: ${version}`;
}

const reason = whyNot();
/** `builds/` has earlier ones (keepBuild.ts). */
const committed = readdirSync(BUILT).filter((name) => name !== 'builds');

describe.skipIf(reason !== undefined)(`a rebuild of the kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let directory = '';

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'emergence-build-'));
    const build = spawnSync('sh', [SCRIPT, directory], { cwd: tmpdir(), encoding: 'utf8' });
    expect(build.stderr).toBe('');
    expect(build.status).toBe(0);
  }, 60_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('makes the files that are committed, no more and no fewer', () => {
    expect(readdirSync(directory)).toEqual(committed);
  });

  test.for(committed)('makes the same bytes: %s', (name) => {
    expect(readFileSync(join(directory, name)).equals(readFileSync(join(BUILT, name)))).toBe(true);
  });

  test.for(committed)('leaves no path of this machine in %s', (name) => {
    const text = readFileSync(join(BUILT, name), 'latin1');
    expect(text).not.toContain(fileURLToPath(new URL('../..', import.meta.url)));
    expect(text).not.toContain(tmpdir());
  });
});
