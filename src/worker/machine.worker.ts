/** The machine worker: a thin layer between the page's messages and a debugger session. */
import * as Comlink from 'comlink';
import { peekBytes } from '../debugger/peek.ts';
import { finish, History, type Work } from '../debugger/history/history.ts';
import type { Way } from '../debugger/journey.ts';
import { Session } from '../debugger/session.ts';
import { SymbolSet } from '../debugger/symbolSet.ts';
import { timelineOf } from '../debugger/history/timeline.ts';
import { titleOf } from '../debugger/history/titles.ts';
import { walkAsSteps } from '../debugger/walkSteps.ts';
import { walkView } from '../debugger/walkView.ts';
import { isProblem, problem } from '../machine/loader/problem.ts';
import { engineReady } from '../engine/engine.ts';
import { fetchCompiler } from '../engine/regions/fetchCompiler.ts';
import { Machine, type MachineSetup } from '../machine/machine.ts';
import { checkBoot } from './bootOptions.ts';
import { cancelled, Driver } from './drive.ts';
import { builtKernel, builtProgram, builtPrograms, sourceFiles, sourceText } from './kernelFiles.ts';
import { withEdited } from './editedPrograms.ts';
import { EditBurst } from './editBurst.ts';
import { inTurn } from './inTurn.ts';
import { builtFiles } from './keptFiles.ts';
import { bootOutput, OutputFeed } from './outputFeed.ts';
import type {
  BootOptions,
  ChangedKernel,
  MachineListener,
  MachineView,
  MachineWorker,
  ModuleFile,
  OpenedMachine,
  Problem,
  RunAfter,
  RunTarget,
  ShareView,
} from './protocol.ts';
import { Runner } from './runner.ts';
import { SourceFeed } from './sourceFeed.ts';
import type { SharedMachine } from '../debugger/links/shared.ts';
import { kernelSources, noteKernel, noteSources } from './programSources.ts';

/** The first screen is reached long before this; a kernel that never gets to ring 3 is shown where it is. */
const FIRST_STOP_WITHIN = 50_000_000;
/** A short program's end is the answer; a longer run tells when it stops. */
const ANSWERS_WITHIN = 500_000;
/** The page draws the first machine meanwhile. */
const COMPILER_AFTER_MS = 1000;
const MIB = 1 << 20;
const MAX_PEEK = 1 << 16;
const MAX_NAMES = 1024;
const MAX_CHANGES = 16;
const MOST_WATCHED = 32;
/** What the first screen can do without is fetched when it is first asked for. */
const links = () => import('./links.ts');
const ways = () => import('./past.ts');
const lessons = () => import('./lessons.ts');
const MAX_BRANCH_NAME = 60;
let listener: MachineListener | undefined;
let session: Session | undefined;
let runner: Runner | undefined;
let breakpoints: readonly bigint[] = [];

/** The past of the present machine. */
let history: History | undefined;
const feed = new OutputFeed();
const sources = new SourceFeed();
const driver = new Driver();
const editing = new EditBurst();

function current(): { session: Session; runner: Runner } {
  if (session === undefined || runner === undefined) throw new Error('no machine has been booted yet');
  return { session, runner };
}

function tellOutput(): void {
  if (history !== undefined && listener !== undefined) feed.tell(history, listener);
}

function show(): MachineView {
  tellOutput();
  if (listener !== undefined) sources.tell(current().session.machine.setup, listener);
  return current().session.view();
}

function past(): History {
  if (history === undefined) throw new Error('no machine has been booted yet');
  return history;
}

/** Drives work through the history; the view at its end, or why it did not get there. */
async function shownAfter<Result>(
  work: Work<Result | Problem>,
  done: () => number | null,
  giveUp: () => void,
): Promise<MachineView | Problem> {
  const answer = await driver.drive(
    work,
    (n) => listener?.progress(n === null ? null : { what: 'travel', done: done() }),
    giveUp,
  );
  const view = show();
  return typeof answer === 'object' && answer !== null && isProblem(answer) ? answer : view;
}

/** To another place of the history. */
async function travel(way: Way): Promise<MachineView | Problem> {
  const { Journey } = await ways();
  const journey = new Journey(stand(), past(), way);
  function* along(): Work<'arrived' | Problem> {
    for (;;) {
      const before = journey.instructions;
      const step = journey.advance();
      if (step !== 'under way') return step;
      yield journey.instructions - before;
    }
  }
  return shownAfter(
    along(),
    () => journey.done ?? null,
    () => journey.cancel(),
  );
}

