import { describe, expect, it } from 'vitest';
import { RAM } from '../../cpu/layout.ts';
import { Vector } from '../../cpu/fault.ts';
import { PageUse } from '../../cpu/tlb.ts';
import { PTE } from '../../registers/pageEntry.ts';
import { BareMachine } from './bareMachine.ts';

const CODE = 0x400000;
const DATA = 0x600000;
const DATA_BYTES = 0x6000;
const [RAX, RCX, RSI, RDI] = [0, 1, 6, 7];
const DF = 0x400;
const TF = 0x100;

const REP_MOVSB = [0xf3, 0xa4];
const REP_MOVSQ = [0xf3, 0x48, 0xa5];
const REP_STOSB = [0xf3, 0xaa];
const REP_STOSW = [0xf3, 0x66, 0xab];
const REPNE_SCASB = [0xf2, 0xae];
const HLT = 0xf4;

/** A machine with `code` followed by HLT, and memory that counts up. */
function machine(code: readonly number[]) {
  const m = new BareMachine({ mode: 64, cpl: 3 });
  const codeAt = m.map(CODE, 0x1000);
  m.write(codeAt, Uint8Array.from([...code, HLT]));
  const data = RAM + m.map(DATA, DATA_BYTES);
  const { bytes } = m.cpu;
  for (let i = 0; i < DATA_BYTES; i++) bytes[data + i] = (i * 7 + (i >> 8)) & 0xff;
  const set = (n: number, value: number | bigint): void => m.cpu.setReg(n, BigInt(value));
  const content = (from: number, to: number): number[] => [...bytes.subarray(data + from, data + to)];
  /** Runs to the HLT, which ring 3 may not execute; returns the instructions run. */
  const toEnd = (): number => m.run(BigInt(CODE), 1_000_000);
  return { m, set, content, toEnd, bytes, data };
}

/** What element-by-element copying does to `memory`. */
function copied(memory: number[], from: number, to: number, count: number, element: number, step: 1 | -1): number[] {
  const result = [...memory];
  for (let i = 0; i < count; i++) {
    const at = step * i * element;
    const value = result.slice(from + at, from + at + element);
    for (let b = 0; b < element; b++) result[to + at + b] = value[b] ?? 0;
  }
  return result;
}

describe('REP MOVS', () => {
  it.each([
    ['far apart', 0x10, 0x3003, 0x2100, 1, 1],
    ['to the next byte: a fill', 0x123, 0x124, 0x1800, 1, 1],
    ['three bytes ahead', 0x0ff0, 0x0ff3, 0x1234, 1, 1],
    ['behind: an ordinary move', 0x1003, 0x1000, 0x1800, 1, 1],
    ['quadwords five bytes ahead', 0x20, 0x25, 0x300, 8, 1],
    ['quadwords twelve bytes ahead', 0x20, 0x2c, 0x300, 8, 1],
    ['downwards', 0x2fff, 0x5fff, 0x2500, 1, -1],
    ['downwards to the byte before', 0x2fff, 0x2ffe, 0x1800, 1, -1],
    ['quadwords downwards, across pages', 0x2ffb, 0x4ffd, 0x300, 8, -1],
  ] as const)('%s', (_name, from, to, count, element, step) => {
    const { m, set, content, toEnd } = machine(element === 1 ? REP_MOVSB : REP_MOVSQ);
    const expected = copied(content(0, DATA_BYTES), from, to, count, element, step);
    set(RSI, DATA + from);
    set(RDI, DATA + to);
    set(RCX, count);
    m.cpu.rflags = step < 0 ? DF | 2 : 2;
    toEnd();
    expect(content(0, DATA_BYTES)).toEqual(expected);
    expect([m.cpu.reg(RCX), m.cpu.reg(RSI), m.cpu.reg(RDI)]).toEqual([
      0n,
      BigInt(DATA + from + step * count * element),
      BigInt(DATA + to + step * count * element),
    ]);
    expect(m.fault?.vector).toBe(Vector.GP);
    expect(m.cpu.rip).toBe(BigInt(CODE + (element === 1 ? 2 : 3)));
  });

  it('takes a large page in one piece, and has every page of it kept that is written', () => {
    const [from, to, bytes] = [0x200123, 0x600045, 0x60000];
    const m = new BareMachine({ mode: 64, cpl: 3, ramBytes: 0x700000 });
    m.write(m.map(CODE, 0x1000), Uint8Array.from([...REP_MOVSB, HLT]));
    // What is mapped here ends with the machine's memory.
    const entries = [m.mapLarge(0x40000000, 0x200000), m.mapLarge(0x80000000, 0x600000)];
    const { cpu } = m;
    for (let i = 0; i < bytes; i++) cpu.bytes[RAM + from + i] = (i * 7 + (i >> 8)) & 0xff;
    cpu.tlb.protectAll();
    const [watched, kept]: number[][] = [[], []];
    cpu.tlb.mark(0x205, PageUse.watched);
    cpu.tlb.mark(0x630, PageUse.code);
    cpu.tlb.onWatched = (page) => watched?.push(page);
    cpu.tlb.onFirstWrite = (page) => kept?.push(page);
    cpu.setReg(RSI, 0x40000000n + BigInt(from - 0x200000));
    cpu.setReg(RDI, 0x80000000n + BigInt(to - 0x600000));
    cpu.setReg(RCX, BigInt(bytes));
    expect(m.run(BigInt(CODE), 1_000_000)).toBeLessThan(4);
    expect(cpu.reg(RCX)).toBe(0n);
    const at = (physical: number): Buffer => Buffer.from(cpu.bytes.buffer, RAM + physical, bytes);
    expect(Buffer.compare(at(from), at(to))).toBe(0);
    expect(watched).toContain(0x205);
    const pages = new Set(kept?.filter((page) => page >= 0x600));
    expect([...pages].sort((a, b) => a - b)).toEqual(Array.from({ length: 0x61 }, (_, n) => 0x600 + n));
    const marks = entries.map((entry) => cpu.memory.read32(entry) & (PTE.A | PTE.D));
    expect(marks).toEqual([PTE.A, PTE.A | PTE.D]);
  });

  it('goes by pages, not by elements', () => {
    const { set, toEnd } = machine(REP_MOVSB);
    set(RSI, DATA);
    set(RDI, DATA + 0x3000);
    set(RCX, 0x3000);
    expect(toEnd()).toBeLessThan(10);
  });

  it('does one element per instruction under RFLAGS.TF', () => {
    const { m, set } = machine(REP_MOVSB);
    set(RSI, DATA);
    set(RDI, DATA + 0x3000);
    set(RCX, 5);
    m.cpu.rflags = TF | 2;
    m.run(BigInt(CODE), 1);
    expect(m.fault?.vector).toBe(Vector.DB);
    expect([m.cpu.reg(RCX), m.cpu.rip]).toEqual([4n, BigInt(CODE)]);
  });

  it('stops at a page that is not there, with the elements before it done', () => {
    const { m, set, content, toEnd } = machine(REP_MOVSB);
    const before = content(0, 0x123);
    set(RSI, DATA);
    set(RDI, DATA + DATA_BYTES - 0x123);
    set(RCX, 0x1000);
    toEnd();
    expect(m.fault?.vector).toBe(Vector.PF);
    expect(m.fault?.linear).toBe(BigInt(DATA + DATA_BYTES));
    expect([m.cpu.reg(RCX), m.cpu.rip]).toEqual([BigInt(0x1000 - 0x123), BigInt(CODE)]);
    expect(content(DATA_BYTES - 0x123, DATA_BYTES)).toEqual(before);
  });

  it('over code that ran before makes the new code run', () => {
    const INC_EAX = [0xff, 0xc0];
    const { m, set, bytes, data } = machine(INC_EAX);
    m.run(BigInt(CODE), 1000);
    expect(m.cpu.reg(RAX)).toBe(1n);
    // The same code, with DEC EAX, is copied over it by an instruction further on.
    m.write(m.map(CODE + 0x1000, 0x1000), Uint8Array.from([...REP_MOVSB, HLT]));
    bytes.set([0xff, 0xc8, HLT], data);
    set(RSI, DATA);
    set(RDI, CODE);
    set(RCX, 3);
    m.run(BigInt(CODE + 0x1000), 1000);
    set(RAX, 1);
    m.run(BigInt(CODE), 1000);
    expect(m.cpu.reg(RAX)).toBe(0n);
  });
});

