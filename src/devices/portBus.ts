import type { PortDevice, Width } from './bus.ts';

export interface PortRange {
  readonly first: number;
  readonly last: number;
  readonly device: PortDevice;
  /** Access widths the device decodes itself; wider ones reach it as several narrower ones. Default: bytes only. */
  readonly widths?: readonly Width[];
}

const PORTS = 0x10000;

/**
 * The 64 KiB I/O space. A wide access to a narrower device becomes accesses to consecutive ports, low port first, as on
 * the ISA bus. Ports nobody decodes read as all ones and swallow writes.
 */
export class PortBus {
  /** Index + 1 into `#ranges`; 0 = nobody. */
  readonly #owner = new Uint8Array(PORTS);
  readonly #ranges: PortRange[] = [];

  /** Throws if a port is taken or there are more than 255 ranges: a mistake in the machine's plan, not in a guest. */
  map(range: PortRange): void {
    if (!(range.first >= 0 && range.first <= range.last && range.last < PORTS))
      throw new RangeError('not a port range');
    if (this.#ranges.length === 255) throw new RangeError('too many port ranges');
    for (let port = range.first; port <= range.last; port++) {
      if (this.#owner[port] !== 0) throw new RangeError(`port ${port.toString(16)}h is taken`);
    }
    this.#ranges.push(range);
    this.#owner.fill(this.#ranges.length, range.first, range.last + 1);
  }

  /** Unsigned value of `width` bytes. */
  read(port: number, width: Width): number {
    const range = this.#rangeAt(port);
    if (range !== undefined && decodes(range, port, width)) {
      const value = range.device.readPort(port, width);
      return width === 4 ? value >>> 0 : value & (width === 2 ? 0xffff : 0xff);
    }
    if (width === 1) return 0xff;
    const half: Width = width === 4 ? 2 : 1;
    const low = this.read(port, half);
    const high = this.read(port + half, half);
    return (low | (high << (half * 8))) >>> 0;
  }

  write(port: number, width: Width, value: number): void {
    const range = this.#rangeAt(port);
    if (range !== undefined && decodes(range, port, width)) {
      const unsigned = width === 4 ? value >>> 0 : value & (width === 2 ? 0xffff : 0xff);
      range.device.writePort(port, width, unsigned);
      return;
    }
    if (width === 1) return;
    const half: Width = width === 4 ? 2 : 1;
    this.write(port, half, value);
    this.write(port + half, half, value >>> (half * 8));
  }

  /** Whether anybody decodes the port. */
  isMapped(port: number): boolean {
    return this.#rangeAt(port) !== undefined;
  }

  #rangeAt(port: number): PortRange | undefined {
    const owner = this.#owner[port];
    return owner === undefined || owner === 0 ? undefined : this.#ranges[owner - 1];
  }
}

function decodes(range: PortRange, port: number, width: Width): boolean {
  if (port + width - 1 > range.last) return false;
  return range.widths === undefined ? width === 1 : range.widths.includes(width);
}
