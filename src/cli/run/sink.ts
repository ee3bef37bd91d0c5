/** Collects output for a stream, so that the machine need not wait in the middle of an instruction. */
import type { Writable } from 'node:stream';

const CHUNK = 1 << 16;

export class Sink {
  readonly #stream: Writable;
  #bytes: number[] = [];
  #chunks: Uint8Array[] = [];
  /** Nobody reads any more (EPIPE), or the stream failed otherwise; whatever comes now is dropped. */
  closed = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', () => {
      this.closed = true;
    });
  }

  byte(byte: number): void {
    this.#bytes.push(byte);
    if (this.#bytes.length >= CHUNK) this.#pack();
  }

  line(text: string): void {
    this.#pack();
    this.#chunks.push(Buffer.from(`${text}\n`));
  }

  #pack(): void {
    if (this.#bytes.length > 0) this.#chunks.push(Uint8Array.from(this.#bytes));
    this.#bytes = [];
  }

  /** Hands on what has come, and waits until the stream took it. */
  async flush(): Promise<void> {
    this.#pack();
    if (this.#chunks.length === 0) return;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [];
    if (this.closed) return;
    await new Promise<void>((done) => {
      this.#stream.write(all, (error) => {
        if (error) this.closed = true;
        done();
      });
    });
  }
}
