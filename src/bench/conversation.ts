/** The harness's side of the talk with a guest (guest/main.c), with the time taken at the guest's marks. */

const STX = 2;
const ETX = 3;
const ACK = 6;
const CHECKSUM = /^[0-9a-f]{8}\r?$/;

/** One command's work. */
export interface Round {
  /** Host milliseconds between the guest's STX and ETX. */
  readonly ms: number;
  /** Guest instructions between them, by the emulator's own count; 0 where it has none. */
  readonly instructions: number;
  /** The guest's checksum, eight hexadecimal digits. */
  readonly checksum: string;
}

export class Conversation {
  private readonly instructions: () => number;
  private readonly clock: () => number;
  private started = { at: 0, instructions: 0 };
  private ended: typeof this.started | undefined;
  private line = '';
  /** Set once the guest has said that it is up. */
  ready = false;
  /** The answer to the last command, when it is complete. */
  answer: Round | undefined;

  /** `instructions` counts what the guest has run so far, `clock` milliseconds; only differences matter. */
  constructor(instructions: () => number = () => 0, clock: () => number = () => performance.now()) {
    this.instructions = instructions;
    this.clock = clock;
  }

  /** Bytes that make the guest run `units` of `program`. */
  ask(program: string, units: number): Uint8Array {
    this.answer = undefined;
    this.ended = undefined;
    return new TextEncoder().encode(`${program}${units}\n`);
  }

  /** A byte from the guest. What is neither a mark nor a line with a checksum after the end is somebody else's talk. */
  heard(byte: number): void {
    if (byte === ACK) this.ready = true;
    else if (byte === STX) this.started = this.mark();
    else if (byte === ETX) {
      this.ended = this.mark();
      this.line = '';
    } else if (byte !== 10) this.line += String.fromCharCode(byte);
    else {
      if (this.ended !== undefined && CHECKSUM.test(this.line)) this.finish(this.ended);
      this.line = '';
    }
  }

  private finish(ended: typeof this.started): void {
    this.answer = {
      ms: ended.at - this.started.at,
      instructions: ended.instructions - this.started.instructions,
      checksum: this.line.slice(0, 8),
    };
  }

  private mark(): { at: number; instructions: number } {
    return { at: this.clock(), instructions: this.instructions() };
  }
}
