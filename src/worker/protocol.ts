/**
 * What the page and the machine worker say to each other. Types only: the page imports nothing else of the machine.
 * The worker exposes `MachineWorker` through comlink; it pushes to the page through the `MachineListener` it was given.
 */

import type { CpuModel } from '../cpu/profile.ts';
import type { Verdict } from '../debugger/checks/verdict.ts';
import type { Target } from '../debugger/history/target.ts';
import type { BackTarget, BranchDifference, TimelineView } from '../debugger/history/views.ts';
import type { Prediction, Question } from '../debugger/lessons/predict.ts';
import type { KernelView } from '../debugger/kernelView/views.ts';
import type { ChangeView, MachineView, MicrocodeView, OriginView, SourceLine } from '../debugger/views.ts';
import type { TableView } from '../debugger/pageTable.ts';
import type { AccessKind, WalkView } from '../debugger/walkView.ts';
import type { EngineView, RefusalReason } from '../engine/regions/statistics.ts';
import type { BuiltLine, KernelSource } from './editing.ts';

export type { CpuModel };
export type { EngineView, RefusalReason };
export type { Prediction, Question, Verdict };
export type { Flaw, LabEvent, LabMove, LabSetup, LabView, LabWorker, SideView } from './lab.ts';
export type {
  AssemblerWorker,
  Build,
  BuildAnswer,
  BuildRequest,
  BuiltLine,
  KernelAnswer,
  KernelRequest,
  KernelSource,
  SourceProblem,
} from './editing.ts';
export type {
  ChangeView,
  CheckView,
  CodeLine,
  FixView,
  FlowView,
  MachineView,
  MicroStepState,
  MicroStepView,
  MicrocodeView,
  OriginView,
  RegisterView,
  RunState,
  SeenView,
  SegmentName,
  SegmentView,
  SourceLine,
  StopView,
  TableRegister,
  TableWords,
  WalkLevel,
  WhyView,
} from '../debugger/views.ts';
export type { ArgumentView, CallView, CrossingView, KernelView, ProcessView } from '../debugger/kernelView/views.ts';
export type { Target } from '../debugger/history/target.ts';
export type {
  BackTarget,
  BranchDifference,
  BranchView,
  Mark,
  MemoryPlace,
  Stretch,
  TimelineView,
} from '../debugger/history/views.ts';
export type { TableEntry, TableView } from '../debugger/pageTable.ts';
export type { AccessKind, WalkAccess, WalkMode, WalkView } from '../debugger/walkView.ts';

export interface BootOptions {
  /** Multiboot kernel; the built Emergence kernel when absent. */
  readonly kernel?: Uint8Array;
  readonly commandLine?: string;
  readonly modules?: readonly ModuleFile[];
  /** User programs in place of the built ones of the same names, the one to run first. Only with the built kernel. */
  readonly edited?: readonly ModuleFile[];
  /** The Emergence kernel as the person has changed it, in place of the built one. Not together with `kernel`. */
  readonly emergence?: ChangedKernel;
  /** A built user program with its arguments, alone, in place of the usual ones and of edited ones. Only with the built kernel. */
  readonly program?: string;
  readonly memoryMiB?: number;
  readonly cpu?: CpuModel;
  /** Where to stop by itself after reset: at the first SYSCALL in ring 3 (the first screen), or not at all. */
  readonly stopAt?: 'first-syscall' | 'entry';
}

/** An Emergence kernel that was linked in the page. */
export interface ChangedKernel {
  readonly bytes: Uint8Array;
  /** What it was made of, which is what a link carries; null when that is not known any more. */
  readonly source: KernelSource | null;
}

export interface ModuleFile {
  /** Module string: file name and arguments, as the boot loader passes it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The source that the bytes were assembled from. It is what a link carries of an edited program. */
  readonly text?: string;
}

/** A program in a link or saved machine that is to be assembled. */
export interface ProgramText {
  readonly name: string;
  readonly text: string;
}

/** What the machine's programs and its kernel were made of. */
export interface SourcesView {
  /** Boot modules in order; a text of null stands for the built one. Those of unknown sources are left out. */
  readonly programs: readonly { readonly name: string; readonly text: string | null }[];
  /** Name of the first boot module. */
  readonly first: string;
  /** Null for the built Emergence kernel; absent for one of a person's own. */
  readonly kernel?: ChangedKernel | null;
}

