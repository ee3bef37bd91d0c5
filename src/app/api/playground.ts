/** `window.playground`: the page's machine for scripts. What a method does is shown like what a person does. */
import type { MachineView, Problem, Target } from '../../worker/protocol.ts';
import { placeBreakpoints } from '../store/breakpoints.ts';
import {
  boot,
  machine,
  run as runMachine,
  reset as resetMachine,
  pause,
  stopAt,
  typeSerial,
} from '../store/commands.ts';
import { canRun, initialSetup, useMachine } from '../store/machine.ts';
import { linkIn, openFile, openLink, useOpening } from '../store/opening.ts';
import { pageAddress } from '../store/share.ts';
import { visiblePanels } from '../store/panelNames.ts';
import { renameBranch } from '../store/history.ts';
import { useSerial } from '../store/serial.ts';
import { takeProgram } from './program.ts';
import { onEvent, outputNow, presentState, registersOf, standing, until, within } from './state.ts';
import type { LoadOptions, MachineState, PlaygroundApi, RunOptions } from './types.ts';

const PATIENCE_MS = 10_000;
const MOST_STEPS = 100_000;

const failed = ({ title, detail }: Problem): Error => new Error(`${title}: ${detail}`);

function given<Answer extends object>(answer: Answer | Problem): Answer {
  if ('title' in answer && 'detail' in answer) throw failed(answer);
  return answer;
}

/** The machine made to stand. */
async function stand(): Promise<void> {
  if (useMachine.getState().running !== null) await pause();
  await standing();
}

/** Registers and MSRs are named as the manual does. */
function named(target: Target | string): Target {
  if (typeof target !== 'string') return target;
  const msr = /^ia32_/i.test(target);
  return msr ? { kind: 'msr', name: target.toUpperCase() } : { kind: 'register', name: target.toLowerCase() };
}

/** A command that answers with the standing machine, `times` times; ends early where the machine ends. */
async function act(command: () => Promise<MachineView | Problem>, times = 1): Promise<MachineState> {
  if (!Number.isInteger(times) || times < 1 || times > MOST_STEPS) {
    throw new Error(`Times: a whole number from 1 to ${MOST_STEPS}.`);
  }
  await stand();
  let view = given(await command());
  for (let done = 1; done < times && view.state === 'stopped'; done++) view = given(await command());
  stopAt(view);
  await standing();
  return presentState();
}

async function load(options: LoadOptions = {}): Promise<MachineState> {
  const { program, kernel, modules = [], commandLine = '', memoryMiB = 128, cpu = 'intel' } = options;
  await standing();
  if (program !== undefined) {
    if (kernel !== undefined) throw new Error('A program can only be given to the Emergence kernel.');
    await takeProgram(program);
  }
  useMachine.setState({ problem: null });
  await boot({
    kernel: kernel === undefined ? null : { name: 'kernel', bytes: kernel },
    commandLine,
    modules,
    memoryMiB,
    cpu,
    stopAt: options.stopAt ?? (kernel === undefined ? initialSetup.stopAt : 'entry'),
  });
  const { problem } = useMachine.getState();
  if (problem !== null) throw failed(problem);
  return presentState();
}

async function run({ until: goal = 'ever', timeout = PATIENCE_MS }: RunOptions = {}): Promise<MachineState> {
  await stand();
  if (!canRun(useMachine.getState())) return presentState();
  await runMachine(goal);
  if (!(await within(timeout, standing()))) await pause();
  return presentState();
}

async function opened(open: () => Promise<boolean>): Promise<MachineState & { readonly warning: string | null }> {
  await standing();
  useMachine.setState({ problem: null });
  const done = await open();
  const { problem } = useMachine.getState();
  const said = problem === null ? null : `${problem.title}: ${problem.detail}`;
  if (!done) throw new Error(said ?? 'Another machine is being opened.');
  return { ...presentState(), warning: said };
}

async function waitForOutput(text: string, timeout = PATIENCE_MS): Promise<string> {
  const printed = until(() => outputNow().includes(text), useSerial.subscribe);
  if (await within(timeout, printed)) return outputNow();
  throw new Error(`"${text}" was not printed within ${timeout} ms. The output ends with: ${outputNow().slice(-200)}`);
}

const timelineOf = (from: number, to: number) => machine().timeline(from, to);

export const playground: PlaygroundApi = {
  version: 1,
  async ready() {
    await until(() => useMachine.getState().view !== null, useMachine.subscribe);
    await until(() => !useOpening.getState().opening, useOpening.subscribe);
    await standing();
    return presentState();
  },
  state: async () => presentState(),
  load,
  async reset() {
    await stand();
    await resetMachine();
    return presentState();
  },
  openLink(link) {
    const fragment = linkIn(link.slice(link.indexOf('#') + 1));
    return opened(() => openLink(fragment ?? ''));
  },
  openFile: (bytes) => opened(() => openFile(bytes)),
  async share() {
    await stand();
    const fragment = await machine().share({ panels: visiblePanels() });
    if (typeof fragment !== 'string') throw failed(fragment);
    const url = `${pageAddress()}#${fragment}`;
    return { url, characters: url.length, hash: await machine().stateHash() };
  },
  async saveFile() {
    await stand();
    return given(await machine().saveFile({ panels: visiblePanels() }));
  },
  run,
  async pause() {
    await pause();
    await standing();
    return presentState();
  },
  step: (times) => act(() => machine().step(), times),
  stepOver: () => act(() => machine().stepOver()),
  microStep: (times) => act(() => machine().microStep(), times),
  stepBack: (times) => act(() => machine().stepBack(), times),
  stepBackOver: () => act(() => machine().stepBackOver()),
  microStepBack: (times) => act(() => machine().microStepBack(), times),
  runBack: (target) => act(() => machine().runBack(target)),
  goTo: (count) => act(() => machine().goTo(count)),
  goToOutput: (offset) => act(() => machine().goToOutput(offset)),
  runBackToChange: (targets) => act(() => machine().runBackToChange(targets)),
  whoSet: (target) => act(() => machine().whoSet(target)),
  undo: () => act(() => machine().undo()),
  async registers() {
    await stand();
    const { view } = useMachine.getState();
    if (view === null) throw new Error('No machine has been booted yet.');
    return registersOf(view.registers);
  },
  async read(name) {
    const value = (await playground.registers())[name.startsWith('IA32_') ? name : name.toUpperCase()];
    if (value === undefined)
      throw new Error('There is no register of this name here: they are named as registers() has them.');
    return value;
  },
  readMemory: (address, length) => machine().readMemory(address, length),
  async stateHash() {
    await stand();
    return machine().stateHash();
  },
  async events(from = 0, to = Number.MAX_SAFE_INTEGER) {
    await stand();
    const { marks } = await timelineOf(from, to);
    return marks.filter(({ count }) => count >= from && count <= to);
  },
  write: (target, value) => act(() => machine().poke(named(target), value)),
  async setBreakpoints(addresses) {
    placeBreakpoints(addresses, await machine().lines(addresses));
    await machine().setBreakpoints(addresses);
  },
  type: (text) => typeSerial(new TextEncoder().encode(text)),
  output: async () => outputNow(),
  waitForOutput,
  branches: async () => (await timelineOf(0, 0)).branches,
  switchBranch: (id) => act(() => machine().switchBranch(id)),
  renameBranch,
  compareBranch: async (id) => given(await machine().compareBranch(id)),
  on: onEvent,
};

export function offerApi(): void {
  window.playground = playground;
}
