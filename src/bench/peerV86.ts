/** The v86 package with the 32-bit guest in it, without a BIOS: it enters multiboot kernels directly. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { V86, type V86Options } from 'v86';
import { type Contestant, MEMORY_BYTES } from './contestant.ts';
import { Conversation, type Round } from './conversation.ts';

const wasmPath = (): string => createRequire(import.meta.url).resolve('v86/build/v86.wasm');

/** Options for a kernel, and nothing in the machine that it would not need. */
export function v86Options(kernel: URL, memoryBytes: number): V86Options {
  const file = readFileSync(kernel);
  return {
    wasm_path: wasmPath(),
    memory_size: memoryBytes,
    vga_memory_size: 1 << 20,
    multiboot: { buffer: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) },
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
  };
}

export const guest32 = new URL('guest/bench32.bin', import.meta.url);

export class PeerV86 implements Contestant {
  private readonly emulator: V86;
  private readonly conversation: Conversation;
  private wake: () => void = () => undefined;

  private constructor(emulator: V86) {
    this.emulator = emulator;
    this.conversation = new Conversation(() => emulator.get_instruction_counter());
    emulator.add_listener('serial0-output-byte', (byte) => {
      this.conversation.heard(byte);
      this.wake();
    });
  }

  /** v86 with its compiler, or with its interpreter alone. */
  static async create(disableJit: boolean): Promise<PeerV86> {
    const emulator = new V86({ ...v86Options(guest32, MEMORY_BYTES), disable_jit: disableJit });
    const peer = new PeerV86(emulator);
    await new Promise<void>((ready) => emulator.add_listener('emulator-ready', () => ready()));
    await peer.runUntil(() => peer.conversation.readyAt !== undefined);
    return peer;
  }

  private async runUntil(done: () => boolean): Promise<void> {
    const { emulator } = this;
    const heard = new Promise<void>((resolve) => {
      this.wake = () => {
        if (done()) resolve();
      };
    });
    await emulator.run();
    await heard;
    this.wake = () => undefined;
    // `stop` takes effect at the emulator's next turn; until then it would take time from the others.
    await emulator.stop();
    while (emulator.is_running()) await new Promise((next) => setImmediate(next));
  }

  async round(program: string, units: number): Promise<Round> {
    this.emulator.serial_send_bytes(0, this.conversation.ask(program, units));
    await this.runUntil(() => this.conversation.answer !== undefined);
    return this.conversation.answer as Round;
  }

  async close(): Promise<void> {
    await this.emulator.destroy();
  }
}
