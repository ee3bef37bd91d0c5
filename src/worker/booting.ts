/** Machines that begin: booted from files, or opened from a link or a file. */
import { History } from '../debugger/history/history.ts';
import type { SharedMachine } from '../debugger/links/shared.ts';
import { Session } from '../debugger/session.ts';
import { engineReady } from '../engine/engine.ts';
import { fetchCompiler } from '../engine/regions/fetchCompiler.ts';
import { isProblem } from '../machine/loader/problem.ts';
import { Machine } from '../machine/machine.ts';
import { checkBoot } from './bootOptions.ts';
import { withEdited } from './editedPrograms.ts';
import { builtKernel, builtProgram, builtPrograms } from './kernelFiles.ts';
import { driver, install, isBooted, setBreakpoints, show, stand, told } from './present.ts';
import { noteKernel, noteSources } from './programSources.ts';
import type { BootOptions, MachineView, OpenedMachine, Problem } from './protocol.ts';

/** The first screen is reached long before this; a kernel that never gets to ring 3 is shown where it is. */
const FIRST_STOP_WITHIN = 50_000_000;
/** The page draws the first machine meanwhile. */
const COMPILER_AFTER_MS = 1000;
const MIB = 1 << 20;
/** Links are read by code of their own. */
const links = () => import('./links.ts');

export async function boot(options: BootOptions): Promise<MachineView | Problem> {
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

export function toFirstSyscall(present: Session): void {
  present.begin('first-syscall');
  if (!present.advance(FIRST_STOP_WITHIN)) present.pause();
}

export async function open(decoded: Promise<SharedMachine | Problem>): Promise<OpenedMachine | Problem> {
  const [machine, { bringUp, filesView }] = await Promise.all([decoded, links(), engineReady, fetchCompiler()]);
  if (isProblem(machine)) return machine;
  if (isBooted()) stand();
  const opened = await bringUp(machine, driver, (done) =>
    told()?.progress(done === null ? null : { what: 'open', done }),
  );
  if (isProblem(opened)) return opened;
  setBreakpoints(machine.breakpoints);
  install(opened.session, opened.history);
  const { memoryBytes, cpu } = opened.session.machine.setup;
  return {
    view: show(),
    ...filesView(opened.session.machine.setup),
    memoryMiB: memoryBytes / MIB,
    cpu,
    breakpoints: machine.breakpoints,
    panels: machine.panels,
    warning: opened.warning ?? null,
  };
}
