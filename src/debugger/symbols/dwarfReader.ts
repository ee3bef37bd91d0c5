import { type ByteReader, FormatError } from '../../machine/loader/byteReader.ts';

/** The encodings DWARF builds on, read one after the other. Reading past the end raises `FormatError`. */
export class DwarfReader {
  readonly #bytes: ByteReader;
  readonly #end: number;
  offset: number;
  /** Bytes of an offset: 4, or 8 in 64-bit DWARF. */
  offsetSize: 4 | 8 = 4;

  constructor(bytes: ByteReader, offset: number, end: number) {
    this.#bytes = bytes;
    this.offset = offset;
    this.#end = Math.min(end, bytes.length);
  }

  get atEnd(): boolean {
    return this.offset >= this.#end;
  }

  u8(): number {
    return this.#bytes.u8(this.#advance(1));
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    return this.#bytes.u16(this.#advance(2));
  }

  u32(): number {
    return this.#bytes.u32(this.#advance(4));
  }

  u64(): bigint {
    return this.#bytes.u64(this.#advance(8));
  }

  /** An offset of this unit's format, as a number. */
  sectionOffset(): number {
    return this.offsetSize === 4 ? this.u32() : Number(this.u64());
  }

  /** Length of a unit; FFFFFFFFh announces 64-bit DWARF (DWARF 5, 7.4). */
  unitLength(): number {
    const length = this.u32();
    this.offsetSize = length === 0xffffffff ? 8 : 4;
    return this.offsetSize === 8 ? Number(this.u64()) : length;
  }

  uleb(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new FormatError('a number is too long');
  }

  sleb(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, byte & 0x40 ? value - (1n << (shift + 7n)) : value);
    }
    throw new FormatError('a number is too long');
  }

  /** A ULEB128 that counts or indexes something. */
  count(): number {
    return Number(this.uleb());
  }

  address(size: number): bigint {
    if (size === 8) return this.u64();
    if (size === 4) return BigInt(this.u32());
    throw new FormatError(`addresses of ${size} bytes`);
  }

  text(): string {
    const text = this.#bytes.text(this.offset, Math.min(4096, this.#end - this.offset));
    this.#advance(text.length + 1);
    return text;
  }

  skip(bytes: number): void {
    this.#advance(bytes);
  }

  #advance(bytes: number): number {
    const at = this.offset;
    if (!(bytes >= 0 && at + bytes <= this.#end)) throw new FormatError(`the data ends at byte ${this.#end}`);
    this.offset = at + bytes;
    return at;
  }
}
