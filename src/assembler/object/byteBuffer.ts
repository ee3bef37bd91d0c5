/** Bytes appended one after the other. */
export class ByteBuffer {
  bytes = new Uint8Array(256);
  length = 0;

  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + count, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  pushAll(source: ArrayLike<number>): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  /** Appends `count` times the same byte. */
  fill(byte: number, count: number): void {
    this.reserve(count);
    this.bytes.fill(byte, this.length, this.length + count);
    this.length += count;
  }

  /** The low `size` bytes of a value, lowest first. */
  pushInteger(value: bigint, size: number): void {
    this.reserve(size);
    writeInteger(this.bytes, this.length, value, size);
    this.length += size;
  }

  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}

/** Writes the low `size` bytes of `value` at `at`, lowest first. */
export function writeInteger(bytes: Uint8Array, at: number, value: bigint, size: number): void {
  if (size <= 4) {
    let low = Number(BigInt.asIntN(32, value));
    for (let n = 0; n < size; n++, low >>= 8) bytes[at + n] = low & 0xff;
    return;
  }
  let rest = value;
  for (let n = 0; n < size; n++, rest >>= 8n) bytes[at + n] = Number(rest & 0xffn);
}
