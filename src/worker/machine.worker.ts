/** The machine worker: a thin layer between the page's messages and a debugger session. */
import * as Comlink from 'comlink';
import { peekBytes } from '../debugger/peek.ts';
import { finish, History } from '../debugger/history/history.ts';
import { goToOutput, runBack, whoSet } from '../debugger/history/search.ts';
import { Session } from '../debugger/session.ts';
import { timelineOf } from '../debugger/history/timeline.ts';
import { walkView } from '../debugger/walkView.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { Machine } from '../machine/machine.ts';
import { checkBoot } from './bootOptions.ts';
import { builtKernel, builtPrograms, sourceText } from './kernelFiles.ts';
import { withEdited } from './editedPrograms.ts';
import type {
  BootOptions,
  MachineListener,
  MachineView,
  MachineWorker,
  ModuleFile,
  Problem,
  RunTarget,
} from './protocol.ts';
import { Runner } from './runner.ts';

/** The first screen is reached long before this; a kernel that never gets to ring 3 is shown where it is. */
const FIRST_STOP_WITHIN = 50_000_000;
/** A short program's end is the answer; a longer run tells when it stops. */
const ANSWERS_WITHIN = 500_000;
const MIB = 1 << 20;
const MAX_PEEK = 1 << 16;
const MAX_NAMES = 1024;
/** What a run back was looking for, in words. */
const BACK = {
  breakpoint: 'breakpoint',
  syscall: 'SYSCALL',
  sysret: 'SYSRET',
  'ring-change': 'change of ring',
  exception: 'exception',
  interrupt: 'interrupt',
  output: 'output',
} as const;

let listener: MachineListener | undefined;
let session: Session | undefined;
let runner: Runner | undefined;
let breakpoints: readonly bigint[] = [];

/** The past of the present machine. */
let history: History | undefined;
/** Bytes of its output that the page has. */
let shownOutput = 0;

function current(): { session: Session; runner: Runner } {
  if (session === undefined || runner === undefined) throw new Error('no machine has been booted yet');
  return { session, runner };
}

/** Tells the page what was printed since it was told last, or what has not been printed yet where the machine stands. */
function tellOutput(): void {
  if (history === undefined) return;
  const { output } = history;
  if (output.length < shownOutput) listener?.rewound(output.length);
  else if (output.length > shownOutput) listener?.serial(output.slice(shownOutput, output.length));
  shownOutput = output.length;
}

function show(): MachineView {
  tellOutput();
  return current().session.view();
}

/** To another place of the history; the work says how the machine came to stand there, or why it could not. */
function travel(work: (past: History, breakpoints: ReadonlySet<bigint>) => string | Problem): MachineView | Problem {
  const present = stand();
  if (history === undefined) throw new Error('no machine has been booted yet');
  const said = work(history, present.prepareToMove());
  present.moved({ text: typeof said === 'string' ? `${said} ${present.place()}.` : '', reason: 'step' });
  const view = show();
  return typeof said === 'string' ? view : said;
}

const noHistory = (what: string): Problem => ({ title: 'Nothing to go back to', detail: what });

async function boot(options: BootOptions): Promise<MachineView | Problem> {
  const wrong = checkBoot(options);
  if (wrong !== undefined) return wrong;
  const commandLine = options.commandLine ?? '';
  const [kernel, given] = await Promise.all([
    options.kernel ?? builtKernel(),
    options.modules ?? (options.kernel === undefined ? builtPrograms(commandLine) : []),
  ]);
  const modules = options.kernel === undefined ? withEdited(given, options.edited ?? [], commandLine) : given;
  const machine = Machine.create({
    kernel,
    commandLine,
    modules,
    memoryBytes: (options.memoryMiB ?? 128) * MIB,
    cpu: options.cpu ?? 'intel',
  });
  if (isProblem(machine)) return machine;
  runner?.dispose();
  const past = new History(machine);
  const fresh = new Session(machine, past);
  history = past;
  shownOutput = 0;
  fresh.setBreakpoints(breakpoints);
  session = fresh;
  runner = new Runner(
    fresh,
    (view) => {
      tellOutput();
      listener?.running(view);
    },
    () => listener?.stopped(show()),
  );
  if (options.stopAt === 'first-syscall') {
    fresh.begin('first-syscall');
    if (!fresh.advance(FIRST_STOP_WITHIN)) fresh.pause();
  }
  return show();
}

