/** The harness's side of the talk over the serial line (guest/main.c), with the time taken at the guest's marks. */

/** One command's work. */
export interface Round {
  /** Host milliseconds between the guest's S and E. */
  readonly ms: number;
  /** Guest instructions between them, by the emulator's own count. */
  readonly instructions: number;
  /** The guest's checksum, eight hexadecimal digits. */
  readonly checksum: string;
}

export class Conversation {
  private readonly instructions: () => number;
  private started = { at: 0, instructions: 0 };
  private ended = { at: 0, instructions: 0 };
  private text = '';
  /** Set once the guest has said that it is up: host milliseconds then. */
  readyAt: number | undefined;
  /** The answer to the last command, when it is complete. */
  answer: Round | undefined;

  /** `instructions` counts what the guest has run so far; only differences matter. */
  constructor(instructions: () => number) {
    this.instructions = instructions;
  }

  /** Bytes that make the guest run `units` of `program`. */
  ask(program: string, units: number): Uint8Array {
    this.answer = undefined;
    this.text = '';
    return new TextEncoder().encode(`${program}${units}\n`);
  }

  /** A byte from the guest. */
  heard(byte: number): void {
    const letter = String.fromCharCode(byte);
    if (letter === 'R' && this.readyAt === undefined) this.readyAt = performance.now();
    else if (letter === 'S') this.started = this.mark();
    else if (letter === 'E') this.ended = this.mark();
    else if (letter !== '\n') this.text += letter;
    else {
      const { started, ended } = this;
      this.answer = {
        ms: ended.at - started.at,
        instructions: ended.instructions - started.instructions,
        checksum: this.text,
      };
    }
  }

  private mark(): { at: number; instructions: number } {
    return { at: performance.now(), instructions: this.instructions() };
  }
}
