import { ByteReader, FormatError } from './byteReader.ts';
import { type Problem, problem } from './problem.ts';

/** Where a kernel that is no ELF file, or does not want to be read as one, goes. Physical addresses. */
export interface AddressFields {
  /** Where the header itself goes: ties file offsets to addresses. */
  readonly headerAddress: number;
  readonly loadAddress: number;
  /** End of the bytes to load; 0 = the whole file. */
  readonly loadEnd: number;
  /** End of the zeroed memory after them; 0 = none. */
  readonly bssEnd: number;
}

export interface MultibootHeader {
  readonly version: 1 | 2;
  /** Offset of the header in the file. */
  readonly offset: number;
  readonly addresses: AddressFields | null;
  /** Entry point from the header; null = the ELF file's. */
  readonly entry: number | null;
  /** Version 2, tag 10: wants to know its load address. */
  readonly wantsLoadBase: boolean;
}

const V1 = { magic: 0x1badb002, searchBytes: 8192, align: 4, addressFields: 0x10000, understood: 0x10007 } as const;
const V2 = { magic: 0xe85250d6, searchBytes: 32_768, align: 8, i386: 0 } as const;
const MAX_HEADER_TAGS = 64;

/** Tags of a version 2 header. Bit 0 of a tag's flags makes it optional. */
const TAG = { end: 0, request: 1, address: 2, entry: 3, console: 4, framebuffer: 5, moduleAlign: 6, relocatable: 10 };
/** Firmware entry points of UEFI machines, which this is not: of no consequence. */
const EFI_ENTRY_TAGS: readonly number[] = [8, 9];
/** Highest information tag known; a request for a later one cannot be met. */
const LAST_INFORMATION_TAG = 21;

/**
 * Finds the multiboot header. Version 1 comes first if a file has both; `version` asks for one alone.
 * `null` if there is none; a problem if it asks for what this loader cannot do.
 */
export function findMultiboot(bytes: Uint8Array, version?: 1 | 2): MultibootHeader | Problem | null {
  const file = new ByteReader(bytes, 'the multiboot header');
  try {
    return (version === 2 ? null : findVersion1(file)) ?? (version === 1 ? null : findVersion2(file));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return problem('The multiboot header is damaged', `${error.message}.`);
  }
}

function findVersion1(file: ByteReader): MultibootHeader | Problem | null {
  const last = Math.min(file.length, V1.searchBytes) - 12;
  for (let offset = 0; offset <= last; offset += V1.align) {
    if (file.u32(offset) !== V1.magic) continue;
    const flags = file.u32(offset + 4);
    if ((V1.magic + flags + file.u32(offset + 8)) >>> 0 !== 0) continue;
    // Bits 15:0 are demands. Bit 2 wants video, which multiboot loaders without a screen let pass.
    const unknown = flags & 0xffff & ~V1.understood;
    if (unknown !== 0) {
      return problem('The kernel asks for too much', `Its multiboot header sets flag bits ${unknown.toString(16)}h.`);
    }
    if ((flags & V1.addressFields) === 0) {
      return { version: 1, offset, addresses: null, entry: null, wantsLoadBase: false };
    }
    const addresses = readAddresses(file, offset + 12);
    return { version: 1, offset, addresses, entry: file.u32(offset + 28), wantsLoadBase: false };
  }
  return null;
}

function readAddresses(file: ByteReader, at: number): AddressFields {
  return {
    headerAddress: file.u32(at),
    loadAddress: file.u32(at + 4),
    loadEnd: file.u32(at + 8),
    bssEnd: file.u32(at + 12),
  };
}

function findVersion2(file: ByteReader): MultibootHeader | Problem | null {
  const last = Math.min(file.length, V2.searchBytes) - 16;
  for (let offset = 0; offset <= last; offset += V2.align) {
    if (file.u32(offset) !== V2.magic) continue;
    const length = file.u32(offset + 8);
    if ((V2.magic + file.u32(offset + 4) + length + file.u32(offset + 12)) >>> 0 !== 0) continue;
    if (file.u32(offset + 4) !== V2.i386) {
      return problem(
        'Not for x86',
        `Its multiboot 2 header is for architecture ${file.u32(offset + 4)}, not 0 (i386).`,
      );
    }
    return readTags(file, offset, offset + length);
  }
  return null;
}

function readTags(file: ByteReader, offset: number, end: number): MultibootHeader | Problem {
  let addresses: AddressFields | null = null;
  let entry: number | null = null;
  let wantsLoadBase = false;
  let at = offset + 16;
  for (let count = 0; at + 8 <= end; count++) {
    const type = file.u16(at);
    const optional = (file.u16(at + 2) & 1) !== 0;
    const size = file.u32(at + 4);
    if (type === TAG.end) break;
    if (size < 8 || at + size > end || count >= MAX_HEADER_TAGS) {
      throw new FormatError(`tag ${type} at byte ${at} has a size of ${size}`);
    }
    if (type === TAG.address) addresses = readAddresses(file, at + 8);
    else if (type === TAG.entry) entry = file.u32(at + 8);
    else if (type === TAG.relocatable) wantsLoadBase = true;
    else if (!optional) {
      const refusal = refuse(file, type, at, size);
      if (refusal !== null) return refusal;
    }
    at += (size + 7) & ~7;
  }
  if (addresses !== null && entry === null) {
    throw new FormatError('it has an address tag but no entry address tag');
  }
  return { version: 2, offset, addresses, entry, wantsLoadBase };
}

/** A problem if a tag that is not optional asks for what is not here. */
function refuse(file: ByteReader, type: number, at: number, size: number): Problem | null {
  const title = 'The kernel asks for too much';
  if (type === TAG.console || type === TAG.moduleAlign || EFI_ENTRY_TAGS.includes(type)) return null;
  if (type === TAG.framebuffer) {
    return problem(title, 'It needs a framebuffer; there is only a serial line here. Make the tag optional.');
  }
  if (type !== TAG.request) return problem(title, `It needs multiboot 2 header tag ${type}, which is not supported.`);
  for (let offset = 8; offset + 4 <= size; offset += 4) {
    const wanted = file.u32(at + offset);
    if (wanted > LAST_INFORMATION_TAG) return problem(title, `It needs multiboot 2 information tag ${wanted}.`);
  }
  return null;
}
