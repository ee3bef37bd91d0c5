import type {
  ChangedKernel,
  MachineListener,
  MachineView,
  ModuleFile,
  Problem,
  RunAfter,
  RunTarget,
  SourcesView,
  WalkView,
} from '../../worker/protocol.ts';
import {
  acceptBoot,
  acceptStop,
  canRun,
  canStep,
  isInside,
  type MachineState,
  type Setup,
  useMachine,
} from './machine.ts';
import { followBreakpoints } from './breakpoints.ts';
import type { MachinePort } from './port.ts';
import { editedModules, isProgram, usePrograms } from './programs.ts';
import { restorePrograms } from './programStorage.ts';
import { showProgress } from './progress.ts';
import { receiveSerial, rewindSerial } from './serial.ts';
import { forgetCode, forgetSources, setFileLines, setSourceText, showPlace, useSources } from './sources.ts';

let port: MachinePort | null = null;

/** The connected machine; throws when there is none yet. */
export function machine(): MachinePort {
  if (port === null) throw new Error('No machine is connected.');
  return port;
}

export function report(problem: Problem): void {
  useMachine.setState({ problem });
}

export function dismissProblem(): void {
  useMachine.setState({ problem: null });
}

/** Tells that the machine did not do what it was asked. */
export function fail(error: unknown): void {
  useMachine.setState({ busy: false, booting: false, running: null });
  report({ title: 'The machine did not answer', detail: error instanceof Error ? error.message : String(error) });
}

/** Shows the machine where it has come to stand. */
export function stopAt(view: MachineView): void {
  useMachine.setState((state) => acceptStop(state, view));
  if (view.state !== 'running' && !isInside(view)) showPlace(view);
}

/** What the machine has been taken to; see following.ts, which is loaded with the editor. */
let hearSources: (view: SourcesView) => void = () => {};
export function onSources(hear: (view: SourcesView) => void): void {
  hearSources = hear;
}

const listener: MachineListener = {
  stopped: stopAt,
  running: (running) => useMachine.setState((state) => (state.running === null ? {} : { running })),
  serial: receiveSerial,
  rewound: rewindSerial,
  sources: (view) => hearSources(view),
  problem: report,
  progress: showProgress,
};

/** Connects the page to a machine. The first one is what `open` opens; when it opens none, one is booted. */
export async function startMachine(connected: MachinePort, open: () => Promise<boolean>): Promise<void> {
  port = connected;
  try {
    const listening = connected.listen(listener);
    const [opened] = await Promise.all([open(), listening, restorePrograms()]);
    followBreakpoints((addresses) => connected.setBreakpoints(addresses).catch(fail));
    if (opened) return;
    const { problem, setup } = useMachine.getState();
    await boot(setup);
    if (problem !== null) report(problem);
  } catch (error) {
    fail(error);
  }
}

/** Boots a new machine. A problem leaves the present one, its setup and its terminal as they are. */
export async function boot(setup: Setup): Promise<void> {
  const { booting, view } = useMachine.getState();
  if (booting && view !== null) return;
  useMachine.setState({ booting: true });
  try {
    if (useMachine.getState().running !== null) stopAt(await machine().pause());
    const { kernel, kernelSource } = usePrograms.getState();
    const answer = await machine().boot({
      ...(setup.kernel === null ? {} : { kernel: setup.kernel.bytes }),
      ...(setup.commandLine === '' ? {} : { commandLine: setup.commandLine }),
      ...(setup.modules.length === 0 ? {} : { modules: setup.modules }),
      ...(setup.only ?? {
        edited: editedModules(usePrograms.getState(), setup.commandLine),
        ...(setup.kernel === null && kernel !== null ? { emergence: { bytes: kernel, source: kernelSource } } : {}),
      }),
      memoryMiB: setup.memoryMiB,
      cpu: setup.cpu,
      stopAt: setup.stopAt,
    });
    if ('title' in answer) {
      useMachine.setState({ booting: false, problem: answer });
      return;
    }
    forgetSources();
    useMachine.setState((state) => acceptBoot(state, answer, setup));
    for (const file of Object.keys(usePrograms.getState().breakpoints)) loadLines(file);
    showPlace(answer);
  } catch (error) {
    fail(error);
  }
}

/** Gives the machine an edited program and shows where that leads. */
export function swapProgram(program: ModuleFile, then: RunAfter): Promise<void> {
  return swap((m) => m.swapProgram(program, then, usePrograms.getState().rebootAfterEdit), forgetCode);
}

/** Boots a changed kernel, or the built one, and shows where that leads. */
export const swapKernel = (kernel: ChangedKernel | null, then: RunAfter): Promise<void> =>
  swap((m) => m.swapKernel(kernel, then));

/** While it boots, or on a problem, the machine stays as it is. */
async function swap(ask: (m: MachinePort) => Promise<MachineView | Problem>, done = () => {}): Promise<void> {
  if (port === null || useMachine.getState().booting) return;
  try {
    const answer = await ask(port);
    if ('title' in answer) return report(answer);
    const { running, ...view } = { ...answer, running: answer.state === 'running' };
    const counters = { instructions: view.instructions, cpl: view.registers.cpl, mips: 0 };
    useMachine.setState((state) => ({
      ...acceptBoot(state, running ? { ...view, state: 'stopped' } : view, state.setup),
      running: running ? counters : null,
    }));
    done();
    if (!running) showPlace(answer);
  } catch (error) {
    fail(error);
  }
}

