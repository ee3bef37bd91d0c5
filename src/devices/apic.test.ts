import { beforeEach, describe, expect, it } from 'vitest';
import { ApicBus } from './apicBus.ts';
import { IoApic } from './ioApic.ts';
import { LocalApic } from './localApic.ts';
import { ManualClock, ProbeLine } from './manualClock.ts';

let clock: ManualClock;
let bus: ApicBus;
let log: string[];

function createApic(id: number) {
  const intr = new ProbeLine();
  const apic = new LocalApic({
    id,
    clock,
    bus,
    processor: {
      intr,
      nmi: () => log.push(`${id} nmi`),
      init: () => log.push(`${id} init`),
      startup: (page) => log.push(`${id} startup ${page}`),
    },
    acknowledgePic: () => 0x33,
  });
  const read = (offset: number) => apic.readMemory(offset, 4);
  const write = (offset: number, value: number) => apic.writeMemory(offset, 4, value);
  return { apic, intr, read, write };
}
type Local = ReturnType<typeof createApic>;
const enable = ({ write }: Local) => write(0xf0, 0x1ff);
/** Sends itself a fixed interrupt. */
const self = ({ write }: Local, vector: number) => write(0x300, 0x40000 | vector);
const eoi = ({ write }: Local) => write(0xb0, 0);

beforeEach(() => {
  clock = new ManualClock();
  bus = new ApicBus();
  log = [];
});

