/** Input that ends early or contradicts itself. Thrown inside a parser and caught at its edge. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** Little-endian reads with every offset checked. Offsets are from the start of the given bytes. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  /** Said when a read goes past the end. */
  readonly #what: string;

  constructor(bytes: Uint8Array, what: string) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  get length(): number {
    return this.bytes.length;
  }

  u8(offset: number): number {
    return this.#view.getUint8(this.#check(offset, 1));
  }

  u16(offset: number): number {
    return this.#view.getUint16(this.#check(offset, 2), true);
  }

  u32(offset: number): number {
    return this.#view.getUint32(this.#check(offset, 4), true);
  }

  u64(offset: number): bigint {
    return this.#view.getBigUint64(this.#check(offset, 8), true);
  }

  /** A view, not a copy. */
  slice(offset: number, length: number): Uint8Array {
    this.#check(offset, length);
    return this.bytes.subarray(offset, offset + length);
  }

  /** Latin-1 text up to a zero byte or the end. */
  text(offset: number, maxLength = 4096): string {
    this.#check(offset, 0);
    const limit = Math.min(this.length, offset + maxLength);
    let end = offset;
    while (end < limit && this.bytes[end] !== 0) end++;
    return String.fromCharCode(...this.bytes.subarray(offset, end));
  }

  #check(offset: number, length: number): number {
    if (!(Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= this.length)) {
      throw new FormatError(`${this.#what} ends at byte ${this.length}; byte ${offset + length} was needed`);
    }
    return offset;
  }
}

/** A 64-bit offset or size as a number; `FormatError` if no file is that large. */
export function toSize(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new FormatError(`${what} is ${value.toString(16)}h`);
  return Number(value);
}