/** The reset line: what was there before can be gone back to. */
export async function reset(): Promise<void> {
  const { view, booting, busy, setup } = useMachine.getState();
  if (view === null || booting || busy) return;
  useMachine.setState({ busy: true });
  try {
    const answer = await machine().reset(setup.stopAt);
    useMachine.setState((state) => ({ ...acceptBoot(state, answer, setup), busy: false }));
    showPlace(answer);
  } catch (error) {
    fail(error);
  }
}

/** One command that answers with the standing machine; nothing happens while it is busy with another. */
export async function once(
  command: (machine: MachinePort) => Promise<MachineView | Problem>,
  allowed: (state: MachineState) => boolean = canStep,
): Promise<void> {
  const state = useMachine.getState();
  if (state.busy || !allowed(state)) return;
  useMachine.setState({ busy: true });
  try {
    const view = await command(machine());
    useMachine.setState({ busy: false });
    if ('title' in view) {
      dropPresses();
      report(view);
    } else stopAt(view);
  } catch (error) {
    dropPresses();
    fail(error);
  }
  void takePresses();
}

/** Presses of a step's button or key that came while the machine was busy: five presses are five steps. */
const presses: { readonly go: () => Promise<void>; readonly done: () => void }[] = [];
const MOST_PRESSES = 16;
let taking = false;

/** `once`, or after what the machine is busy with. */
export function inTurn(...command: Parameters<typeof once>): Promise<void> {
  if (!useMachine.getState().busy) return once(...command);
  if (presses.length === MOST_PRESSES) return Promise.resolve();
  return new Promise((done) => presses.push({ go: () => once(...command), done }));
}
function dropPresses(): void {
  for (const { done } of presses.splice(0)) done();
}
async function takePresses(): Promise<void> {
  if (taking) return;
  taking = true;
  for (let press = presses.shift(); press !== undefined; press = presses.shift()) {
    await press.go();
    press.done();
  }
  taking = false;
}

export const step = (): Promise<void> => inTurn((m) => m.step());
export const stepOver = (): Promise<void> => inTurn((m) => m.stepOver());
export const microStep = (): Promise<void> => inTurn((m) => m.microStep());

export async function run(target: RunTarget = 'ever'): Promise<void> {
  const state = useMachine.getState();
  if (state.busy || !canRun(state) || state.view === null) return;
  const { instructions, registers } = state.view;
  useMachine.setState({ running: { instructions, cpl: registers.cpl, mips: 0 } });
  try {
    await machine().run(target);
  } catch (error) {
    fail(error);
  }
}

export async function pause(): Promise<void> {
  if (useMachine.getState().running === null) return;
  try {
    stopAt(await machine().pause());
  } catch (error) {
    fail(error);
  }
}

export const runOrPause = (): Promise<void> => (useMachine.getState().running === null ? run() : pause());

/** Sends typed bytes. A guest that halted to wait for them goes on. */
export async function typeSerial(bytes: Uint8Array): Promise<void> {
  try {
    await machine().serialInput(bytes);
    if (useMachine.getState().view?.state === 'halted') await run();
  } catch (error) {
    fail(error);
  }
}

/** Bytes at a linear address, null where no page is present; an empty list when the machine does not answer. */
export async function readMemory(address: bigint, length: number): Promise<readonly (number | null)[]> {
  try {
    return await machine().readMemory(address, length);
  } catch (error) {
    fail(error);
    return [];
  }
}

/** The page walk of a linear address; null when the machine does not answer. */
export async function walk(address: bigint): Promise<WalkView | null> {
  try {
    return await machine().walk(address);
  } catch (error) {
    fail(error);
    return null;
  }
}

/** Symbols of addresses, null for those without. */
export async function names(addresses: readonly bigint[]): Promise<readonly (string | null)[]> {
  try {
    return addresses.length === 0 ? [] : await machine().names(addresses);
  } catch (error) {
    fail(error);
    return [];
  }
}

/** Paths of all sources of the built kernel; none when the machine does not answer. */
export async function sourceFiles(): Promise<readonly string[]> {
  try {
    return await machine().sourceFiles();
  } catch (error) {
    fail(error);
    return [];
  }
}

/** Fetches what the lines of a kernel file have become, once per kernel. */
export async function loadLines(file: string): Promise<void> {
  if (port === null || isProgram(file) || file in useSources.getState().lines) return;
  const { machineNumber } = useMachine.getState();
  try {
    const lines = await port.codeOf(file);
    if (lines.length > 0 && useMachine.getState().machineNumber === machineNumber) setFileLines(file, lines);
  } catch (error) {
    fail(error);
  }
}

/** Fetches the text of a file once per machine. */
export async function loadSource(file: string): Promise<void> {
  if (port === null || file in useSources.getState().texts) return;
  const { machineNumber } = useMachine.getState();
  try {
    const text = await port.sourceText(file);
    if (useMachine.getState().machineNumber === machineNumber) setSourceText(file, text);
  } catch (error) {
    fail(error);
  }
}
