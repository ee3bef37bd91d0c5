/** Collects serial output, so that the page gets it in pieces and not byte by byte. */
const CAPACITY = 1 << 16;

export class SerialOutput {
  private readonly buffer = new Uint8Array(CAPACITY);
  private length = 0;
  private readonly send: (bytes: Uint8Array) => void;

  constructor(send: (bytes: Uint8Array) => void) {
    this.send = send;
  }

  put(byte: number): void {
    this.buffer[this.length++] = byte;
    if (this.length === CAPACITY) this.flush();
  }

  flush(): void {
    if (this.length === 0) return;
    const bytes = this.buffer.slice(0, this.length);
    this.length = 0;
    this.send(bytes);
  }
}
