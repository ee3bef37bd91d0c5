/** What the guest has sent, each byte with the instruction that sent it. */

export interface Sent {
  /** Instructions retired before the one that sent the byte. */
  readonly count: number;
  readonly turn: number;
}

/** Bytes kept; of a longer output the older half is forgotten. */
const CAPACITY = 1 << 20;

/**
 * A log with a cursor: `length` is where the machine stands, `known` what has ever been sent on this branch. A machine
 * that runs again what it ran before sends the same bytes, so they are only counted.
 */
export class OutputLog {
  private bytes = new Uint8Array(1024);
  private counts = new Float64Array(1024);
  private turns = new Float64Array(1024);
  /** Bytes forgotten from the front. */
  dropped = 0;
  known = 0;
  length = 0;

  put(byte: number, count: number, turn: number): void {
    if (this.length === this.known) {
      const at = this.known - this.dropped;
      if (at === this.bytes.length) this.makeRoom();
      const index = this.known - this.dropped;
      this.bytes[index] = byte;
      this.counts[index] = count;
      this.turns[index] = turn;
      this.known += 1;
    }
    this.length += 1;
  }

  private makeRoom(): void {
    if (this.bytes.length < CAPACITY) {
      const size = this.bytes.length * 2;
      this.bytes = grown(this.bytes, new Uint8Array(size));
      this.counts = grown(this.counts, new Float64Array(size));
      this.turns = grown(this.turns, new Float64Array(size));
      return;
    }
    const half = CAPACITY / 2;
    for (const list of [this.bytes, this.counts, this.turns]) list.copyWithin(0, half);
    this.dropped += half;
  }

  /** Forgets what comes after the cursor. */
  cut(): void {
    this.known = this.length;
  }

  /** Bytes from one offset to another, as far as they are kept. */
  slice(from: number, to: number): Uint8Array {
    return this.bytes.slice(Math.max(from - this.dropped, 0), Math.max(Math.min(to, this.known) - this.dropped, 0));
  }

  /** Who sent the byte at an offset; undefined when it is not known or no longer. */
  sent(offset: number): Sent | undefined {
    const at = offset - this.dropped;
    if (!(at >= 0 && offset < this.known)) return undefined;
    return { count: this.counts[at] as number, turn: this.turns[at] as number };
  }

  /** Bytes sent before an instruction count, among those known. */
  lengthAt(count: number): number {
    let [low, high] = [0, this.known - this.dropped];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.counts[middle] as number) < count) low = middle + 1;
      else high = middle;
    }
    return this.dropped + low;
  }
}

function grown<T extends Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
