/** What the PC's firmware tells of memory. */

export interface MemoryRegion {
  readonly start: number;
  readonly length: number;
  /** Multiboot type: 1 available, 2 reserved. */
  readonly type: 1 | 2;
}

/** End of the memory below 640 KiB that programs may use; the last KiB is the firmware's data area. */
export const LOW_MEMORY_END = 0x9fc00;
export const HIGH_MEMORY_START = 0x100000;
/** Firmware keeps its tables in the last 128 KiB of memory. */
const FIRMWARE_TABLES = 0x20000;
/** Firmware itself, in the last 256 KiB below 4 GiB. */
const FIRMWARE_ROM = { start: 0xfffc0000, length: 0x40000 };

/** Regions in order of address, as QEMU's PC reports them. `memoryBytes`: 2 MiB to 3 GiB, where device space begins. */
export function memoryMap(memoryBytes: number): MemoryRegion[] {
  const highEnd = memoryBytes - FIRMWARE_TABLES;
  return [
    { start: 0, length: LOW_MEMORY_END, type: 1 },
    { start: LOW_MEMORY_END, length: 0xa0000 - LOW_MEMORY_END, type: 2 },
    { start: 0xf0000, length: 0x10000, type: 2 },
    { start: HIGH_MEMORY_START, length: highEnd - HIGH_MEMORY_START, type: 1 },
    { start: highEnd, length: FIRMWARE_TABLES, type: 2 },
    { ...FIRMWARE_ROM, type: 2 },
  ];
}

/** KiB below 1 MiB and from 1 MiB up to the first hole, as multiboot's mem_lower and mem_upper. */
export function basicMemory(regions: readonly MemoryRegion[]): { readonly lower: number; readonly upper: number } {
  const sizeAt = (start: number): number =>
    Math.floor((regions.find((region) => region.type === 1 && region.start === start)?.length ?? 0) / 1024);
  return { lower: sizeAt(0), upper: sizeAt(HIGH_MEMORY_START) };
}
