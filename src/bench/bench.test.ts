import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OwnMachine } from './own.ts';
import { PeerV86 } from './peerV86.ts';
import { geometricMeans, median, type Row } from './row.ts';
import { WORKLOADS } from './workloads.ts';

const image = (directory: string, bits: number): Buffer => readFileSync(join(directory, `bench${bits}.bin`));
const guest = fileURLToPath(new URL('guest', import.meta.url));

/** Checksums of one unit that can be known without running the guest. */
const KNOWN: Readonly<Record<string, number>> = { s: 78_498, f: 2_178_309, y: 1 };

describe('the guests', () => {
  let ours: OwnMachine;
  let v86: PeerV86;
  beforeAll(async () => {
    ours = new OwnMachine();
    v86 = await PeerV86.create(false);
  });
  afterAll(() => v86.close());

  test.each(WORKLOADS)('$name: the same result in both emulators', async ({ program, peers }) => {
    const { checksum, instructions, ms } = await ours.round(program, 1);
    expect(checksum).toMatch(/^[0-9a-f]{8}$/);
    if (KNOWN[program] !== undefined) expect(Number.parseInt(checksum, 16)).toBe(KNOWN[program]);
    expect(instructions).toBeGreaterThan(100);
    expect(ms).toBeGreaterThan(0);
    if (peers) expect((await v86.round(program, 1)).checksum).toBe(checksum);
  });
});

/** Another gcc than the one that made the images may rightly make other bytes. */
const sameCompiler = /Debian 12\.2\.0-/.test(spawnSync('gcc', ['--version'], { encoding: 'utf8' }).stdout ?? '');

describe.skipIf(!sameCompiler)(
  `the prebuilt images${sameCompiler ? '' : ' (skipped: not the gcc of Debian 12)'}`,
  () => {
    test('are what the sources give', () => {
      const built = mkdtempSync(join(tmpdir(), 'bench-guest-'));
      try {
        execFileSync('sh', [join(guest, 'build.sh'), built]);
        for (const bits of [32, 64])
          expect(image(built, bits).equals(image(guest, bits)), `bench${bits}.bin`).toBe(true);
      } finally {
        rmSync(built, { recursive: true });
      }
    });
  },
);

describe('rows', () => {
  test('the median of an even number of values lies between the middle two', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 10])).toBe(3.5);
  });

  test('geometric means are per peer, of speeds that have one', () => {
    const row = (peer: Row['peer'], ratio: number | null, unit = 'MIPS'): Row => ({
      name: 'x',
      peer,
      ours: 1,
      theirs: 1,
      unit,
      ratio,
    });
    const rows = [row('v86', 2), row('qemu', 3), row('v86', 8), row(null, null), row('v86', 100, 'ms')];
    expect([...geometricMeans(rows).entries()].map(([peer, mean]) => [peer, mean.toFixed(6)])).toEqual([
      ['v86', '4.000000'],
      ['qemu', '3.000000'],
    ]);
  });
});