/** Something done from outside; `work` says what has become of it. */
async function change(work: (past: History) => Work<string | Problem>): Promise<MachineView | Problem> {
  const { recall } = await ways();
  const present = stand();
  present.prepareToMove();
  function* changing(): Work<string | Problem> {
    const said = yield* work(past());
    yield* recall(present, past());
    present.moved({ text: typeof said === 'string' ? `${said} ${present.place()}.` : '', reason: 'step' });
    return said;
  }
  // What it takes is the way to one place near by: not worth giving up.
  return shownAfter(
    changing(),
    () => null,
    () => undefined,
  );
}

const noHistory = (what: string): Problem => ({ title: 'Nothing to go back to', detail: what });

/** Puts a machine with its history in place of the present one. */
function install(fresh: Session, itsPast: History): void {
  runner?.dispose();
  history = itsPast;
  session = fresh;
  feed.forget();
  sources.knows(fresh.machine.setup);
  fresh.setBreakpoints(breakpoints);
  runner = new Runner(
    fresh,
    (view) => {
      tellOutput();
      listener?.running(view);
    },
    () => listener?.stopped(show()),
  );
}

async function boot(options: BootOptions): Promise<MachineView | Problem> {
  const wrong = checkBoot(options);
  if (wrong !== undefined) return wrong;
  const commandLine = options.commandLine ?? '';
  const [kernel, given] = await Promise.all([
    options.kernel ?? options.emergence?.bytes ?? builtKernel(),
    options.modules ??
      (options.kernel !== undefined
        ? []
        : options.program === undefined
          ? builtPrograms(commandLine)
          : builtProgram(options.program)),
    engineReady,
  ]);
  const edited = options.program === undefined ? (options.edited ?? []) : [];
  const modules = options.kernel === undefined ? withEdited(given, edited, commandLine) : given;
  const machine = Machine.create({
    kernel,
    commandLine,
    modules,
    memoryBytes: (options.memoryMiB ?? 128) * MIB,
    cpu: options.cpu ?? 'intel',
  });
  if (isProblem(machine)) return machine;
  noteSources(options.edited ?? []);
  noteKernel(options.emergence);
  const itsPast = new History(machine);
  const fresh = new Session(machine, itsPast);
  install(fresh, itsPast);
  if (options.stopAt === 'first-syscall') toFirstSyscall(fresh);
  setTimeout(fetchCompiler, COMPILER_AFTER_MS);
  return show();
}

function toFirstSyscall(present: Session): void {
  present.begin('first-syscall');
  if (!present.advance(FIRST_STOP_WITHIN)) present.pause();
}

/** Where the machine stands, with its history, as links and files have it. */
async function shared({ panels }: ShareView): Promise<SharedMachine> {
  const { describe } = await links();
  const { position, microSteps = 0 } = standing().stand() ?? {};
  return describe(past(), {
    microSteps,
    position,
    breakpoints: breakpoints.slice(0, 1000),
    panels: panels.slice(0, 32),
  });
}

async function open(decoded: Promise<SharedMachine | Problem>): Promise<OpenedMachine | Problem> {
  const [machine, { bringUp, filesView }] = await Promise.all([decoded, links(), engineReady, fetchCompiler()]);
  if (isProblem(machine)) return machine;
  if (session !== undefined) stand();
  const opened = await bringUp(machine, driver, (done) =>
    listener?.progress(done === null ? null : { what: 'open', done }),
  );
  if (isProblem(opened)) return opened;
  breakpoints = machine.breakpoints;
  install(opened.session, opened.history);
  const { memoryBytes, cpu } = opened.session.machine.setup;
  return {
    view: show(),
    ...filesView(opened.session.machine.setup),
    memoryMiB: memoryBytes / MIB,
    cpu,
    breakpoints,
    panels: machine.panels,
    warning: opened.warning ?? null,
  };
}

async function swapProgram(program: ModuleFile, then: RunAfter, reboot: boolean): Promise<MachineView | Problem> {
  const wrong = checkBoot({ modules: [program] });
  if (wrong !== undefined) return wrong;
  noteSources([program]);
  const { withdraw } = await ways();
  const present = stand();
  const withProgram = (): MachineSetup => {
    const { setup } = present.machine;
    return { ...setup, modules: withEdited(setup.modules, [program], setup.commandLine) };
  };
  const refused = present.machine.check(withProgram());
  if (refused !== undefined) return refused;
  const name = program.name.split(' ', 1)[0] ?? '';
  if (editing.goesOn(past(), name, performance.now())) {
    present.prepareToMove();
    finish(withdraw(past()));
    feed.forget();
  } else past().keepHere();
  present.load(withProgram(), reboot ? undefined : name);
  editing.began(past(), name, performance.now());
  sources.knows(present.machine.setup);
  return runSwapped(present, then);
}

