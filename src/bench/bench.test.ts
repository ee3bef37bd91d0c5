import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { choose, rowNames } from './catalogue.ts';
import { nodeImages } from './nodeImages.ts';
import { OwnMachine } from './own.ts';
import { PeerV86 } from './peerV86.ts';
import { geometricMeans, median, type Row } from './row.ts';
import { WORKLOADS } from './workloads.ts';

const guest = fileURLToPath(new URL('guest', import.meta.url));

/** Checksums of one unit that can be known without running the guest. */
const bytes = Uint8Array.from({ length: 65_536 }, (_, i) => i);
const KNOWN: Readonly<Record<string, number>> = {
  s: 78_498,
  f: 2_178_309,
  h: createHash('sha256').update(bytes).digest().readUInt32BE(),
  y: 1,
};

describe('the guests', () => {
  const images = nodeImages();
  let ours: OwnMachine;
  let v86: PeerV86;
  beforeAll(async () => {
    ours = new OwnMachine(images);
    v86 = await PeerV86.create(images, false);
  });
  afterAll(() => v86.close());

  test.each(WORKLOADS.filter(({ guest }) => guest === 'bench'))(
    '$name: the same result in both emulators',
    async ({ program, peers }) => {
      const { checksum, instructions, ms } = await ours.round(program, 1);
      expect(checksum).toMatch(/^[0-9a-f]{8}$/);
      if (KNOWN[program] !== undefined) expect(Number.parseInt(checksum, 16)).toBe(KNOWN[program]);
      expect(instructions).toBeGreaterThan(100);
      expect(ms).toBeGreaterThan(0);
      if (peers.includes('v86')) expect((await v86.round(program, 1)).checksum).toBe(checksum);
    },
  );
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
        for (const name of ['bench32.bin', 'bench64.bin', 'pingpong.elf']) {
          expect(readFileSync(join(built, name)).equals(readFileSync(join(guest, name))), name).toBe(true);
        }
      } finally {
        rmSync(built, { recursive: true });
      }
    });
  },
);

test('two processes of the kernel give the CPU to each other', async () => {
  const machine = new OwnMachine(nodeImages(), 'kernel');
  const { checksum, instructions } = await machine.round('p', 1);
  expect(checksum).toBe('00000001');
  // 2,000 times through the kernel and to the other process.
  expect(instructions).toBeGreaterThan(2000 * 50);
});

describe('rows', () => {
  test('are chosen by name, and a name that is none says which there are', () => {
    const names = rowNames('node');
    expect(choose('row', undefined, names)).toEqual(names);
    expect(choose('row', 'sieve', names)).toEqual(['sieve']);
    expect(choose('row', 'boot, new process,SHA', names)).toEqual([
      'SHA-256',
      'boot, new process',
      'recording: SHA-256',
    ]);
    expect(() => choose('row', 'sieve,nothing', names)).toThrow(/no row is called "nothing"; there are: sieve \| /);
    expect(() => choose('row', '', names)).toThrow(/there are: /);
  });

  test('the median of an even number of values lies between the middle two', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 10])).toBe(3.5);
  });

  test('geometric means are per peer, of speeds that have one', () => {
    const row = (peer: Row['peer'], ratio: number | null, unit = 'MIPS'): Row => ({
      name: 'x',
      host: 'node',
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