describe('local APIC (SDM vol. 3A, chapter 10)', () => {
  let local: Local;
  beforeEach(() => {
    local = createApic(3);
  });

  it('has the reset values of 10.4.7.1', () => {
    const { read } = local;
    expect(read(0x20)).toBe(0x03000000);
    expect(read(0x30)).toBe(0x00050014);
    expect([0x80, 0xa0, 0xd0, 0x300, 0x310, 0x380, 0x390].map(read)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(read(0xe0)).toBe(0xffffffff);
    expect(read(0xf0)).toBe(0xff);
    expect([0x320, 0x330, 0x340, 0x350, 0x360, 0x370].map(read)).toEqual(new Array(6).fill(0x10000));
  });

  it('keeps every LVT entry masked while disabled', () => {
    local.write(0x320, 0x30);
    expect(local.read(0x320)).toBe(0x10030);
    enable(local);
    local.write(0x320, 0x30);
    expect(local.read(0x320)).toBe(0x30);
    local.write(0xf0, 0xff);
    expect(local.read(0x320)).toBe(0x10030);
    self(local, 0x40);
    expect(local.intr.level).toBe(false);
  });

  it('delivers by priority class, with EOI', () => {
    enable(local);
    self(local, 0x41);
    expect(local.intr.level).toBe(true);
    expect(local.apic.acknowledge()).toBe(0x41);
    expect(local.read(0x100 + 0x20)).toBe(2);
    expect(local.read(0xa0)).toBe(0x40);
    self(local, 0x4f);
    // The same class has to wait, however high the vector.
    expect(local.intr.level).toBe(false);
    expect(local.read(0x200 + 0x20)).toBe(0x8000);
    self(local, 0x50);
    expect(local.apic.acknowledge()).toBe(0x50);
    eoi(local);
    expect(local.read(0xa0)).toBe(0x40);
    expect(local.intr.level).toBe(false);
    eoi(local);
    expect(local.apic.acknowledge()).toBe(0x4f);
  });

  it('holds back what the task priority covers; TPR and CR8 are one', () => {
    enable(local);
    local.write(0x80, 0x52);
    expect(local.apic.taskPriorityClass).toBe(5);
    expect(local.read(0xa0)).toBe(0x52);
    self(local, 0x5f);
    expect(local.intr.level).toBe(false);
    self(local, 0x60);
    expect(local.intr.level).toBe(true);
    local.apic.taskPriorityClass = 6;
    expect(local.intr.level).toBe(false);
    expect(local.apic.acknowledge()).toBe(0xff);
    expect(local.read(0x80)).toBe(0x60);
    local.apic.taskPriorityClass = 4;
    expect(local.apic.acknowledge()).toBe(0x60);
  });

  it('counts down once, or again and again, at the divided clock', () => {
    enable(local);
    local.write(0x3e0, 0x3);
    local.write(0x320, 0x30);
    local.write(0x380, 100);
    clock.advance(800);
    expect(local.read(0x390)).toBe(50);
    clock.advance(799);
    expect(local.intr.level).toBe(false);
    clock.advance(1);
    expect(local.apic.acknowledge()).toBe(0x30);
    eoi(local);
    expect(local.read(0x390)).toBe(0);
    clock.advance(100_000);
    expect(local.intr.level).toBe(false);
    local.write(0x320, 0x20030);
    local.write(0x3e0, 0xb);
    local.write(0x380, 1000);
    let ticks = 0;
    for (let i = 0; i < 10_500; i++) {
      clock.advance(1);
      if (!local.intr.level) continue;
      ticks += 1;
      local.apic.acknowledge();
      eoi(local);
    }
    expect(ticks).toBe(10);
    expect(local.read(0x390)).toBe(500);
    local.write(0x380, 0);
    clock.advance(5000);
    expect(local.intr.level).toBe(false);
  });

  it.each([
    [0x0, 2],
    [0x1, 4],
    [0x2, 8],
    [0x3, 16],
    [0x8, 32],
    [0x9, 64],
    [0xa, 128],
    [0xb, 1],
  ])('divide configuration %i divides by %i', (code, divide) => {
    local.write(0x3e0, code);
    local.write(0x380, 1000);
    clock.advance(divide * 10);
    expect(local.read(0x390)).toBe(990);
  });

  it('passes the 8259 on in virtual wire mode, and when it is switched off', () => {
    local.apic.lint0.set(true);
    expect(local.intr.level).toBe(false);
    local.apic.enterVirtualWire();
    expect(local.intr.level).toBe(true);
    expect(local.apic.acknowledge()).toBe(0x33);
    self(local, 0x20);
    expect(local.apic.acknowledge()).toBe(0x20);
    local.apic.lint0.set(false);
    expect(local.intr.level).toBe(false);
    local.apic.setPresent(false);
    local.apic.lint0.set(true);
    expect(local.intr.level).toBe(true);
    expect(local.read(0x30)).toBe(0xffffffff);
    expect(local.apic.acknowledge()).toBe(0x33);
  });

  it('reports errors when ESR is written', () => {
    enable(local);
    local.write(0x370, 0xe0);
    self(local, 5);
    expect(local.read(0x280)).toBe(0);
    expect(local.apic.acknowledge()).toBe(0xe0);
    local.write(0x280, 0);
    expect(local.read(0x280)).toBe(0x20);
    expect(local.read(0x400)).toBe(0);
    local.write(0x280, 0);
    expect(local.read(0x280)).toBe(0x80);
  });

  it('saves and restores, the timer included', () => {
    enable(local);
    local.write(0x320, 0x20030);
    local.write(0x380, 1000);
    self(local, 0x80);
    local.apic.acknowledge();
    clock.advance(700);
    const state = local.apic.save();
    bus = new ApicBus();
    const other = createApic(3);
    other.apic.restore(state);
    expect(other.apic.save()).toEqual(state);
    local.apic.reset();
    clock.advance(1300);
    eoi(other);
    expect(other.apic.acknowledge()).toBe(0x30);
  });
});

describe('messages between processors', () => {
  it('reach their destinations: physical, flat, cluster, shorthands', () => {
    const apics = [0, 1, 2].map(createApic);
    const [a, b, c] = apics as [Local, Local, Local];
    const pending = () =>
      apics.map(({ intr, apic, write }) => {
        const was = intr.level;
        if (was) apic.acknowledge();
        write(0xb0, 0);
        return was;
      });
    for (const each of apics) enable(each);
    const send = (destination: number, command: number) => {
      a.write(0x310, destination << 24);
      a.write(0x300, command);
    };
    send(1, 0x40);
    expect(pending()).toEqual([false, true, false]);
    send(0xff, 0x40);
    expect(pending()).toEqual([true, true, true]);
    send(0, 0xc0040);
    expect(pending()).toEqual([false, true, true]);
    send(0, 0x80040);
    expect(pending()).toEqual([true, true, true]);
    b.write(0xd0, 0x02000000);
    c.write(0xd0, 0x04000000);
    send(0x06, 0x840);
    expect(pending()).toEqual([false, true, true]);
    c.write(0xe0, 0x0fffffff);
    c.write(0xd0, 0x24000000);
    send(0x24, 0x840);
    expect(pending()).toEqual([false, false, true]);
    // Lowest priority: one of them only.
    b.write(0xd0, 0x01000000);
    a.write(0xd0, 0x01000000);
    a.write(0x80, 0x30);
    send(0x01, 0x940);
    expect(pending()).toEqual([false, true, false]);
  });

  it('start another processor with INIT and start-up', () => {
    const a = createApic(0);
    createApic(1);
    a.write(0x310, 1 << 24);
    a.write(0x300, 0x4500);
    a.write(0x300, 0x8500);
    a.write(0x300, 0x4608);
    a.write(0x300, 0x4400);
    expect(log).toEqual(['1 init', '1 startup 8', '1 nmi']);
  });
});

describe('I/O APIC (82093AA data sheet)', () => {
  let local: Local;
  let io: IoApic;
  const read = (index: number) => {
    io.writeMemory(0, 4, index);
    return io.readMemory(0x10, 4);
  };
  const write = (index: number, value: number) => {
    io.writeMemory(0, 4, index);
    io.writeMemory(0x10, 4, value);
  };
  beforeEach(() => {
    local = createApic(0);
    enable(local);
    io = new IoApic(bus);
  });

  it('has 24 masked entries', () => {
    expect(read(1)).toBe(0x00170011);
    expect(read(0x10)).toBe(0x10000);
    expect(read(0x10 + 47)).toBe(0);
    write(0, 0x0f000000);
    expect(read(0)).toBe(0x0f000000);
    write(0x11, 0xff123456);
    expect(read(0x11)).toBe(0xff000000);
    write(0x10, 0xffffffff);
    expect(read(0x10)).toBe(0x1afff);
  });

  it('sends on the edge, and forgets edges while masked', () => {
    const line = io.line(4);
    line.set(true);
    write(0x18, 0x44);
    expect(local.intr.level).toBe(false);
    line.set(false);
    line.set(true);
    expect(local.apic.acknowledge()).toBe(0x44);
    eoi(local);
    expect(local.intr.level).toBe(false);
  });

  it('asks again at EOI while a level-triggered line stays active', () => {
    const line = io.line(10);
    write(0x24, 0x8055);
    line.set(true);
    expect(read(0x24)).toBe(0xc055);
    expect(local.apic.acknowledge()).toBe(0x55);
    expect(local.read(0x180 + 0x20)).toBe(1 << 21);
    eoi(local);
    expect(local.apic.acknowledge()).toBe(0x55);
    line.set(false);
    eoi(local);
    expect(local.intr.level).toBe(false);
    expect(read(0x24)).toBe(0x8055);
  });

  it('asks when a level-triggered entry is unmasked', () => {
    write(0x24, 0x18055);
    io.line(10).set(true);
    expect(local.intr.level).toBe(false);
    write(0x24, 0x8055);
    expect(local.intr.level).toBe(true);
  });

  it('saves and restores', () => {
    write(0x24, 0x8055);
    io.line(10).set(true);
    const state = io.save();
    const other = new IoApic(new ApicBus());
    other.restore(state);
    expect(other.save()).toEqual(state);
    expect(() => other.restore({ ...(state as object), low: [1] })).toThrow('24 numbers');
  });
});
