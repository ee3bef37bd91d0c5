/** Our machine with the 64-bit guest in it. */
import { readFileSync } from 'node:fs';
import { isProblem } from '../machine/loader/problem.ts';
import { Machine } from '../machine/machine.ts';
import { type Contestant, MEMORY_BYTES } from './contestant.ts';
import { Conversation, type Round } from './conversation.ts';

/** Instructions between two looks at what the guest has said. */
const SLICE = 1_000_000;

/** A machine with these files; throws when they cannot be booted. */
export function createMachine(kernel: URL, memoryBytes: number, modules: Readonly<Record<string, URL>> = {}): Machine {
  const machine = Machine.create({
    kernel: readFileSync(kernel),
    commandLine: '',
    modules: Object.entries(modules).map(([name, url]) => ({ name, bytes: readFileSync(url) })),
    memoryBytes,
    cpu: 'intel',
  });
  if (isProblem(machine)) throw new Error(`${machine.title}: ${machine.detail}`);
  return machine;
}

export class OwnMachine implements Contestant {
  readonly machine: Machine;
  private readonly conversation: Conversation;

  constructor() {
    this.machine = createMachine(new URL('guest/bench64.bin', import.meta.url), MEMORY_BYTES);
    // While nothing halts, guest time is the count of instructions.
    this.conversation = new Conversation(() => this.machine.now());
    this.machine.onSerial = (byte) => this.conversation.heard(byte);
    this.runUntil(() => this.conversation.readyAt !== undefined);
  }

  private runUntil(done: () => boolean): void {
    while (!done()) {
      const why = this.machine.run(SLICE);
      if (why !== 'count') throw new Error(`the guest stopped: ${why}`);
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