/** A machine from a link or file, standing where it was shared. */
export interface OpenedMachine {
  readonly view: MachineView;
  /** What it boots there; null for the Emergence kernel. */
  readonly kernel: Uint8Array | null;
  /** The Emergence kernel when its sources were changed. */
  readonly emergence: ChangedKernel | null;
  readonly commandLine: string;
  /** Boot modules when they are others than the built programs and the edited ones. */
  readonly modules: readonly ModuleFile[];
  readonly memoryMiB: number;
  readonly cpu: CpuModel;
  /** Edited programs among its files, the first boot module first. */
  readonly edited: readonly ProgramText[];
  readonly breakpoints: readonly bigint[];
  /** Names of what was to be seen. */
  readonly panels: readonly string[];
  /** Says in what it is not the machine that was shared. */
  readonly warning: Problem | null;
}

/** How far a long way through the history, or the opening of a machine, has come. */
export interface ProgressView {
  readonly what: 'travel' | 'open';
  /** From 0 to 1; null when the length of the way is not known. */
  readonly done: number | null;
}

/** What belongs to a link beside the machine. */
export interface ShareView {
  /** Names of what is to be seen, at most 32: "msrs". */
  readonly panels: readonly string[];
}

export interface RunningView {
  readonly instructions: number;
  readonly cpl: number;
  /** Million instructions per second over the last report. */
  readonly mips: number;
}

export type Problem = { readonly title: string; readonly detail: string };

export interface MachineListener {
  stopped(view: MachineView): void;
  running(view: RunningView): void;
  serial(bytes: Uint8Array): void;
  /** The machine went back to where it had printed only so many bytes since its reset. */
  rewound(length: number): void;
  /** A way through the history has led to where the machine has other programs, or another kernel. */
  sources(present: SourcesView): void;
  problem(problem: Problem): void;
  /** Something takes longer than a moment; null when it is over. */
  progress(progress: ProgressView | null): void;
}

export type RunTarget = 'ever' | 'ring-change' | 'syscall';
/** How far an edited program runs by itself. */
export type RunAfter = 'run' | 'first-syscall';

