/** The machine worker: a thin layer between the page's messages and a debugger session. */
import * as Comlink from 'comlink';
import { peekBytes } from '../debugger/peek.ts';
import { Session } from '../debugger/session.ts';
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
import { SerialOutput } from './serialOutput.ts';

/** The first screen is reached long before this; a kernel that never gets to ring 3 is shown where it is. */
const FIRST_STOP_WITHIN = 50_000_000;
/** A short program's end is the answer; a longer run tells when it stops. */
const ANSWERS_WITHIN = 500_000;
const MIB = 1 << 20;
const MAX_PEEK = 1 << 16;
const MAX_NAMES = 1024;

let listener: MachineListener | undefined;
let session: Session | undefined;
let runner: Runner | undefined;
let breakpoints: readonly bigint[] = [];

const serial = new SerialOutput((bytes) => listener?.serial(bytes));

function current(): { session: Session; runner: Runner } {
  if (session === undefined || runner === undefined) throw new Error('no machine has been booted yet');
  return { session, runner };
}

function show(): MachineView {
  serial.flush();
  return current().session.view();
}

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
  machine.onSerial = (byte) => serial.put(byte);
  const fresh = new Session(machine);
  fresh.setBreakpoints(breakpoints);
  session = fresh;
  runner = new Runner(
    fresh,
    (view) => {
      serial.flush();
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
  sourceText,
};

Comlink.expose(worker);
