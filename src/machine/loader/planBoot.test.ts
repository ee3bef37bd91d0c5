import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byteReader.ts';
import { findMultiboot } from './multibootHeader.ts';
import { type BootPlan, type BootRequest, planBoot } from './planBoot.ts';
import { isProblem, type Problem } from './problem.ts';
import { makeElf, multiboot1, multiboot2, type TestSegment, words } from './testElf.ts';

const MIB = 1 << 20;
const base = { commandLine: '', modules: [], memoryBytes: 16 * MIB } satisfies Partial<BootRequest>;
const segment = (bytes: Uint8Array, extra: Partial<TestSegment> = {}): TestSegment => ({
  virtual: 0x100000,
  physical: 0x100000,
  bytes,
  ...extra,
});
const elfWith = (header: Uint8Array, extra: Partial<TestSegment> = {}) =>
  makeElf({ segments: [segment(header, extra)] });

function planned(request: Partial<BootRequest> & { kernel: Uint8Array }): BootPlan {
  const plan = planBoot({ ...base, ...request });
  if (isProblem(plan)) throw new Error(`${plan.title}: ${plan.detail}`);
  return plan;
}
function refused(request: Partial<BootRequest> & { kernel: Uint8Array }): Problem {
  const plan = planBoot({ ...base, ...request });
  if (!isProblem(plan)) throw new Error('accepted');
  return plan;
}

/** Low memory as the plan leaves it. */
function memoryOf(plan: BootPlan, size = 4 * MIB): ByteReader {
  const memory = new Uint8Array(size).fill(0xee);
  for (const { physicalAddress, bytes, zeros } of plan.writes) {
    memory.set(bytes, physicalAddress);
    memory.fill(0, physicalAddress + bytes.length, physicalAddress + bytes.length + zeros);
  }
  return new ByteReader(memory, 'memory');
}

describe('findMultiboot', () => {
  it('needs alignment, checksum and place', () => {
    const at = (offset: number, header: Uint8Array) => {
      const file = new Uint8Array(40_000);
      file.set(header, offset);
      return findMultiboot(file);
    };
    expect(at(8, multiboot1(0))).toMatchObject({ version: 1, offset: 8, addresses: null });
    expect(at(8180, multiboot1(0))).toMatchObject({ version: 1 });
    expect(at(8184, multiboot1(0))).toBeNull();
    expect(at(6, multiboot1(0))).toBeNull();
    expect(at(8, words(0x1badb002, 0, 0))).toBeNull();
    expect(at(32_744, multiboot2())).toMatchObject({ version: 2 });
    expect(at(32_760, multiboot2())).toBeNull();
    expect(at(12, multiboot2())).toBeNull();
  });

  it('prefers version 1, as QEMU does, unless told otherwise', () => {
    const both = new Uint8Array(256);
    both.set(multiboot2(), 0);
    both.set(multiboot1(3), 128);
    expect(findMultiboot(both)).toMatchObject({ version: 1, offset: 128 });
    expect(findMultiboot(both, 2)).toMatchObject({ version: 2, offset: 0 });
    expect(findMultiboot(multiboot2(), 1)).toBeNull();
  });

  it('reads version 2 tags', () => {
    const header = findMultiboot(
      multiboot2([2, 24, 0x100000, 0x100000, 0x101000, 0x102000], [3, 12, 0x100040], [10, 24, 0, 1, 4096, 0]),
    );
    expect(header).toMatchObject({
      version: 2,
      entry: 0x100040,
      wantsLoadBase: true,
      addresses: { headerAddress: 0x100000, loadAddress: 0x100000, loadEnd: 0x101000, bssEnd: 0x102000 },
    });
  });

  it('refuses demands it cannot meet, and lets optional ones pass', () => {
    expect(findMultiboot(multiboot1(8))).toMatchObject({ title: 'The kernel asks for too much' });
    expect(findMultiboot(multiboot2([5, 20, 640, 480, 32]))).toMatchObject({
      detail: expect.stringContaining('framebuffer'),
    });
    expect(findMultiboot(multiboot2([0x10005, 20, 640, 480, 32]))).toMatchObject({ version: 2 });
    expect(findMultiboot(multiboot2([1, 16, 6, 99]))).toMatchObject({ detail: expect.stringContaining('tag 99') });
    expect(findMultiboot(multiboot2([1, 16, 6, 1]))).toMatchObject({ version: 2 });
    expect(findMultiboot(multiboot2([77, 8]))).toMatchObject({ detail: expect.stringContaining('tag 77') });
    expect(findMultiboot(multiboot2([6, 0]))).toMatchObject({ title: 'The multiboot header is damaged' });
    expect(findMultiboot(multiboot2([2, 24, 0, 0, 0, 0]))).toMatchObject({ detail: expect.stringContaining('entry') });
  });
});