export interface MachineWorker {
  listen(listener: MachineListener): void;
  /** Resets into a new machine. Resolves with its first view, or a problem that leaves the present machine as it was. */
  boot(options: BootOptions): Promise<MachineView | Problem>;
  /** Runs until `target`, a pause, or the guest's end; the listener's `stopped` tells. */
  run(target: RunTarget): Promise<void>;
  /** Answers within 50 ms with the stopped machine. */
  pause(): Promise<MachineView>;
  step(): Promise<MachineView>;
  /** Like step, but a CALL, SYSCALL, INT or repeated string instruction is run to its return. */
  stepOver(): Promise<MachineView>;
  microStep(): Promise<MachineView>;
  /** Text typed at the terminal. */
  serialInput(bytes: Uint8Array): Promise<void>;
  /** Bytes at a linear address; `null` for bytes of pages that are not present. */
  readMemory(address: bigint, length: number): Promise<readonly (number | null)[]>;
  /** The page walk of a linear address as it would be made now. Nothing is marked as accessed. */
  walk(address: bigint): Promise<WalkView>;
  /** The same as micro-steps, for one kind of access by CPL 0 or 3. */
  walkSteps(address: bigint, cpl: 0 | 3, kind: AccessKind): Promise<MicrocodeView>;
  /** Present entries of a paging structure: so many levels below CR3, at a physical address; 0 for the one CR3 names. */
  pageTable(level: number, physical: bigint): Promise<TableView>;
  /** Who set what the check that failed first looked at. Looks about in the history; the machine stays. */
  origins(): Promise<readonly OriginView[] | Problem>;
  /** The kernel that runs: its processes, system calls and crossings of rings. Null while the machine runs. */
  kernel(): Promise<KernelView | null>;
  /** What the engine interprets, what it has compiled, and why not more. Also while the machine runs. */
  engine(): Promise<EngineView>;
  /** To before an exception, where changes are made that let its check pass. Each is an event of the history. */
  repair(
    at: { readonly count: number; readonly turn: number },
    changes: readonly ChangeView[],
  ): Promise<MachineView | Problem>;
  /**
   * Gives the machine an edited program and runs it on: to its end, a breakpoint or a pause, or to its first SYSCALL. The
   * kernel goes on from where it is about to read the program, or with `reboot` is booted again. A problem leaves the
   * machine alone.
   */
  swapProgram(program: ModuleFile, then: RunAfter, reboot: boolean): Promise<MachineView | Problem>;
  /** Boots a changed Emergence kernel, or with null the built one, with the present programs in the same memory. */
  swapKernel(kernel: ChangedKernel | null, then: RunAfter): Promise<MachineView | Problem>;
  /** Addresses before whose instruction every run stops; they hold for later machines too. */
  setBreakpoints(addresses: readonly bigint[]): Promise<void>;
  /** Symbol and offset of each address, null where there is none; at most 1024 are answered. */
  names(addresses: readonly bigint[]): Promise<readonly (string | null)[]>;
  /** Source line of each address, null where the debug information has none; at most 1024 are answered. */
  lines(addresses: readonly bigint[]): Promise<readonly (SourceLine | null)[]>;
  /** What the lines of a source file became, as far as the debug information tells, by line. */
  codeOf(file: string): Promise<readonly BuiltLine[]>;
  /** Sixteen hexadecimal digits over every bit of guest-visible state; a running machine is paused for it. */
  stateHash(): Promise<string>;
  /** To before the last instruction, exception, interrupt or event; at the start the machine stays. */
  stepBack(): Promise<MachineView | Problem>;
  /** Like it, but a call, SYSCALL, INT or repeated string instruction is gone back over to before it. */
  stepBackOver(): Promise<MachineView | Problem>;
  /** To before the last micro-step. */
  microStepBack(): Promise<MachineView | Problem>;
  /** To just before the last such thing. A problem leaves the machine where it is. */
  runBack(target: BackTarget): Promise<MachineView | Problem>;
  /** To the first arrival at an instruction count; beyond the end, to the end. */
  goTo(count: number): Promise<MachineView | Problem>;
  /** To the instruction that sent a byte of the serial output, counted from the reset. */
  goToOutput(offset: number): Promise<MachineView | Problem>;
  /** To the instruction that changed a piece of state last. */
  whoSet(target: Target): Promise<MachineView | Problem>;
  /** To just before the last change of any of these, at most 32. */
  runBackToChange(targets: readonly Target[]): Promise<MachineView | Problem>;
  /** Changes a piece of state by hand, as an event of the history. In the past this begins another branch. */
  poke(target: Target, value: bigint): Promise<MachineView | Problem>;
  /** To the end of another branch. */
  switchBranch(id: number): Promise<MachineView | Problem>;
  renameBranch(id: number, name: string): Promise<void>;
  /**
   * The first thing in which the present branch and another one differ, and all that differs in their states at their ends,
   * to which the machine goes and comes back.
   */
  compareBranch(id: number): Promise<BranchDifference | Problem>;
  /** To before the last event (something typed, changed, edited or reset by hand), which can be gone over again. */
  undo(): Promise<MachineView | Problem>;
  /** The reset line, as an event of the history; then on to the first SYSCALL in ring 3 if `stopAt` says so. */
  reset(stopAt: 'first-syscall' | 'entry'): Promise<MachineView>;
  /** Ends the way through the history or the opening that is under way; the machine stays where it was. */
  cancel(): Promise<void>;
  /** The fragment of a link to the present machine with its history, without "#". */
  share(view: ShareView): Promise<string | Problem>;
  /** The same as a file, which may also hold a kernel. */
  saveFile(view: ShareView): Promise<Uint8Array | Problem>;
  /** Opens a link in place of the present machine. A problem, and a cancel, leave that as it was. */
  openLink(fragment: string): Promise<OpenedMachine | Problem>;
  openFile(bytes: Uint8Array): Promise<OpenedMachine | Problem>;
  /** The present branch between two instruction counts. */
  timeline(from: number, to: number): Promise<TimelineView>;
  /** Paths of all source files of the built kernel and its programs. */
  sourceFiles(): Promise<readonly string[]>;
  /** Does what a step of a lesson says, in the language of its actions. */
  act(actions: string): Promise<MachineView | Problem>;
  /** Lets the machine find out what a learner predicts, and leaves it where it stands. */
  predict(question: Question): Promise<Prediction | Problem>;
  /** Whether each check of a lesson's tasks holds; null while the machine runs or when it was given up. */
  check(checks: readonly string[]): Promise<readonly Verdict[] | Problem | null>;
  /** The text of a lesson file as a link has it, and back. */
  packText(text: string): Promise<string | Problem>;
  unpackText(packed: string): Promise<string | Problem>;
  /** Source text of a kernel or user file, or null. */
  sourceText(file: string): Promise<string | null>;
}
