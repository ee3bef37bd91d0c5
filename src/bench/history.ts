/**
 * node .ci/runScript.js src/bench/history.ts [--instructions N] [--steps N]: what recording costs, and what it takes to
 * step back anywhere in a long history.
 */
import { parseArgs } from 'node:util';
import { finish, History } from '../debugger/history/history.ts';
import { seededRandom } from '../testing/random.ts';
import { Conversation } from './conversation.ts';
import { createMachine } from './own.ts';
import { MEMORY_BYTES } from './contestant.ts';
import { median } from './row.ts';
import { WORKLOADS } from './workloads.ts';

const { values } = parseArgs({
  options: {
    instructions: { type: 'string', default: '1000000000' },
    steps: { type: 'string', default: '200' },
    turns: { type: 'string', default: '5' },
  },
});
const SLICE = 1_000_000;
const kernel = new URL('guest/bench64.bin', import.meta.url);

/** The bench's guest, recorded or not. */
class Subject {
  readonly machine = createMachine(kernel, MEMORY_BYTES);
  readonly history: History | undefined;
  private readonly conversation = new Conversation(() => this.machine.now());
  private heard = 0;

  constructor(recorded: boolean) {
    if (recorded) this.history = new History(this.machine);
    else this.machine.onSerial = (byte) => this.conversation.heard(byte);
    this.runUntil(() => this.conversation.readyAt !== undefined);
  }

  private runUntil(done: () => boolean): void {
    while (!done()) {
      (this.history ?? this.machine).run(SLICE);
      if (this.history === undefined) continue;
      const { output } = this.history;
      for (const byte of output.slice(this.heard, output.length)) this.conversation.heard(byte);
      this.heard = output.length;
    }
  }

  /** Runs a program; returns milliseconds of processor time: the computer may have other things to do. */
  round(program: string, units: number): number {
    const question = this.conversation.ask(program, units);
    const from = process.cpuUsage();
    if (this.history === undefined) for (const byte of question) this.machine.receiveSerial(byte);
    else this.history.record({ kind: 'serial', bytes: Uint8Array.from(question) });
    this.runUntil(() => this.conversation.answer !== undefined);
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  }
}

const percentile = (list: number[], p: number): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length * p)] ?? Number.NaN;

function overhead(): void {
  const [plain, recorded] = [new Subject(false), new Subject(true)];
  for (const { name, program } of WORKLOADS) {
    let units = 1;
    while (plain.round(program, units) < 300) units *= 2;
    const ratios = Array.from({ length: Number(values.turns) }, () => {
      const bare = plain.round(program, units);
      return recorded.round(program, units) / bare;
    });
    console.log(`recording ${name.padEnd(18)} ${((median(ratios) - 1) * 100).toFixed(1)} % slower`);
  }
}

function stepBack(): void {
  const { history, ...subject } = recordedFor(Number(values.instructions));
  const random = seededRandom(1);
  const times: number[] = [];
  const repeated: number[] = [];
  for (let n = 0; n < Number(values.steps); n++) {
    finish(history.seek({ count: Math.floor((random(2 ** 30) / 2 ** 30) * history.end.count) }));
    const from = performance.now();
    finish(history.stepBack());
    times.push(performance.now() - from);
    const again = performance.now();
    finish(history.stepBack());
    repeated.push(performance.now() - again);
  }
  const jumps: number[] = [];
  for (let n = 0; n < Number(values.steps); n++) {
    const count = Math.floor((random(2 ** 30) / 2 ** 30) * history.end.count);
    const from = performance.now();
    finish(history.seek({ count }));
    finish(history.stepBack());
    jumps.push(performance.now() - from);
  }
  const show = (list: number[]): string =>
    `median ${median(list).toFixed(2)} ms, p95 ${percentile(list, 0.95).toFixed(2)} ms`;
  console.log(`history of ${history.end.count} instructions, ${history.checkpoints.length} checkpoints`);
  console.log(
    `memory ${(history.bytes / 2 ** 20).toFixed(1)} MiB now, ${(subject.most / 2 ** 20).toFixed(1)} MiB at most`,
  );
  console.log(`step back after a jump: ${show(times)}; again: ${show(repeated)}`);
  console.log(`jump anywhere and step back: ${show(jumps)}`);
}

function recordedFor(instructions: number): { history: History; most: number } {
  const subject = new Subject(true);
  const history = subject.history as History;
  let most = 0;
  const units = new Map<string, number>();
  for (let n = 0; history.position.count < instructions; n++) {
    const { program } = WORKLOADS[n % WORKLOADS.length] as (typeof WORKLOADS)[number];
    const amount = units.get(program) ?? 1;
    if (subject.round(program, amount) < 100) units.set(program, amount * 2);
    most = Math.max(most, history.bytes);
  }
  return { history, most };
}

overhead();
stepBack();
