/** `run --record FILE`: keeps what was typed and when, so that the run can be repeated and looked at from behind. */
import { writeFileSync } from 'node:fs';
import { encodeFile } from '../../debugger/links/encode.ts';
import { describeFiles } from '../../debugger/links/share.ts';
import type { SharedMachine } from '../../debugger/links/shared.ts';
import { type Problem, problem } from '../../machine/loader/problem.ts';
import type { Machine } from '../../machine/machine.ts';
import { knownFiles } from './sharedFiles.ts';

export class Recording {
  private readonly machine: Machine;
  private readonly events: SharedMachine['events'][number][] = [];

  constructor(machine: Machine) {
    this.machine = machine;
  }

  private position(): SharedMachine['position'] {
    const { machine } = this;
    return { count: machine.retired, time: machine.now(), turn: machine.turns, events: this.events.length };
  }

  /** A byte that the machine is about to get. */
  typed(byte: number): void {
    this.events.push({ at: this.position(), event: { kind: 'serial', bytes: Uint8Array.of(byte) } });
  }

  /** Writes the run as it stands. Undefined: done. */
  async write(path: string): Promise<Problem | undefined> {
    const { machine, events } = this;
    const { memoryBytes, cpu } = machine.setup;
    const shared: SharedMachine = {
      ...describeFiles(machine.setup, await knownFiles(machine.setup.modules)),
      memoryMiB: memoryBytes / 2 ** 20,
      cpu,
      events,
      position: this.position(),
      microSteps: 0,
      breakpoints: [],
      panels: [],
      hash: machine.hash(),
    };
    const bytes = await encodeFile(shared);
    try {
      writeFileSync(path, bytes);
      return undefined;
    } catch (e) {
      return problem('Cannot write the recording', e instanceof Error ? e.message : String(e));
    }
  }
}
