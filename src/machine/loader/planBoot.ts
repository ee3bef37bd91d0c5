import type { BootInfo, LoadedModule, LoadedSections } from './bootInfo.ts';
import { type ElfFile, SECTION } from './elf.ts';
import { type KernelImage, kernelImage, type MemoryWrite } from './kernelImage.ts';
import { HIGH_MEMORY_START, LOW_MEMORY_END, type MemoryRegion, memoryMap } from './memoryMap.ts';
import { MULTIBOOT1_EAX, multiboot1Info } from './multiboot1Info.ts';
import { MULTIBOOT2_EAX, multiboot2Info } from './multiboot2Info.ts';
import { findMultiboot, type MultibootHeader } from './multibootHeader.ts';
import { isProblem, type Problem, problem } from './problem.ts';

export interface BootModule {
  /** Module string: file name and arguments. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface BootRequest {
  readonly kernel: Uint8Array;
  readonly commandLine: string;
  readonly modules: readonly BootModule[];
  /** A whole number of 4 KiB pages, from 2 MiB to 3 GiB. */
  readonly memoryBytes: number;
  /** Use this multiboot version only; by default version 1 goes first, as with QEMU's -kernel. */
  readonly protocol?: 1 | 2;
}

/** Everything to put into memory and registers before the first instruction, in 32-bit protected mode without paging. */
export interface BootPlan {
  readonly protocol: 1 | 2;
  readonly writes: readonly MemoryWrite[];
  readonly entry: number;
  readonly eax: number;
  readonly ebx: number;
  readonly modules: readonly LoadedModule[];
  readonly memory: readonly MemoryRegion[];
  /** Lowest and one past the highest physical address of the kernel. */
  readonly kernelStart: number;
  readonly kernelEnd: number;
}

const PAGE = 0x1000;
const MIN_MEMORY = 2 << 20;
/** Devices (the APICs, PCI) have the addresses above. */
const MAX_MEMORY = 0xc000_0000;
/** The information goes here if the kernel leaves room; above the interrupt table and the firmware's data. */
const INFO_START = 0x9000;

const pageUp = (address: number): number => Math.ceil(address / PAGE) * PAGE;

/** Plans the boot of a multiboot kernel. Any input gives a plan or a problem. */
export function planBoot(request: BootRequest): BootPlan | Problem {
  const { memoryBytes } = request;
  if (!(Number.isInteger(memoryBytes / PAGE) && memoryBytes >= MIN_MEMORY && memoryBytes <= MAX_MEMORY)) {
    return problem('Impossible memory size', `The machine can have 2 to 3072 MiB of memory, not ${memoryBytes} bytes.`);
  }
  const header = findMultiboot(request.kernel, request.protocol);
  if (header === null) return noHeader(request);
  if (isProblem(header)) return header;
  const memory = memoryMap(memoryBytes);
  const top = memory.find((region) => region.start === HIGH_MEMORY_START);
  const memoryEnd = HIGH_MEMORY_START + (top?.length ?? 0);
  const image = kernelImage(request.kernel, header, memoryEnd);
  if (isProblem(image)) return image;
  return place(request, header, image, memory, memoryEnd);
}

function place(
  request: BootRequest,
  header: MultibootHeader,
  image: KernelImage,
  memory: readonly MemoryRegion[],
  memoryEnd: number,
): BootPlan | Problem {
  const writes = [...image.writes];
  const kernelStart = Math.min(...writes.map((write) => write.physicalAddress));
  const kernelEnd = Math.max(...writes.map((write) => write.physicalAddress + write.bytes.length + write.zeros));
  let next = pageUp(Math.max(kernelEnd, HIGH_MEMORY_START));
  /** Takes the next pages for `bytes`; returns their address. */
  const append = (bytes: Uint8Array): number => {
    const start = next;
    writes.push({ physicalAddress: start, bytes, zeros: 0 });
    next = pageUp(start + bytes.length);
    return start;
  };
  const modules = request.modules.map((module): LoadedModule => {
    const start = append(module.bytes);
    return { start, end: start + module.bytes.length, name: module.name };
  });
  const info: BootInfo = {
    commandLine: request.commandLine,
    modules,
    memory,
    sections: image.elf === null ? null : loadSections(image.elf, append),
    loadBase: header.wantsLoadBase ? kernelStart : null,
  };
  const build = (base: number): Uint8Array =>
    header.version === 1 ? multiboot1Info(info, base) : multiboot2Info(info);
  const size = build(0).length;
  const lowIsFree = image.writes.every((write) => write.physicalAddress >= LOW_MEMORY_END);
  const base = lowIsFree && INFO_START + size <= LOW_MEMORY_END ? INFO_START : next;
  if (base === next) append(build(base));
  else writes.push({ physicalAddress: base, bytes: build(base), zeros: 0 });
  if (next > memoryEnd) {
    const needed = Math.ceil((next - memoryEnd + request.memoryBytes) / 2 ** 20);
    return problem('Not enough memory', `Kernel and modules together need a machine with ${needed} MiB.`);
  }
  const eax = header.version === 1 ? MULTIBOOT1_EAX : MULTIBOOT2_EAX;
  const { entry } = image;
  return { protocol: header.version, writes, entry, eax, ebx: base, modules, memory, kernelStart, kernelEnd };
}

/** Puts symbol and string tables into memory and their addresses into a copy of the section headers. */
function loadSections(elf: ElfFile, append: (bytes: Uint8Array) => number): LoadedSections | null {
  if (elf.sections.length === 0) return null;
  const headers = elf.sectionHeaders.bytes.slice();
  const view = new DataView(headers.buffer);
  elf.sections.forEach((section, i) => {
    const wanted = section.type === SECTION.symbols || section.type === SECTION.strings;
    if (!wanted || section.address !== 0n || section.bytes.length === 0) return;
    const at = i * elf.sectionHeaders.entrySize;
    view.setUint32(at + (elf.bits === 64 ? 16 : 12), append(section.bytes), true);
  });
  return { elf, headers };
}

function noHeader(request: BootRequest): Problem {
  const { kernel, protocol } = request;
  const title = 'No multiboot header';
  if (kernel.length === 0) return problem('The file is empty', 'Choose a multiboot kernel.');
  const linux = kernel[0x202] === 0x48 && kernel[0x203] === 0x64 && kernel[0x204] === 0x72 && kernel[0x205] === 0x53;
  if (linux) return problem(title, 'This is a Linux kernel image (bzImage), which multiboot loaders cannot start.');
  const which = protocol === undefined ? '' : ` ${protocol}`;
  const isElf = kernel[0] === 0x7f && kernel[1] === 0x45 && kernel[2] === 0x4c && kernel[3] === 0x46;
  return problem(
    title,
    isElf
      ? `The ELF file has no multiboot${which} header in its first 32 KiB, so it is no kernel this machine can start. ` +
          'User programs are given as modules.'
      : `The file is neither ELF nor does it have a multiboot${which} header. Choose a multiboot kernel.`,
  );
}
