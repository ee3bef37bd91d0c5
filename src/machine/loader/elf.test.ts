import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseElf } from './elf.ts';
import { readElfSymbols } from './elfSymbols.ts';
import { isProblem, type Problem } from './problem.ts';
import { makeElf, words } from './testElf.ts';

function parsed(bytes: Uint8Array) {
  const elf = parseElf(bytes);
  if (isProblem(elf)) throw new Error(`${elf.title}: ${elf.detail}`);
  return elf;
}
const refused = (bytes: Uint8Array): Problem => {
  const elf = parseElf(bytes);
  if (!isProblem(elf)) throw new Error('accepted');
  return elf;
};

describe('parseElf', () => {
  it.each([32, 64] as const)('reads %i-bit headers', (bits) => {
    const elf = parsed(
      makeElf({
        bits,
        entry: 0x100010,
        segments: [{ virtual: 0xc0100000, physical: 0x100000, bytes: words(1, 2), memorySize: 0x2000 }],
      }),
    );
    expect(elf).toMatchObject({ bits, type: 'executable', entry: 0x100010n });
    expect(elf.segments[0]).toMatchObject({
      type: 1,
      flags: 5,
      virtualAddress: 0xc0100000n,
      physicalAddress: 0x100000n,
      memorySize: 0x2000n,
    });
    expect([...(elf.segments[0]?.bytes ?? [])]).toEqual([1, 0, 0, 0, 2, 0, 0, 0]);
  });

  it('names what it cannot take', () => {
    expect(refused(new Uint8Array())).toMatchObject({ title: 'Not an ELF file' });
    expect(refused(new TextEncoder().encode('hello, world'))).toMatchObject({ title: 'Not an ELF file' });
    expect(refused(makeElf({ machine: 183 })).detail).toContain('machine number 183');
    const bigEndian = makeElf({});
    bigEndian[5] = 2;
    expect(refused(bigEndian).detail).toContain('big-endian');
    const shrunk = makeElf({ segments: [{ virtual: 0, physical: 0, bytes: words(1, 2), memorySize: 4 }] });
    expect(refused(shrunk).detail).toContain('larger in the file');
  });

  it('tells of a file cut off anywhere', () => {
    const whole = makeElf({ bits: 64, segments: [{ virtual: 0, physical: 0, bytes: words(1, 2, 3) }] });
    for (let length = 4; length < whole.length; length++) {
      expect(refused(whole.subarray(0, length)).title).toBe('The ELF file is damaged');
    }
  });

  it('refuses absurd header counts at once', () => {
    const file = makeElf({ bits: 64 });
    new DataView(file.buffer).setUint16(56, 0xffff, true);
    expect(refused(file).detail).toContain('65535 segments');
  });
});

const KERNEL = 'public/kernel/emergence.elf';
describe.skipIf(!existsSync(KERNEL))('the built kernel', () => {
  const bytes = existsSync(KERNEL) ? new Uint8Array(readFileSync(KERNEL)) : new Uint8Array();

  it('has sections and symbols', () => {
    const elf = parsed(bytes);
    expect(elf.sections.map((section) => section.name)).toContain('.debug_line');
    const symbols = readElfSymbols(elf);
    expect(symbols.find((symbol) => symbol.name === '_start')?.address).toBe(elf.entry);
    expect(symbols.find((symbol) => symbol.name === 'syscall_entry')?.address).toBeGreaterThan(0xffffffff80000000n);
  });

  it('survives mutation: a value every time', () => {
    let seed = 12345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const headers = parsed(bytes).sectionHeaders.bytes;
    const tableAt = headers.byteOffset - bytes.byteOffset;
    for (let round = 0; round < 3000; round++) {
      const mutated = bytes.slice();
      for (let i = 0; i < 4; i++) {
        const region = random(3);
        const at =
          region === 0 ? random(64 + 4 * 56) : region === 1 ? tableAt + random(headers.length) : random(bytes.length);
        mutated[at] = random(256);
      }
      const elf = parseElf(mutated);
      if (isProblem(elf)) expect(elf.detail).not.toBe('');
      else readElfSymbols(elf);
    }
  });
});