describe('multiboot 1', () => {
  it('fills in the information structure', () => {
    const plan = planned({
      kernel: elfWith(multiboot1(3), { memorySize: 0x1234 }),
      commandLine: 'init=shell x',
      modules: [
        { name: 'a.elf one', bytes: words(7, 8, 9) },
        { name: 'b.elf', bytes: words(1) },
      ],
    });
    expect(plan).toMatchObject({
      protocol: 1,
      entry: 0x100000,
      eax: 0x2badb002,
      kernelStart: 0x100000,
      kernelEnd: 0x101234,
    });
    const memory = memoryOf(plan);
    const info = plan.ebx;
    expect(info % 4).toBe(0);
    expect(memory.u32(info)).toBe(0x24d);
    expect([memory.u32(info + 4), memory.u32(info + 8)]).toEqual([639, 15 * 1024 - 128]);
    expect(memory.text(memory.u32(info + 16))).toBe('init=shell x');
    expect(memory.text(memory.u32(info + 64))).toBe('Emergence Playground');
    expect(memory.u32(info + 20)).toBe(2);
    const modules = memory.u32(info + 24);
    expect([memory.u32(modules), memory.u32(modules + 4)]).toEqual([0x102000, 0x10200c]);
    expect(memory.text(memory.u32(modules + 8))).toBe('a.elf one');
    expect(memory.u32(0x102004)).toBe(8);
    expect(memory.u32(modules + 16)).toBe(0x103000);
    // The bss is zero.
    expect(memory.u32(0x101230)).toBe(0);
    const map = memory.u32(info + 48);
    const entries: string[] = [];
    for (let at = map; at < map + memory.u32(info + 44); at += memory.u32(at) + 4) {
      entries.push(`${memory.u64(at + 4).toString(16)} ${memory.u64(at + 12).toString(16)} ${memory.u32(at + 20)}`);
    }
    expect(entries).toEqual([
      '0 9fc00 1',
      '9fc00 400 2',
      'f0000 10000 2',
      '100000 ee0000 1',
      'fe0000 20000 2',
      'fffc0000 40000 2',
    ]);
  });

  it('loads by the address fields when they are there, whatever the file is', () => {
    const header = multiboot1(0x10000, 0x200010, 0x200000, 0x200040, 0x200100, 0x200030);
    const file = new Uint8Array(0x200);
    file.fill(0x55, 0x90, 0xa0);
    file.set(header, 0x80);
    const plan = planned({ kernel: file });
    expect(plan).toMatchObject({ entry: 0x200030, kernelStart: 0x200000, kernelEnd: 0x200100 });
    const memory = memoryOf(plan);
    expect(memory.u32(0x200010)).toBe(0x1badb002);
    expect(memory.u32(0x2000f0)).toBe(0);
    // Load end 0 means the whole file.
    file.set(multiboot1(0x10000, 0x200010, 0x200000, 0, 0, 0x200000), 0x80);
    expect(planned({ kernel: file }).kernelEnd).toBe(0x200000 + 0x200 - 0x70);
  });

  it('refuses address fields that do not fit', () => {
    const file = (...fields: number[]) => {
      const bytes = new Uint8Array(0x100);
      bytes.set(multiboot1(0x10000, ...fields), 0x20);
      return bytes;
    };
    expect(refused({ kernel: file(0x200000, 0x200010, 0, 0, 0) }).title).toBe(
      'The multiboot header contradicts itself',
    );
    expect(refused({ kernel: file(0x200100, 0x200000, 0, 0, 0) }).title).toBe(
      'The multiboot header contradicts itself',
    );
    expect(refused({ kernel: file(0x200000, 0x200000, 0x200200, 0, 0) }).detail).toContain('cut off');
    expect(refused({ kernel: file(0x200000, 0x200000, 0, 0x200001, 0) }).detail).toContain('bss');
    expect(refused({ kernel: file(0x200000, 0x200000, 0, 0, 5) }).title).toBe('The entry point is nowhere');
  });
});

describe('multiboot 2', () => {
  it('lists its tags', () => {
    const plan = planned({
      kernel: makeElf({ bits: 64, segments: [segment(multiboot2([10, 24, 0, 1, 4096, 0]))] }),
      commandLine: 'hello',
      modules: [{ name: 'user.elf', bytes: words(7) }],
    });
    expect(plan).toMatchObject({ protocol: 2, eax: 0x36d76289 });
    expect(plan.ebx % 8).toBe(0);
    const memory = memoryOf(plan);
    const total = memory.u32(plan.ebx);
    const tags = new Map<number, number>();
    let at = plan.ebx + 8;
    while (memory.u32(at) !== 0) {
      tags.set(memory.u32(at), at);
      at = (at + memory.u32(at + 4) + 7) & ~7;
    }
    expect(at + 8).toBe(plan.ebx + total);
    expect([...tags.keys()]).toEqual([1, 2, 3, 4, 6, 21]);
    const tag = (type: number) => tags.get(type) ?? 0;
    expect(memory.text(tag(1) + 8)).toBe('hello');
    expect(memory.u32(tag(1) + 4)).toBe(14);
    expect([memory.u32(tag(3) + 8), memory.u32(tag(3) + 12), memory.text(tag(3) + 16)]).toEqual([
      0x101000,
      0x101004,
      'user.elf',
    ]);
    expect([memory.u32(tag(6) + 4), memory.u32(tag(6) + 8)]).toEqual([16 + 6 * 24, 24]);
    expect(memory.u64(tag(6) + 16 + 3 * 24)).toBe(0x100000n);
    expect(memory.u32(tag(21) + 8)).toBe(0x100000);
  });
});

