import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { haveTool } from '../../testing/tools.ts';

const FOLDER = fileURLToPath(new URL('./guest/', import.meta.url));

/** The committed guest was built with Debian 12's binutils; others may rightly make other bytes. */
function whyNot(): string | undefined {
  if (!haveTool('gcc')) return 'no gcc';
  const version = spawnSync('as', ['--version'], { encoding: 'utf8' }).stdout?.split('\n')[0] ?? '';
  return version.endsWith(' 2.40') ? undefined : `not Debian 12's binutils: ${version}`;
}
const reason = whyNot();

describe.skipIf(reason !== undefined)(`the guests${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it.each(['long.elf', 'legacy.elf'])('%s is what its source makes', (name) => {
    const directory = mkdtempSync(join(tmpdir(), 'guest-'));
    try {
      execFileSync('sh', [join(FOLDER, 'build.sh'), directory]);
      expect(readFileSync(join(directory, name)).equals(readFileSync(join(FOLDER, name)))).toBe(true);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
