/** A set of interrupt vectors, 0..255, as the local APIC keeps three of. */
export class VectorSet {
  readonly #words = new Uint32Array(8);

  add(vector: number): void {
    this.#words[vector >>> 5] = this.word(vector >>> 5) | (1 << (vector & 31));
  }

  delete(vector: number): void {
    this.#words[vector >>> 5] = this.word(vector >>> 5) & ~(1 << (vector & 31));
  }

  has(vector: number): boolean {
    return (this.word(vector >>> 5) & (1 << (vector & 31))) !== 0;
  }

  /** Highest member, or -1. */
  highest(): number {
    for (let i = 7; i >= 0; i--) {
      const word = this.word(i);
      if (word !== 0) return i * 32 + 31 - Math.clz32(word);
    }
    return -1;
  }

  /** Vectors 32 i .. 32 i + 31 as bits. */
  word(i: number): number {
    return this.#words[i] ?? 0;
  }

  clear(): void {
    this.#words.fill(0);
  }

  /** 32 bytes, vector 0 in bit 0 of the first. */
  save(): Uint8Array {
    const bytes = new Uint8Array(32);
    const view = new DataView(bytes.buffer);
    this.#words.forEach((word, i) => {
      view.setUint32(i * 4, word, true);
    });
    return bytes;
  }

  restore(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
    for (let i = 0; i < 8; i++) this.#words[i] = view.getUint32(i * 4, true);
  }
}