describe('REP STOS', () => {
  it('repeats a word across pages and wraps nothing', () => {
    const { set, content, toEnd } = machine(REP_STOSW);
    set(RAX, 0xabcd1234n);
    set(RDI, DATA + 0xfff);
    set(RCX, 0x900);
    const before = content(0, DATA_BYTES);
    toEnd();
    const expected = before.map((old, i) =>
      i < 0xfff || i >= 0xfff + 0x1200 ? old : (i - 0xfff) % 2 === 0 ? 0x34 : 0x12,
    );
    expect(content(0, DATA_BYTES)).toEqual(expected);
  });

  it('counts with all of RCX', () => {
    const { m, set, toEnd } = machine(REP_STOSB);
    set(RDI, DATA);
    set(RCX, 0x100000001n);
    toEnd();
    expect(m.fault?.vector).toBe(Vector.PF);
    expect(m.cpu.reg(RCX)).toBe(0x100000001n - BigInt(DATA_BYTES));
  });
});

describe('REPNE SCAS', () => {
  it('finds a byte pages away, with the flags of the last comparison', () => {
    const { m, set, toEnd, bytes, data } = machine(REPNE_SCASB);
    bytes.fill(1, data, data + DATA_BYTES);
    bytes[data + 0x2345] = 9;
    set(RAX, 9);
    set(RDI, DATA + 3);
    set(RCX, -1n);
    toEnd();
    expect(m.cpu.reg(RDI)).toBe(BigInt(DATA + 0x2346));
    expect(BigInt.asIntN(64, m.cpu.reg(RCX))).toBe(-1n - BigInt(0x2346 - 3));
    expect(m.cpu.rflags & 0x8d5).toBe(0x44);
  });

  it('leaves the flags alone when a page is missing (SDM vol. 2B, REP)', () => {
    const { m, set, toEnd, bytes, data } = machine(REPNE_SCASB);
    bytes[data + DATA_BYTES - 1] = 5;
    set(RAX, 6);
    set(RDI, DATA + DATA_BYTES - 1);
    set(RCX, 100);
    m.cpu.rflags = 0x8d5 | 2;
    toEnd();
    expect(m.fault?.vector).toBe(Vector.PF);
    expect(m.cpu.rflags & 0x8d5).toBe(0x8d5);
  });
});
