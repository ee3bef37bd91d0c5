/** The v86 package with the 32-bit guest in it, without a BIOS: it enters multiboot kernels directly. */
import { V86, type V86Options } from 'v86';
import { type Contestant, MEMORY_BYTES } from './contestant.ts';
import { Conversation, type Round } from './conversation.ts';
import type { Images } from './images.ts';

/** Options for the 32-bit guest, and nothing in the machine that it would not need. */
export function v86Options({ files, v86Wasm }: Images, memoryBytes: number): V86Options {
  return {
    wasm_path: v86Wasm,
    memory_size: memoryBytes,
    vga_memory_size: 1 << 20,
    multiboot: { buffer: files.bench32.slice().buffer },
    disable_keyboard: true,
    disable_mouse: true,
    disable_speaker: true,
  };
}

/** Lets the host's event loop turn once. */
function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

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
  static async create(images: Images, disableJit: boolean): Promise<PeerV86> {
    const emulator = new V86({ ...v86Options(images, MEMORY_BYTES), disable_jit: disableJit });
    const peer = new PeerV86(emulator);
    await new Promise<void>((ready) => emulator.add_listener('emulator-ready', () => ready()));
    await peer.runUntil(() => peer.conversation.ready);
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
    while (emulator.is_running()) await turnOfLoop();
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
