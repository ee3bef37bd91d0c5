/** The machine worker: a thin layer between the page's messages and a debugger session. */
import * as Comlink from 'comlink';
import { timelineOf } from '../debugger/history/timeline.ts';
import { titleOf } from '../debugger/history/titles.ts';
import type { SharedMachine } from '../debugger/links/shared.ts';
import { peekBytes } from '../debugger/peek.ts';
import { SymbolSet } from '../debugger/symbolSet.ts';
import { walkAsSteps } from '../debugger/walkSteps.ts';
import { walkView } from '../debugger/walkView.ts';
import { fetchCompiler } from '../engine/regions/fetchCompiler.ts';
import { isProblem, problem } from '../machine/loader/problem.ts';
import { boot, open, toFirstSyscall } from './booting.ts';
import { cancelled } from './drive.ts';
import { inTurn } from './inTurn.ts';
import { builtFiles } from './keptFiles.ts';
import { sourceFiles, sourceText } from './kernelFiles.ts';
import { bootOutput } from './outputFeed.ts';
import {
  breakpointsSet,
  current,
  driver,
  feed,
  isBooted,
  listen,
  past,
  setBreakpoints,
  show,
  stand,
  standing,
  told,
} from './present.ts';
import { kernelSources } from './programSources.ts';
import type { MachineWorker, Problem, RunTarget, ShareView } from './protocol.ts';
import { swapKernel, swapProgram } from './swapping.ts';
import { change, travel, ways } from './travelling.ts';

const MAX_PEEK = 1 << 16;
const MAX_NAMES = 1024;
const MAX_CHANGES = 16;
const MOST_WATCHED = 32;
/** What the first screen can do without is fetched when it is first asked for. */
const links = () => import('./links.ts');
const lessons = () => import('./lessons.ts');
const MAX_BRANCH_NAME = 60;

/** Where the machine stands, with its history, as links and files have it. */
async function shared({ panels }: ShareView): Promise<SharedMachine> {
  const { describe } = await links();
  const { position, microSteps = 0 } = standing().stand() ?? {};
  return describe(past(), {
    microSteps,
    position,
    breakpoints: breakpointsSet().slice(0, 1000),
    panels: panels.slice(0, 32),
  });
}

const noHistory = (what: string): Problem => ({ title: 'Nothing to go back to', detail: what });

/** A source of the machine's kernel as it was built, when that was linked from what is kept of some build. */
async function keptSource(file: string): Promise<string | undefined> {
  const source = isBooted() ? kernelSources.get(current().session.machine.setup.kernel) : undefined;
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
    if (inside) told()?.stopped(show());
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
    setBreakpoints(addresses);
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
      (n) => told()?.progress(n === null ? null : { what: 'travel', done: null }),
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
      told()?.progress(n === null ? null : { what: 'travel', done: null }),
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
  listen,
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
