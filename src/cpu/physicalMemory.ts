/** The linear memory of the machine, and guest RAM in it. */
import { RAM } from './layout.ts';

/** Devices in the physical address space. Widths are 1, 2 or 4 bytes; wider accesses come in pieces. */
export interface PhysicalBus {
  read(physical: number, bytes: number): number;
  write(physical: number, bytes: number, value: number): void;
}

/** What answers where nothing is: all ones, and writes are lost. */
const NOTHING: PhysicalBus = {
  read: (_physical, bytes) => (bytes === 4 ? -1 : (1 << (8 * bytes)) - 1),
  write: () => undefined,
};

export class PhysicalMemory {
  readonly wasm: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  /** The same memory as 32-bit words; index = host address >> 2. */
  readonly words: Int32Array;
  readonly view: DataView;
  readonly ramBytes: number;
  bus: PhysicalBus = NOTHING;
  /** Called before `write32` changes RAM. */
  beforeWrite: (physical: number) => void = () => undefined;

  /** `ramBytes` is rounded up to 64 KiB. */
  constructor(ramBytes: number) {
    const pages = (RAM >> 16) + Math.ceil(ramBytes / 0x10000);
    this.wasm = new WebAssembly.Memory({ initial: pages });
    this.bytes = new Uint8Array(this.wasm.buffer);
    this.words = new Int32Array(this.wasm.buffer);
    this.view = new DataView(this.wasm.buffer);
    this.ramBytes = (pages << 16) - RAM;
  }

  /** Host address of a physical address in RAM; 0 for anything else. */
  host(physical: number): number {
    return physical < this.ramBytes ? RAM + physical : 0;
  }

  /** 32 bits at an aligned or unaligned physical address; through the bus outside RAM. */
  read32(physical: number): number {
    if (physical + 4 > this.ramBytes) return this.bus.read(physical, 4);
    const host = RAM + physical;
    return (host & 3) === 0 ? (this.words[host >> 2] as number) : this.view.getInt32(host, true);
  }
  write32(physical: number, value: number): void {
    if (physical + 4 > this.ramBytes) this.bus.write(physical, 4, value);
    else {
      this.beforeWrite(physical);
      this.view.setInt32(RAM + physical, value, true);
    }
  }
}
