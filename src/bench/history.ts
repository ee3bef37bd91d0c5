/** What recording costs, what it takes to step back anywhere in a long history, and how much memory the past takes. */
import { finish, History } from '../debugger/history/history.ts';
import { seededRandom } from '../testing/random.ts';
import { MEMORY_BYTES } from './contestant.ts';
import { Conversation, type Round } from './conversation.ts';
import { BOOTABLE, type Images } from './images.ts';
import type { Effort } from './measure.ts';
import { createMachine } from './own.ts';
import { median, type Row } from './row.ts';
import { type Workload, WORKLOADS } from './workloads.ts';

const SLICE = 1_000_000;
const RECORDED = WORKLOADS.filter(({ guest }) => guest === 'bench');
const RECORDING = 'recording: ';

export const RECORDING_ROWS = RECORDED.map(({ name }) => RECORDING + name);
export const PAST_ROWS = [
  'step back, median',
  'step back, p95',
  'jump anywhere and step back, median',
  'jump anywhere and step back, p95',
  'history memory, most',
];

/** Milliseconds of processor time: the computer may have other things to do. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The bench's guest, recorded or not. */
class Subject {
  readonly history: History | undefined;
  private readonly machine;
  private readonly conversation: Conversation;

  constructor(images: Images, recorded: boolean) {
    const machine = createMachine(images, BOOTABLE.bench, MEMORY_BYTES);
    this.machine = machine;
    this.conversation = new Conversation(() => machine.count, processorTime);
    if (recorded) this.history = new History(machine);
    const keep = machine.onSerial;
    machine.onSerial = (byte) => {
      keep(byte);
      this.conversation.heard(byte);
      if (this.conversation.answer !== undefined) machine.requestStop();
    };
    this.runUntil(() => this.conversation.ready);
  }

  private runUntil(done: () => boolean): void {
    while (!done()) (this.history ?? this.machine).run(SLICE);
  }

  round(program: string, units: number): Round {
    const question = this.conversation.ask(program, units);
    if (this.history === undefined) for (const byte of question) this.machine.receiveSerial(byte);
    else this.history.record({ kind: 'serial', bytes: Uint8Array.from(question) });
    this.runUntil(() => this.conversation.answer !== undefined);
    return this.conversation.answer as Round;
  }
}

/** Rows without a peer: `theirs` is our own speed when nothing is recorded, and `ratio` what recording leaves of it. */
export function recordingRows(images: Images, names: readonly string[], { turns, turnMs }: Effort): Row[] {
  const wanted = RECORDED.filter(({ name }) => names.includes(RECORDING + name));
  if (wanted.length === 0) return [];
  const [plain, recorded] = [new Subject(images, false), new Subject(images, true)];
  return wanted.map(({ name, program, amount, unit }): Row => {
    let units = 1;
    while (plain.round(program, units).ms < turnMs / 2) units *= 2;
    const { instructions } = recorded.round(program, units);
    const times: [number, number][] = [];
    for (let turn = 0; turn < turns; turn++) {
      times.push([recorded.round(program, units).ms, plain.round(program, units).ms]);
    }
    const work = amount === undefined ? instructions / 1000 : amount * units;
    return {
      name: RECORDING + name,
      host: 'node',
      peer: null,
      ours: work / median(times.map(([ms]) => ms)),
      theirs: work / median(times.map(([, ms]) => ms)),
      unit,
      ratio: median(times.map(([with_, without]) => without / with_)),
    };
  });
}

const percentile = (list: readonly number[], p: number): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length * p)] ?? Number.NaN;

/** Rows of going back in a history of so many instructions, `steps` times each. */
export function pastRows(images: Images, instructions: number, steps: number): Row[] {
  const { history, most } = recordedFor(images, instructions);
  const random = seededRandom(1);
  const anywhere = (): number => Math.floor((random(2 ** 30) / 2 ** 30) * history.end.count);
  const timed = (run: () => void): number => {
    const from = performance.now();
    run();
    return performance.now() - from;
  };
  const stepBack = (): void => {
    finish(history.stepBack());
  };
  const single = Array.from({ length: steps }, () => {
    finish(history.seek({ count: anywhere() }));
    return timed(stepBack);
  });
  const jumps = Array.from({ length: steps }, () =>
    timed(() => {
      finish(history.seek({ count: anywhere() }));
      stepBack();
    }),
  );
  const figures = [median(single), percentile(single, 0.95), median(jumps), percentile(jumps, 0.95), most / 2 ** 20];
  return PAST_ROWS.map((name, i) => ({
    name,
    host: 'node',
    peer: null,
    ours: figures[i] ?? Number.NaN,
    theirs: null,
    unit: name.includes('memory') ? 'MiB' : 'ms',
    ratio: null,
  }));
}

function recordedFor(images: Images, instructions: number): { history: History; most: number } {
  const subject = new Subject(images, true);
  const history = subject.history as History;
  let most = 0;
  const units = new Map<string, number>();
  for (let n = 0; history.position.count < instructions; n++) {
    const { program } = RECORDED[n % RECORDED.length] as Workload;
    const amount = units.get(program) ?? 1;
    if (subject.round(program, amount).ms < 100) units.set(program, amount * 2);
    most = Math.max(most, history.bytes);
  }
  return { history, most };
}
