import type { MemoryDevice, Width } from './bus.ts';

const PAGE = 0x1000;

/** Physical pages that belong to devices, all above the end of memory. Everything else reads as all ones. */
export class MemoryBus {
  readonly #pages = new Map<number, { readonly device: MemoryDevice; readonly start: number }>();

  /** Throws if a page is taken: a mistake in the machine's plan, not in a guest. */
  map(start: number, length: number, device: MemoryDevice): void {
    if (start % PAGE !== 0 || length % PAGE !== 0) throw new RangeError('not whole pages');
    for (let page = start / PAGE; page < (start + length) / PAGE; page++) {
      if (this.#pages.has(page)) throw new RangeError(`page ${page.toString(16)}000h is taken`);
      this.#pages.set(page, { device, start });
    }
  }

  /** Whether a device answers at this physical address. */
  isMapped(address: number): boolean {
    return this.#pages.has(Math.floor(address / PAGE));
  }

  /** `address` is physical; an access does not cross a page. */
  read(address: number, width: Width): number {
    const page = this.#pages.get(Math.floor(address / PAGE));
    if (page === undefined) return width === 4 ? 0xffffffff : width === 2 ? 0xffff : 0xff;
    return page.device.readMemory(address - page.start, width);
  }

  write(address: number, width: Width, value: number): void {
    const page = this.#pages.get(Math.floor(address / PAGE));
    page?.device.writeMemory(address - page.start, width, value);
  }
}
