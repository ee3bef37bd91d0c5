/** Input is an event at a count of instructions: the same bytes at the same counts give the same machine. */
import { expect, test } from 'vitest';
import { emergence } from '../../testing/emergence.ts';
import { seededRandom } from '../../testing/random.ts';
import { type Input, runMachine } from './runMachine.ts';
import type { SerialEvent } from './serialInput.ts';

/** Someone who types a byte now and then, whatever the machine does, and keeps a record. */
class Typist implements Input {
  readonly interactive = false;
  readonly events: SerialEvent[] = [];
  private readonly left: number[];
  private readonly random = seededRandom(5);

  constructor(text: string) {
    this.left = [...Buffer.from(text, 'latin1')];
  }
  get ended(): boolean {
    return this.left.length === 0;
  }
  get available(): boolean {
    return this.left.length > 0;
  }
  deliver(at: number, receive: (byte: number) => void): void {
    const bytes = Uint8Array.from(this.left.splice(0, this.random(3)));
    this.events.push({ at, bytes });
    bytes.forEach(receive);
  }
  async arrival(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test('a run with input can be repeated from its record', async () => {
  const { machine, log } = emergence(['shell', 'hello'], 'init=shell');
  const input = new Typist('hello big world\rps\rmem\rexit\r');
  const { reason } = await runMachine(machine, {
    input,
    maxInstructions: 2_000_000_000,
    matched: () => false,
    interrupted: () => false,
    flush: async () => undefined,
  });
  expect(reason).toBe('exit');
  expect(log()).toContain('  argument 2: world\n');

  const again = emergence(['shell', 'hello'], 'init=shell');
  for (const { at, bytes } of input.events) {
    again.machine.run(at - again.machine.retired);
    expect(again.machine.retired).toBe(at);
    for (const byte of bytes) again.machine.receiveSerial(byte);
  }
  again.machine.run(2_000_000_000);
  expect(again.log()).toBe(log());
  expect(again.machine.hash()).toBe(machine.hash());
});
