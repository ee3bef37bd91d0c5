/** Standard input as the other end of the serial line. */
import { fstatSync, readFileSync } from 'node:fs';

/** In raw mode no signal comes of it. */
const CONTROL_C = 3;
/** A pipe that was written to before we started gets this long to hand it over, so that such runs repeat exactly. */
const GRACE_MS = 50;

type Terminal = typeof process.stdin;

/** Bytes from outside, with the count of retired instructions at which the machine got them. */
export interface SerialEvent {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export class SerialInput {
  readonly #stream: Terminal;
  readonly #onControlC: () => void;
  #waiting: Uint8Array[] = [];
  #wake: () => void = () => undefined;
  #raw = false;
  /** No more will come. */
  ended = false;
  /** A person types: time should pass as on a clock. */
  readonly interactive: boolean;
  /** What was taken, and when. */
  readonly events: SerialEvent[] = [];

  /** `onControlC` is called for that key where the terminal no longer makes a signal of it. */
  constructor(stream: Terminal, onControlC: () => void) {
    this.#stream = stream;
    this.#onControlC = onControlC;
    this.interactive = stream.isTTY === true;
  }

  /** Starts to listen. A file is read at once, as a whole. */
  async open(): Promise<void> {
    if (this.#readFile()) return;
    const stream = this.#stream;
    if (this.interactive) {
      stream.setRawMode(true);
      this.#raw = true;
    }
    stream.on('data', (bytes: Buffer) => this.#arrived(bytes));
    const end = new Promise<void>((resolve) => {
      for (const event of ['end', 'close', 'error']) stream.on(event, resolve);
    }).then(() => {
      this.ended = true;
      this.#wake();
    });
    if (!this.interactive) await within(GRACE_MS, end);
  }

  #readFile(): boolean {
    try {
      const kind = fstatSync(this.#stream.fd);
      if (!kind.isFile()) return false;
      this.#waiting.push(new Uint8Array(readFileSync(this.#stream.fd)));
    } catch {
      // Closed or unreadable: nothing will come.
    }
    this.ended = true;
    return true;
  }

  #arrived(bytes: Buffer): void {
    const controlC = this.#raw ? bytes.indexOf(CONTROL_C) : -1;
    const taken = controlC < 0 ? bytes : bytes.subarray(0, controlC);
    if (taken.length > 0) this.#waiting.push(new Uint8Array(taken));
    if (controlC >= 0) this.#onControlC();
    this.#wake();
  }

  /** Gives what has come to the machine, which stands at `at`. */
  deliver(at: number, receive: (byte: number) => void): void {
    const chunks = this.#waiting;
    this.#waiting = [];
    for (const bytes of chunks) {
      this.events.push({ at, bytes });
      bytes.forEach(receive);
    }
  }

  get available(): boolean {
    return this.#waiting.length > 0;
  }

  /** Waits until something comes, the end comes, or time is up. */
  async arrival(milliseconds?: number): Promise<void> {
    if (this.available || this.ended) return;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await (milliseconds === undefined ? woken : within(milliseconds, woken));
  }

  /** Wakes whoever waits for an arrival. */
  interrupt(): void {
    this.#wake();
  }

  /** Leaves the terminal as it was and lets the program end. */
  close(): void {
    if (this.#raw) this.#stream.setRawMode(false);
    this.#stream.destroy();
  }
}

async function within(milliseconds: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([event, timeout]);
  clearTimeout(timer);
}
