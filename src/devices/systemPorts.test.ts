import { beforeEach, describe, expect, it } from 'vitest';
import { DebugExit, PowerControl } from './exitPorts.ts';
import { I8042 } from './i8042.ts';
import { ProbeLine } from './manualClock.ts';
import { SystemPorts } from './systemPorts.ts';

let log: string[];
const system = {
  exit: (code: number) => log.push(`exit ${code}`),
  powerOff: () => log.push('off'),
  reset: () => log.push('reset'),
  setA20: (enabled: boolean) => log.push(`a20 ${enabled}`),
};
beforeEach(() => {
  log = [];
});

describe('ways out', () => {
  it('isa-debug-exit never gives 0', () => {
    const port = new DebugExit(system);
    port.writePort(0xf4, 1, 0);
    port.writePort(0xf4, 4, 0x10);
    expect(log).toEqual(['exit 1', 'exit 33']);
    expect(port.readPort(0xf4, 1)).toBe(0);
  });

  it('SLP_EN with the type of soft-off turns the power off; others do not', () => {
    const port = new PowerControl(system, 0x604);
    port.writePort(0x604, 2, 1);
    expect(port.readPort(0x604, 2)).toBe(1);
    port.writePort(0x604, 2, 0x2400);
    expect(log).toEqual([]);
    port.writePort(0x604, 2, 0x2000);
    expect(log).toEqual(['off']);
    expect(port.readPort(0x604, 2)).toBe(0);
    port.writePort(0x605, 1, 0x20);
    expect(log).toEqual(['off', 'off']);
    const state = port.save();
    port.reset();
    port.restore(state);
    expect(port.save()).toEqual(state);
  });
});

describe('chip-set ports', () => {
  it('resets on the rising edge of port 92h bit 0 and CF9h bit 2', () => {
    const ports = new SystemPorts(system);
    expect(ports.readPort(0x92, 1)).toBe(2);
    ports.writePort(0x92, 1, 3);
    ports.writePort(0x92, 1, 3);
    expect(log).toEqual(['reset']);
    ports.writePort(0x92, 1, 0);
    expect(log).toEqual(['reset', 'a20 false']);
    ports.writePort(0xcf9, 1, 2);
    ports.writePort(0xcf9, 1, 6);
    expect(log).toEqual(['reset', 'a20 false', 'reset']);
    expect(ports.readPort(0xcf9, 1)).toBe(2);
    ports.writePort(0x80, 1, 0x42);
    expect(ports.postCode).toBe(0x42);
    const state = ports.save();
    ports.reset();
    ports.restore(state);
    expect(ports.save()).toEqual(state);
  });
});

describe('8042', () => {
  const create = () => {
    const irq = new ProbeLine();
    const kbc = new I8042(irq, system);
    const command = (value: number, data?: number) => {
      kbc.writePort(0x64, 1, value);
      if (data !== undefined) kbc.writePort(0x60, 1, data);
    };
    return { irq, kbc, command, status: () => kbc.readPort(0x64, 1), data: () => kbc.readPort(0x60, 1) };
  };

  it('tests itself', () => {
    const { command, status, data } = create();
    command(0xaa);
    expect(status()).toBe(0x1d);
    expect(data()).toBe(0x55);
    expect(status() & 1).toBe(0);
  });

  it('pulses the reset line with FEh and by its output port', () => {
    const { command } = create();
    command(0xff);
    expect(log).toEqual([]);
    command(0xfe);
    command(0xd1, 0x02);
    expect(log).toEqual(['reset', 'reset']);
  });

  it('gates A20', () => {
    const { command, data } = create();
    command(0xd1, 0x01);
    command(0xdf);
    command(0xd0);
    expect(data() & 3).toBe(3);
    expect(log).toEqual(['a20 false', 'a20 true']);
  });

  it('passes keys with IRQ 1, one edge each, and holds them while the keyboard is disabled', () => {
    const { kbc, irq, command, status, data } = create();
    kbc.scanCode(0x1e);
    kbc.scanCode(0x9e);
    expect(irq.rises).toBe(1);
    expect(data()).toBe(0x1e);
    expect(irq.rises).toBe(2);
    expect(data()).toBe(0x9e);
    expect(irq.level).toBe(false);
    command(0xad);
    kbc.scanCode(0x10);
    expect(status() & 1).toBe(0);
    command(0xae);
    expect(data()).toBe(0x10);
    command(0x60, 0x00);
    kbc.scanCode(0x11);
    expect(irq.level).toBe(false);
    expect(data()).toBe(0x11);
  });

  it('has a keyboard that answers', () => {
    const { kbc, data } = create();
    kbc.writePort(0x60, 1, 0xff);
    expect([data(), data()]).toEqual([0xfa, 0xaa]);
    kbc.writePort(0x60, 1, 0xed);
    kbc.writePort(0x60, 1, 0x07);
    expect([data(), data()]).toEqual([0xfa, 0xfa]);
    kbc.writePort(0x60, 1, 0xf2);
    expect([data(), data(), data()]).toEqual([0xfa, 0xab, 0x83]);
  });

  it('saves and restores', () => {
    const { kbc, command } = create();
    command(0xd1);
    kbc.scanCode(5);
    const state = kbc.save();
    const { kbc: other } = create();
    other.restore(state);
    expect(other.save()).toEqual(state);
    expect(() => other.restore(null)).toThrow('record');
  });
});