async function swapProgram(program: ModuleFile, then: 'run' | 'first-syscall'): Promise<MachineView | Problem> {
  const wrong = checkBoot({ modules: [program] });
  if (wrong !== undefined) return wrong;
  const present = stand();
  const { setup } = present.machine;
  const refused = present.load({ ...setup, modules: withEdited(setup.modules, [program], setup.commandLine) });
  if (refused !== undefined) return refused;
  present.begin(then === 'run' ? 'ever' : then);
  if (present.advance(then === 'run' ? ANSWERS_WITHIN : FIRST_STOP_WITHIN)) return show();
  if (then === 'run') {
    current().runner.start();
    return { ...show(), state: 'running' };
  }
  present.pause();
  return show();
}

/** Stops a run that is under way, so that a command finds a standing machine. */
function stand(): Session {
  const { session: present, runner: running } = current();
  if (running.running) {
    running.halt();
    present.pause();
  }
  return present;
}

const worker: MachineWorker = {
  listen(to) {
    listener = to;
  },
  boot,
  async run(target: RunTarget) {
    const present = stand();
    present.begin(target);
    current().runner.start();
  },
  async pause() {
    stand();
    return show();
  },
  async step() {
    const present = stand();
    present.begin('step');
    present.advance(1);
    return show();
  },
  async stepOver() {
    const present = stand();
    present.begin('over');
    const { runner: running } = current();
    // A short call answers at once; a long one goes on as a run that tells when it stops.
    if (present.advance(200_000)) return show();
    running.start();
    return { ...show(), state: 'running' };
  },
  async microStep() {
    stand().microStep();
    return show();
  },
  async serialInput(bytes) {
    current().session.type(bytes);
  },
  async readMemory(address, length) {
    const { cpu } = current().session.machine;
    return peekBytes(cpu, address, Math.min(Math.max(0, Math.floor(length)), MAX_PEEK));
  },
  async walk(address) {
    return walkView(current().session.machine.cpu, BigInt.asUintN(64, address));
  },
  swapProgram,
  async setBreakpoints(addresses) {
    breakpoints = addresses;
    session?.setBreakpoints(addresses);
  },
  async names(addresses) {
    return current().session.names(addresses.slice(0, MAX_NAMES));
  },
  async stateHash() {
    return stand().machine.hash();
  },
  async stepBack() {
    return travel((past) => {
      return finish(past.stepBack()) ? 'Back before the instruction at' : 'This is the start of the history,';
    });
  },
  async runBack(target) {
    return travel((past, breakpoints) => {
      const found = finish(runBack(past, target, breakpoints));
      if (target === 'start') return 'At the start of the history,';
      return found ? `Before the ${BACK[target]} at` : noHistory(`There is no ${BACK[target]} before this place.`);
    });
  },
  async goTo(count) {
    return travel((past) => {
      finish(past.seek({ count: Math.max(Math.floor(count), past.start.count) }));
      return 'Now at';
    });
  },
  async goToOutput(offset) {
    return travel((past) => {
      const found = finish(goToOutput(past, offset));
      return found ? 'Before the output of this character at' : noHistory('Who printed this is no longer known.');
    });
  },
  async whoSet(target) {
    return travel((past) => {
      const found = finish(whoSet(past, target));
      return found ? 'It is set by the instruction at' : noHistory('It has not changed since the start.');
    });
  },
  async poke(target, value) {
    return travel((past) => past.record({ kind: 'poke', target, value }) ?? 'Changed by hand, at');
  },
  async switchBranch(id) {
    return travel((past) => {
      return finish(past.switchTo(id)) ? `On ${past.branches.present.name}, at` : noHistory('There is no such branch.');
    });
  },
  async timeline(from, to) {
    if (history === undefined) throw new Error('no machine has been booted yet');
    return timelineOf(history, from, to);
  },
  sourceText,
};

Comlink.expose(worker);