async function swapKernel(changed: ChangedKernel | null, then: RunAfter): Promise<MachineView | Problem> {
  const wrong = changed === null ? undefined : checkBoot({ kernel: changed.bytes });
  if (wrong !== undefined) return wrong;
  const kernel = changed?.bytes ?? (await builtKernel());
  noteKernel(changed ?? undefined);
  const present = stand();
  const refused = present.load({ ...present.machine.setup, kernel }, undefined, 'kernel edited');
  sources.knows(present.machine.setup);
  return refused ?? runSwapped(present, then);
}

/** Runs a machine that has been given something new; it goes on by itself when that takes long. */
function runSwapped(present: Session, then: RunAfter): MachineView {
  present.begin(then === 'run' ? 'ever' : then);
  if (present.advance(ANSWERS_WITHIN)) return show();
  current().runner.start();
  return { ...show(), state: 'running' };
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

/** The same for what the page does not take for the end of the run: it is told. */
function standing(): Session {
  const { running } = current().runner;
  const present = stand();
  if (running) listener?.stopped(show());
  return present;
}

/** A source of the machine's kernel as it was built, when that was linked from what is kept of some build. */
async function keptSource(file: string): Promise<string | undefined> {
  const source = session && kernelSources.get(session.machine.setup.kernel);
  const parts = source && (await builtFiles.parts(source.parts).catch(() => undefined));
  return parts === undefined || isProblem(parts) ? undefined : parts.sources.get(file);
}

type Immediate = 'listen' | 'packText' | 'unpackText' | 'cancel' | 'pause' | 'sourceText' | 'sourceFiles';

/** What waits for its turn: it finds a machine that is not on its way to somewhere. */
const commands: Omit<MachineWorker, Immediate> = {
  boot,
  async run(target: RunTarget) {
    await fetchCompiler();
    const present = stand();
    present.begin(target);
    current().runner.start();
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
    const { session: present } = current();
    const inside = (present.stand()?.microSteps ?? 0) > 0;
    present.type(bytes);
    if (inside) listener?.stopped(show());
  },
  async readMemory(address, length) {
    const { cpu } = current().session.machine;
    return peekBytes(cpu, address, Math.min(Math.max(0, Math.floor(length)), MAX_PEEK));
  },
  async walk(address) {
    return walkView(current().session.machine.cpu, BigInt.asUintN(64, address));
  },
  async walkSteps(address, cpl, kind) {
    return walkAsSteps(current().session.machine.cpu, BigInt.asUintN(64, address), cpl, kind);
  },
  async pageTable(level, physical) {
    const { pageTable } = await import('../debugger/pageTable.ts');
    return pageTable(current().session.machine.cpu, level, physical);
  },
  async origins() {
    const { originsOf } = await ways();
    const found = await driver.drive(originsOf(stand(), past()), () => undefined);
    return found === cancelled ? problem('Given up', 'The machine stands where it stood.') : found;
  },
  async kernel() {
    const { kernelView } = await ways();
    const { session: present, runner: running } = current();
    if (running.running) return null;
    const found = await driver.drive(
      kernelView(present, past()),
      () => undefined,
      () => undefined,
    );
    return found === cancelled ? null : found;
  },
  async engine() {
    return current().session.machine.engine.view();
  },
  async repair(at, changes) {
    const { repair } = await ways();
    return change((way) => repair(way, at, changes.slice(0, MAX_CHANGES)));
  },
  swapProgram,
  swapKernel,
  async codeOf(file) {
    return current().session.codeOf(file);
  },
  async setBreakpoints(addresses) {
    breakpoints = addresses;
    session?.setBreakpoints(addresses);
  },
  async names(addresses) {
    return current().session.names(addresses.slice(0, MAX_NAMES));
  },
  async lines(addresses) {
    const { cpu, setup } = current().session.machine;
    const files = new SymbolSet(
      setup.kernel,
      setup.modules.map(({ bytes }) => bytes),
    );
    files.choose((address, length) => peekBytes(cpu, address, length));
    return addresses.slice(0, MAX_NAMES).map((address) => files.line(address) ?? null);
  },
  async stateHash() {
    return standing().machine.hash();
  },
  stepBack: () => travel({ kind: 'step-back' }),
  stepBackOver: () => travel({ kind: 'step-back-over' }),
  microStepBack: () => travel({ kind: 'micro-step-back' }),
  runBack: (target) => travel({ kind: 'run-back', target }),
  goTo: (count) => travel({ kind: 'go-to', count }),
  goToOutput: (offset) => travel({ kind: 'output', offset: bootOutput(past()) + Math.max(0, Math.floor(offset)) }),
  whoSet: (target) => travel({ kind: 'who-set', target }),
  runBackToChange: (targets) => travel({ kind: 'change', targets: targets.slice(0, MOST_WATCHED) }),
  poke: (target, value) =>
    // biome-ignore lint/correctness/useYield: what is recorded takes no time
    change(function* (way) {
      return way.record({ kind: 'poke', target, value }) ?? 'Changed by hand, at';
    }),
  undo: () =>
    change(function* (way) {
      const last = way.events[way.position.events - 1];
      if (last === undefined) return noHistory('Nothing has been typed, changed, edited or reset before this place.');
      yield* way.seek(last.at);
      // What was undone must not happen again when the machine goes on.
      way.branchHere();
      return `Undone: ${titleOf(last.event)}. At`;
    }),
  switchBranch(id) {
    feed.forget();
    return travel({ kind: 'branch', id });
  },
  async renameBranch(id, name) {
    past().branches.rename(id, name.trim().slice(0, MAX_BRANCH_NAME) || `branch ${id}`);
  },
  async compareBranch(id) {
    const { compareWith } = await ways();
    const present = standing();
    const found = await driver.drive(
      present.aside(past(), () => compareWith(past(), id)),
      (n) => listener?.progress(n === null ? null : { what: 'travel', done: null }),
      () => undefined,
    );
    return found === undefined || found === cancelled ? noHistory('There is no such branch.') : found;
  },
  async reset(stopAt) {
    const present = stand();
    present.prepareToMove();
    past().record({ kind: 'reset' });
    present.moved({ text: `Reset, at ${present.place()}.`, reason: 'boot' });
    if (stopAt === 'first-syscall') toFirstSyscall(present);
    return show();
  },
  async share(view) {
    const { linkTo } = await links();
    return linkTo(await shared(view));
  },
  async saveFile(view) {
    const { fileOf } = await links();
    const bytes = await fileOf(await shared(view));
    return isProblem(bytes) ? bytes : Comlink.transfer(bytes, [bytes.buffer]);
  },
  openLink: async (fragment) => open((await links()).decodeLink(fragment)),
  openFile: async (bytes) => open((await links()).decodeFile(bytes)),
  async act(actions) {
    const { doActions } = await lessons();
    const wrong = await driver.drive(doActions(stand(), past(), actions), (n) =>
      listener?.progress(n === null ? null : { what: 'travel', done: null }),
    );
    const view = show();
    return wrong === undefined || wrong === cancelled ? view : wrong;
  },
  async predict(question) {
    const { answer } = await lessons();
    let given = false;
    const found = await driver.drive(
      answer(stand(), past(), question),
      () => undefined,
      () => {
        given = true;
      },
    );
    return given || found === cancelled ? problem('Given up', 'The machine stands where it stood.') : found;
  },
  async check(checks) {
    const { lookAt } = await lessons();
    const { session: present, runner: running } = current();
    if (running.running) return null;
    let given = false;
    const found = await driver.drive(
      lookAt(present, past(), checks, () => given),
      () => undefined,
      () => {
        given = true;
      },
    );
    return given || found === cancelled ? null : found;
  },
  async timeline(from, to) {
    return timelineOf(past(), from, to);
  },
};

const ordered = inTurn({
  ...commands,
  async pause() {
    stand();
    return show();
  },
});

const worker: MachineWorker = {
  ...ordered,
  listen(to) {
    listener = to;
  },
  async cancel() {
    driver.cancel();
  },
  pause() {
    driver.cancel();
    return ordered.pause();
  },
  packText: async (text) => (await lessons()).packText(text),
  unpackText: async (packed) => (await lessons()).unpackText(packed),
  sourceText: async (file) => (await keptSource(file)) ?? sourceText(file),
  async sourceFiles() {
    return sourceFiles();
  },
};

Comlink.expose(worker);
