import { type BootInfo, InfoWriter, LOADER_NAME } from './bootInfo.ts';
import { basicMemory } from './memoryMap.ts';

export const MULTIBOOT2_EAX = 0x36d76289;

const TAG = {
  end: 0,
  commandLine: 1,
  loaderName: 2,
  module: 3,
  basicMemory: 4,
  memoryMap: 6,
  elfSections: 9,
  loadBase: 21,
} as const;

/** The version 2 tag list (Multiboot2 specification 2.0, 3.6). It holds no pointers to itself. */
export function multiboot2Info(info: BootInfo): Uint8Array {
  const out = new InfoWriter();
  const tag = (type: number, content: () => void): void => {
    out.align(8);
    const start = out.length;
    out.u32(type);
    out.u32(0);
    content();
    // The size counts the header but not the padding.
    out.patch32(start + 4, out.length - start);
  };
  out.u32(0);
  out.u32(0);
  tag(TAG.commandLine, () => out.text(info.commandLine));
  tag(TAG.loaderName, () => out.text(LOADER_NAME));
  for (const module of info.modules) {
    tag(TAG.module, () => {
      out.u32(module.start);
      out.u32(module.end);
      out.text(module.name);
    });
  }
  tag(TAG.basicMemory, () => {
    const memory = basicMemory(info.memory);
    out.u32(memory.lower);
    out.u32(memory.upper);
  });
  tag(TAG.memoryMap, () => {
    out.u32(24);
    out.u32(0);
    for (const region of info.memory) {
      out.u64(region.start);
      out.u64(region.length);
      out.u32(region.type);
      out.u32(0);
    }
  });
  const { sections, loadBase } = info;
  if (sections !== null) {
    tag(TAG.elfSections, () => {
      out.u32(sections.elf.sections.length);
      out.u32(sections.elf.sectionHeaders.entrySize);
      out.u32(sections.elf.sectionHeaders.nameIndex);
      out.data(sections.headers);
    });
  }
  if (loadBase !== null) tag(TAG.loadBase, () => out.u32(loadBase));
  tag(TAG.end, () => {});
  out.patch32(0, out.length);
  return out.take();
}
