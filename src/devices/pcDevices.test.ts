import { expect, it } from 'vitest';
import { ManualClock, ProbeLine } from './manualClock.ts';
import { createPcDevices, runFirmware } from './pcDevices.ts';

function create(withApic = false) {
  const clock = new ManualClock();
  const intr = new ProbeLine();
  const log: string[] = [];
  let text = '';
  const devices = createPcDevices({
    clock,
    intr,
    system: {
      exit: (code) => log.push(`exit ${code}`),
      powerOff: () => log.push('off'),
      reset: () => log.push('reset'),
      setA20: (enabled) => log.push(`a20 ${enabled}`),
    },
    serialOutput: (byte) => {
      text += String.fromCharCode(byte);
    },
    memoryBytes: 64 << 20,
    ...(withApic && { apic: { nmi: () => {}, init: () => {}, startup: () => {} } }),
  });
  return { clock, intr, log, devices, text: () => text };
}

it('routes timer and serial interrupts through the controllers', () => {
  const { clock, intr, devices, text } = create();
  const { bus } = devices;
  runFirmware(devices);
  bus.write(0x21, 1, 0xee);
  clock.advance(60_000_000);
  expect(intr.level).toBe(true);
  expect(devices.pic.acknowledge()).toBe(0x08);
  bus.write(0x20, 1, 0x20);
  bus.write(0x3fc, 1, 8);
  bus.write(0x3f9, 1, 1);
  devices.com1.receive(0x78);
  expect(devices.pic.acknowledge()).toBe(0x0c);
  bus.write(0x3f8, 1, bus.read(0x3f8, 1));
  expect(text()).toBe('x');
});

it('with APICs, firmware leaves the 8259 in charge; the I/O APIC can take over', () => {
  const { clock, intr, devices } = create(true);
  const { bus, memoryBus, acknowledge } = devices;
  const io = (index: number, value: number) => {
    memoryBus.write(0xfec00000, 4, index);
    memoryBus.write(0xfec00010, 4, value);
  };
  runFirmware(devices);
  clock.advance(60_000_000);
  expect(intr.level).toBe(true);
  expect(acknowledge()).toBe(0x08);
  bus.write(0x20, 1, 0x20);
  bus.write(0x21, 1, 0xff);
  io(0x14, 0x50);
  expect(intr.level).toBe(false);
  clock.advance(60_000_000);
  expect(acknowledge()).toBe(0x50);
  expect(memoryBus.read(0xfee00030, 4)).toBe(0x50014);
  expect(memoryBus.isMapped(0xfee00fff)).toBe(true);
  expect(memoryBus.read(0xfed00000, 4)).toBe(0xffffffff);
  const states = devices.all.map((device) => device.save());
  const other = create(true);
  for (const [i, device] of other.devices.all.entries()) device.restore(states[i] ?? null);
  expect(other.devices.all.map((device) => device.save())).toEqual(states);
});

it('ends the run through the documented ports, at any width', () => {
  const { devices, log } = create();
  devices.bus.write(0xf4, 4, 5);
  devices.bus.write(0xf4, 1, 5);
  devices.bus.write(0x604, 2, 0x2000);
  devices.bus.write(0xb004, 2, 0x2000);
  devices.bus.write(0x64, 1, 0xfe);
  devices.bus.write(0x64, 2, 0xfffe);
  expect(log).toEqual(['exit 11', 'exit 11', 'off', 'off', 'reset', 'reset']);
});

it('saves plain data that restores into a machine with the same future', () => {
  const a = create();
  runFirmware(a.devices);
  a.devices.bus.write(0x21, 1, 0xfe);
  a.clock.advance(1_234_567);
  const states = a.devices.all.map((device) => device.save());
  expect(structuredClone(states)).toEqual(states);
  const b = create();
  b.clock.advance(1_234_567);
  for (const [i, device] of b.devices.all.entries()) device.restore(states[i] ?? null);
  expect(b.devices.all.map((device) => device.save())).toEqual(states);
  a.clock.advance(100_000_000);
  b.clock.advance(100_000_000);
  expect(b.devices.all.map((device) => device.save())).toEqual(a.devices.all.map((device) => device.save()));
  expect(b.intr.level).toBe(true);
});

it('refuses hostile states without hanging', () => {
  const { devices } = create(true);
  for (const device of devices.all) {
    const state = device.save();
    if (state === null) continue;
    for (const key of Object.keys(state as object)) {
      for (const bad of [undefined, -1e300, Number.NaN, 'x', [1, 2, 3], {}]) {
        const mutated = { ...(state as object), [key]: bad } as never;
        try {
          device.restore(mutated);
        } catch (error) {
          expect(error).toMatchObject({ name: 'BadStateError' });
        }
      }
    }
  }
});