describe('ELF kernels', () => {
  it('enters a virtual entry point at its physical address', () => {
    const kernel = makeElf({
      bits: 64,
      entry: 0xffffffff80100020n,
      segments: [segment(multiboot1(0), { virtual: 0xffffffff80100000n, memorySize: 0x100 })],
    });
    expect(planned({ kernel }).entry).toBe(0x100020);
  });

  it('refuses segments that overlap, lie outside memory or in the hole', () => {
    const two = (first: Partial<TestSegment>, second: Partial<TestSegment>) =>
      refused({ kernel: makeElf({ segments: [segment(multiboot1(0), first), segment(words(1), second)] }) });
    expect(two({ memorySize: 0x1000 }, { physical: 0x100800 }).title).toBe('Segments overlap');
    expect(two({}, { physical: 0x5000_0000 }).title).toBe('A segment lies outside memory');
    expect(two({}, { physical: 0x200000, memorySize: 64 * MIB }).detail).toContain('at least 67 MiB');
    expect(two({}, { physical: 0xb8000 }).detail).toContain('no memory from 9fc00h');
    const far = makeElf({ bits: 64, segments: [segment(multiboot1(0), { physical: 0xffffffff80000000n })] });
    expect(refused({ kernel: far }).detail).toContain('AT()');
  });

  it('refuses what is no executable or has nothing to load', () => {
    expect(refused({ kernel: makeElf({ type: 3, segments: [segment(multiboot1(0))] }) }).detail).toContain('no-pie');
    expect(refused({ kernel: elfWith(multiboot1(0), { type: 4 }) }).title).toBe('Nothing to load');
    expect(refused({ kernel: makeElf({ entry: 5, segments: [segment(multiboot1(0))] }) }).title).toBe(
      'The entry point is nowhere',
    );
  });

  it('puts the information above a kernel that sits in low memory', () => {
    const plan = planned({
      kernel: makeElf({ entry: 0x8000, segments: [segment(multiboot1(0), { physical: 0x8000, virtual: 0x8000 })] }),
    });
    expect(plan.ebx).toBe(0x100000);
  });
});

describe('what people get wrong', () => {
  it.each([
    ['an empty file', new Uint8Array(), 'The file is empty'],
    ['text', new TextEncoder().encode('int main() {}'), 'No multiboot header'],
    ['a user program', makeElf({ segments: [segment(words(1))] }), 'No multiboot header'],
    ['a magic number at the very end', words(0x1badb002, 0), 'No multiboot header'],
  ])('%s', (_name, kernel, title) => {
    expect(refused({ kernel }).title).toBe(title);
  });

  it('too little memory', () => {
    const kernel = elfWith(multiboot1(0));
    expect(refused({ kernel, memoryBytes: 1 * MIB }).title).toBe('Impossible memory size');
    expect(refused({ kernel, memoryBytes: Number.NaN }).title).toBe('Impossible memory size');
    const modules = [{ name: 'big', bytes: new Uint8Array(3 * MIB) }];
    expect(refused({ kernel, modules, memoryBytes: 4 * MIB }).detail).toContain('5 MiB');
    expect(planned({ kernel, modules, memoryBytes: 5 * MIB }).modules.length).toBe(1);
  });
});

const KERNEL = 'public/kernel/emergence.elf';
describe.skipIf(!existsSync(KERNEL))('the built kernel', () => {
  const kernel = existsSync(KERNEL) ? new Uint8Array(readFileSync(KERNEL)) : new Uint8Array();

  it('lands on the same bytes by either header', () => {
    const first = memoryOf(planned({ kernel, protocol: 1 })).slice(0x100000, 0xc000);
    const second = memoryOf(planned({ kernel, protocol: 2 })).slice(0x100000, 0xc000);
    // Between segments the ELF form writes nothing; compare where it does.
    const differing = second.findIndex((byte, i) => byte !== first[i] && byte !== 0xee);
    expect(differing).toBe(-1);
    expect(planned({ kernel, protocol: 1 }).entry).toBe(planned({ kernel, protocol: 2 }).entry);
  });

  it('gets a problem or a plan, never an error, when bytes change', () => {
    let seed = 99;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let round = 0; round < 3000; round++) {
      const mutated = kernel.slice(0, random(4) === 0 ? random(kernel.length) : kernel.length);
      for (let i = 0; i < 4; i++) mutated[random(2) === 0 ? random(288) : 0x1000 + random(0x68)] = random(256);
      const plan = planBoot({ ...base, kernel: mutated, protocol: random(2) === 0 ? 1 : 2 });
      if (isProblem(plan)) continue;
      for (const write of plan.writes) {
        expect(write.physicalAddress + write.bytes.length + write.zeros).toBeLessThanOrEqual(base.memoryBytes);
      }
    }
  });
});
