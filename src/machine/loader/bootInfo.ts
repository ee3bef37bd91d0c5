import type { ElfFile } from './elf.ts';
import type { MemoryRegion } from './memoryMap.ts';

/** What the loader tells the kernel, in either version's form. Addresses are physical. */
export interface BootInfo {
  readonly commandLine: string;
  readonly modules: readonly LoadedModule[];
  readonly memory: readonly MemoryRegion[];
  /** Sections with symbols, when the kernel was loaded as ELF. */
  readonly sections: LoadedSections | null;
  /** Lowest address of the kernel, when it asked for it. */
  readonly loadBase: number | null;
}

export interface LoadedModule {
  readonly start: number;
  readonly end: number;
  /** File name and arguments. */
  readonly name: string;
}

/** Section headers whose addresses of symbol and string tables were filled in. */
export interface LoadedSections {
  readonly elf: ElfFile;
  readonly headers: Uint8Array;
}

export const LOADER_NAME = 'Emergence Playground';

/** Grows as things are appended; offsets are from its start. */
export class InfoWriter {
  #bytes = new Uint8Array(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  align(to: number): void {
    this.#reserve((to - (this.#length % to)) % to);
  }

  u16(value: number): void {
    this.u8(value & 0xff);
    this.u8(value >>> 8);
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    new DataView(this.#bytes.buffer).setUint32(at, value >>> 0, true);
  }

  u64(value: number): void {
    this.u32(value % 2 ** 32);
    this.u32(Math.floor(value / 2 ** 32));
  }

  u8(value: number): void {
    this.#bytes[this.#reserve(1)] = value;
  }

  data(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** UTF-8 with a zero byte after it; returns its offset. */
  text(text: string): number {
    const at = this.#length;
    this.data(new TextEncoder().encode(text));
    this.u8(0);
    return at;
  }

  /** Appends zeros; returns their offset. */
  zeros(count: number): number {
    return this.#reserve(count);
  }

  patch32(offset: number, value: number): void {
    new DataView(this.#bytes.buffer).setUint32(offset, value >>> 0, true);
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }
}
