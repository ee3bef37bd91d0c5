import { type BootInfo, InfoWriter, LOADER_NAME } from './bootInfo.ts';
import { basicMemory } from './memoryMap.ts';

export const MULTIBOOT1_EAX = 0x2badb002;

const FLAG = { memory: 1, commandLine: 4, modules: 8, elfSections: 0x20, memoryMap: 0x40, loaderName: 0x200 } as const;
/** Size of the fixed part, framebuffer fields included. */
const FIXED = 116;
/** Offsets of its fields. */
const AT = {
  flags: 0,
  memLower: 4,
  memUpper: 8,
  commandLine: 16,
  moduleCount: 20,
  modules: 24,
  sections: 28,
  mapLength: 44,
  map: 48,
  loaderName: 64,
} as const;

/** The version 1 information structure for use at physical address `base` (Multiboot specification 0.6.96, 3.3). */
export function multiboot1Info(info: BootInfo, base: number): Uint8Array {
  const out = new InfoWriter();
  out.zeros(FIXED);
  const memory = basicMemory(info.memory);
  let flags: number = FLAG.memory | FLAG.commandLine | FLAG.modules | FLAG.memoryMap | FLAG.loaderName;
  out.patch32(AT.memLower, memory.lower);
  out.patch32(AT.memUpper, memory.upper);
  out.patch32(AT.commandLine, base + out.text(info.commandLine));
  out.patch32(AT.loaderName, base + out.text(LOADER_NAME));

  const names = info.modules.map((module) => base + out.text(module.name));
  out.align(4);
  out.patch32(AT.moduleCount, info.modules.length);
  out.patch32(AT.modules, base + out.length);
  info.modules.forEach((module, i) => {
    out.u32(module.start);
    out.u32(module.end);
    out.u32(names[i] ?? 0);
    out.u32(0);
  });

  const map = out.length;
  for (const region of info.memory) {
    // An entry's size does not count the size field.
    out.u32(20);
    out.u64(region.start);
    out.u64(region.length);
    out.u32(region.type);
  }
  out.patch32(AT.map, base + map);
  out.patch32(AT.mapLength, out.length - map);

  if (info.sections !== null) {
    const { elf, headers } = info.sections;
    flags |= FLAG.elfSections;
    out.align(8);
    out.patch32(AT.sections, elf.sections.length);
    out.patch32(AT.sections + 4, elf.sectionHeaders.entrySize);
    out.patch32(AT.sections + 8, base + out.length);
    out.patch32(AT.sections + 12, elf.sectionHeaders.nameIndex);
    out.data(headers);
  }
  out.patch32(AT.flags, flags);
  return out.take();
}
