import { describe, expect, it } from 'vitest';
import type { PortDevice, Width } from './bus.ts';
import { PortBus } from './portBus.ts';

function recorder(): PortDevice & { log: string[] } {
  const log: string[] = [];
  return {
    log,
    readPort(port: number, width: Width) {
      log.push(`r${width} ${port.toString(16)}`);
      return width === 4 ? 0xfedcba98 : port & 0xff;
    },
    writePort(port: number, width: Width, value: number) {
      log.push(`w${width} ${port.toString(16)} ${value.toString(16)}`);
    },
  };
}

describe('PortBus', () => {
  it('reads all ones where nobody answers', () => {
    const bus = new PortBus();
    expect(bus.read(0x1234, 1)).toBe(0xff);
    expect(bus.read(0x1234, 2)).toBe(0xffff);
    expect(bus.read(0xfffe, 4)).toBe(0xffffffff);
    bus.write(0xffff, 4, 5);
  });

  it('splits wide accesses to a byte device over consecutive ports, low first', () => {
    const bus = new PortBus();
    const device = recorder();
    bus.map({ first: 0x40, last: 0x41, device });
    expect(bus.read(0x40, 4)).toBe(0xffff4140);
    bus.write(0x3f, 4, 0x44332211);
    expect(device.log).toEqual(['r1 40', 'r1 41', 'w1 40 22', 'w1 41 33']);
  });

  it('passes widths a device decodes, unsigned', () => {
    const bus = new PortBus();
    const device = recorder();
    bus.map({ first: 0xf4, last: 0xf7, device, widths: [1, 2, 4] });
    expect(bus.read(0xf4, 4)).toBe(0xfedcba98);
    bus.write(0xf4, 2, -1);
    expect(device.log).toEqual(['r4 f4', 'w2 f4 ffff']);
  });

  it('refuses two devices at one port', () => {
    const bus = new PortBus();
    bus.map({ first: 0x60, last: 0x60, device: recorder() });
    expect(() => bus.map({ first: 0x5f, last: 0x61, device: recorder() })).toThrow('60h is taken');
  });
});
