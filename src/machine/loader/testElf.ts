/** ELF files and multiboot headers assembled byte by byte, for tests. */

export interface TestSegment {
  readonly virtual: number | bigint;
  readonly physical: number | bigint;
  readonly bytes: Uint8Array;
  readonly memorySize?: number;
  readonly type?: number;
}

export interface TestElf {
  readonly bits?: 32 | 64;
  readonly machine?: number;
  readonly type?: number;
  readonly entry?: number | bigint;
  readonly segments?: readonly TestSegment[];
}

/** A file with ELF header, program headers and the segments' bytes one after the other. */
export function makeElf({ bits = 32, machine, type = 2, entry = 0x100000, segments = [] }: TestElf): Uint8Array {
  const wide = bits === 64;
  const headerSize = wide ? 64 : 52;
  const segmentSize = wide ? 56 : 32;
  let offset = headerSize + segments.length * segmentSize;
  const total = segments.reduce((sum, segment) => sum + segment.bytes.length, offset);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1]);
  const address = (at: number, value: number | bigint): void => {
    if (wide) view.setBigUint64(at, BigInt(value), true);
    else view.setUint32(at, Number(value), true);
  };
  view.setUint16(16, type, true);
  view.setUint16(18, machine ?? (wide ? 62 : 3), true);
  view.setUint32(20, 1, true);
  address(24, entry);
  address(wide ? 32 : 28, headerSize);
  const tail = wide ? 52 : 40;
  view.setUint16(tail, headerSize, true);
  view.setUint16(tail + 2, segmentSize, true);
  view.setUint16(tail + 4, segments.length, true);
  segments.forEach((segment, i) => {
    const at = headerSize + i * segmentSize;
    view.setUint32(at, segment.type ?? 1, true);
    view.setUint32(at + (wide ? 4 : 24), 5, true);
    address(at + (wide ? 8 : 4), offset);
    address(at + (wide ? 16 : 8), segment.virtual);
    address(at + (wide ? 24 : 12), segment.physical);
    address(at + (wide ? 32 : 16), segment.bytes.length);
    address(at + (wide ? 40 : 20), segment.memorySize ?? segment.bytes.length);
    bytes.set(segment.bytes, offset);
    offset += segment.bytes.length;
  });
  return bytes;
}

export function words(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint32(i * 4, value >>> 0, true);
  });
  return bytes;
}

/** Version 1 header; `addresses` are header, load, load end, bss end and entry. */
export function multiboot1(flags: number, ...addresses: number[]): Uint8Array {
  return words(0x1badb002, flags, -(0x1badb002 + flags), ...addresses);
}

/** Version 2 header with the given tags, each as words from its type on, padded here to 8 bytes. */
export function multiboot2(...tags: readonly (readonly number[])[]): Uint8Array {
  const body = [...tags, [0, 8]].flatMap((tag) => (tag.length % 2 === 0 ? tag : [...tag, 0]));
  const length = 16 + body.length * 4;
  return words(0xe85250d6, 0, length, -(0xe85250d6 + length), ...body);
}
