/** Our machine with a 64-bit guest in it. */
import { isProblem } from '../machine/loader/problem.ts';
import { Machine } from '../machine/machine.ts';
import { type Contestant, MEMORY_BYTES } from './contestant.ts';
import { Conversation, type Round } from './conversation.ts';
import { BOOTABLE, type Bootable, type Images } from './images.ts';
import type { Guest } from './workloads.ts';

/** Instructions between two looks at what the guest has said. */
const SLICE = 1_000_000;

/** A machine with these files, with hot regions compiled or without; throws when they cannot be booted. */
export function createMachine(
  { files }: Images,
  { kernel, modules }: Bootable,
  memoryBytes: number,
  regions = true,
): Machine {
  const machine = Machine.create({
    kernel: files[kernel],
    commandLine: '',
    modules: modules.map((name) => ({ name, bytes: files[name] })),
    memoryBytes,
    cpu: 'intel',
    regions: regions ? 'on' : 'off',
  });
  if (isProblem(machine)) throw new Error(`${machine.title}: ${machine.detail}`);
  return machine;
}

export class OwnMachine implements Contestant {
  readonly machine: Machine;
  private readonly conversation: Conversation;

  /** With our compiler of regions, or with the interpreter alone. */
  constructor(images: Images, guest: Guest = 'bench', regions = true) {
    this.machine = createMachine(images, BOOTABLE[guest], MEMORY_BYTES, regions);
    this.conversation = new Conversation(() => this.machine.count);
    this.machine.onSerial = (byte) => {
      this.conversation.heard(byte);
      if (this.conversation.answer !== undefined) this.machine.requestStop();
    };
    this.runUntil(() => this.conversation.ready);
  }

  private runUntil(done: () => boolean): void {
    while (!done()) {
      const why = this.machine.run(SLICE);
      if (why !== 'count' && why !== 'requested') throw new Error(`the guest stopped: ${why}`);
    }
  }

  round(program: string, units: number): Promise<Round> {
    for (const byte of this.conversation.ask(program, units)) this.machine.receiveSerial(byte);
    this.runUntil(() => this.conversation.answer !== undefined);
    return Promise.resolve(this.conversation.answer as Round);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
