import { type ElfFile, type ElfSegment, hasElfMagic, parseElf, SEGMENT_LOAD } from './elf.ts';
import { HIGH_MEMORY_START, LOW_MEMORY_END } from './memoryMap.ts';
import type { AddressFields, MultibootHeader } from './multibootHeader.ts';
import { isProblem, type Problem, problem } from './problem.ts';

/** Bytes for physical memory, followed by zeros. */
export interface MemoryWrite {
  readonly physicalAddress: number;
  readonly bytes: Uint8Array;
  /** Zero bytes after `bytes`. */
  readonly zeros: number;
}

export interface KernelImage {
  readonly writes: readonly MemoryWrite[];
  readonly entry: number;
  /** The file read as ELF, when its segments were used. */
  readonly elf: ElfFile | null;
}

const hex = (value: number | bigint): string => `${value.toString(16)}h`;

/** Works out what goes where in memory. `memoryEnd` is the end of usable memory. */
export function kernelImage(bytes: Uint8Array, header: MultibootHeader, memoryEnd: number): KernelImage | Problem {
  const image =
    header.addresses === null ? imageFromElf(bytes, header) : imageFromAddresses(bytes, header, header.addresses);
  if (isProblem(image)) return image;
  const misplaced = checkPlaces(image.writes, memoryEnd) ?? checkUnusedElf(bytes, image, memoryEnd);
  if (misplaced !== null) return misplaced;
  const { entry } = image;
  const inside = image.writes.some((write) => {
    const offset = entry - write.physicalAddress;
    return offset >= 0 && offset < write.bytes.length + write.zeros;
  });
  if (!inside)
    return problem('The entry point is nowhere', `Nothing of the kernel is loaded at its entry ${hex(entry)}.`);
  return image;
}

/** Multiboot specification, 3.1.3: the address fields describe the file without ELF. */
function imageFromAddresses(bytes: Uint8Array, header: MultibootHeader, fields: AddressFields): KernelImage | Problem {
  const title = 'The multiboot header contradicts itself';
  const fileStart = header.offset - (fields.headerAddress - fields.loadAddress);
  if (fields.loadAddress > fields.headerAddress || fileStart < 0) {
    return problem(title, `Its load address ${hex(fields.loadAddress)} does not fit the header's place in the file.`);
  }
  const length = fields.loadEnd === 0 ? bytes.length - fileStart : fields.loadEnd - fields.loadAddress;
  if (length < 0 || fileStart + length > bytes.length) {
    return problem(title, `Its load end address ${hex(fields.loadEnd)} lies beyond the file. Is the file cut off?`);
  }
  const zeros = fields.bssEnd === 0 ? 0 : fields.bssEnd - fields.loadAddress - length;
  if (zeros < 0) return problem(title, `Its bss end ${hex(fields.bssEnd)} lies before the end of the loaded bytes.`);
  const content = bytes.subarray(fileStart, fileStart + length);
  const writes = [{ physicalAddress: fields.loadAddress, bytes: content, zeros }];
  return { writes, entry: header.entry ?? fields.loadAddress, elf: null };
}

const loadSegments = (elf: ElfFile): ElfSegment[] =>
  elf.segments.filter((segment) => segment.type === SEGMENT_LOAD && segment.memorySize > 0n);

function imageFromElf(bytes: Uint8Array, header: MultibootHeader): KernelImage | Problem {
  const elf = parseElf(bytes);
  if (isProblem(elf)) return elf;
  if (elf.type !== 'executable') {
    return problem(
      'Not an executable',
      `The ELF file is of type "${elf.type}". Link the kernel at fixed addresses (ld -no-pie).`,
    );
  }
  const load = loadSegments(elf);
  if (load.length === 0) return problem('Nothing to load', 'The ELF file has no LOAD segment.');
  const writes: MemoryWrite[] = [];
  for (const segment of load) {
    if (segment.physicalAddress + segment.memorySize > 1n << 32n) {
      return problem(
        'A segment lies outside memory',
        `It is to be loaded at physical ${hex(segment.physicalAddress)}, beyond 4 GiB. Set its load address with AT().`,
      );
    }
    writes.push({
      physicalAddress: Number(segment.physicalAddress),
      bytes: segment.bytes,
      zeros: Number(segment.memorySize) - segment.bytes.length,
    });
  }
  const entry = header.entry ?? physicalEntry(elf);
  if (entry === null) {
    return problem('The entry point is nowhere', `The ELF entry ${hex(elf.entry)} lies in no LOAD segment.`);
  }
  return { writes, entry, elf };
}

/**
 * A file may be ELF besides having address fields, which then decide what is loaded. Its ELF side says whether the file
 * is whole; and if its physical addresses are meant (some of it lies where it is loaded), all of it must have a place.
 */
function checkUnusedElf(bytes: Uint8Array, image: KernelImage, memoryEnd: number): Problem | null {
  if (image.elf !== null || !hasElfMagic(bytes)) return null;
  const elf = parseElf(bytes);
  if (isProblem(elf)) return elf;
  const segments = loadSegments(elf);
  const isLoaded = (at: bigint): boolean =>
    image.writes.some(({ physicalAddress, bytes: { length }, zeros }) => {
      const offset = at - BigInt(physicalAddress);
      return offset >= 0n && offset < BigInt(length + zeros);
    });
  if (!segments.some((segment) => isLoaded(segment.physicalAddress))) return null;
  const outside = segments.find((segment) => segment.physicalAddress + segment.memorySize > BigInt(memoryEnd));
  if (outside === undefined) return null;
  return problem(
    'A segment lies outside memory',
    `The ELF file has one at physical ${hex(outside.physicalAddress)}, ${hex(outside.memorySize)} bytes long; ` +
      `there is memory up to ${hex(memoryEnd)}.`,
  );
}

/** The entry point is entered with paging off: a virtual one counts from its segment's physical address. */
function physicalEntry(elf: ElfFile): number | null {
  for (const segment of elf.segments) {
    const inside = elf.entry - segment.virtualAddress;
    if (segment.type === SEGMENT_LOAD && inside >= 0n && inside < segment.memorySize) {
      return Number(segment.physicalAddress + inside);
    }
  }
  return null;
}

function checkPlaces(writes: readonly MemoryWrite[], memoryEnd: number): Problem | null {
  const ranges = writes
    .map((write) => ({ start: write.physicalAddress, end: write.physicalAddress + write.bytes.length + write.zeros }))
    .sort((a, b) => a.start - b.start);
  let previousEnd = 0;
  for (const { start, end } of ranges) {
    if (start < previousEnd) {
      return problem('Segments overlap', `Two parts of the kernel share physical address ${hex(start)}.`);
    }
    if (end > memoryEnd) {
      const needed = Math.ceil(end / 2 ** 20) + 1;
      return problem(
        'A segment lies outside memory',
        `The kernel needs memory up to ${hex(end)}, and there is memory up to ${hex(memoryEnd)}. ` +
          `Give the machine at least ${needed} MiB or link the kernel lower.`,
      );
    }
    if (start < HIGH_MEMORY_START && end > LOW_MEMORY_END) {
      return problem(
        'A segment lies outside memory',
        `It covers ${hex(start)} to ${hex(end)}; a PC has no memory from ${hex(LOW_MEMORY_END)} to 100000h. Link at 1 MiB.`,
      );
    }
    previousEnd = Math.max(previousEnd, end);
  }
  return null;
}
