/**
 * The playground for scripts: `window.playground` on the page, the same by messages from an embedding page
 * (API.md), and in Playwright tests. Types only.
 */
import type {
  BackTarget,
  BranchDifference,
  BranchView,
  CpuModel,
  Mark,
  ModuleFile,
  RunState,
  Target,
} from '../../worker/protocol.ts';

export type { BackTarget, BranchDifference, BranchView, Mark, ModuleFile, Target };

/** An exception, with the check that failed. */
export interface FaultState {
  /** "#GP". */
  readonly name: string;
  readonly vector: number;
  readonly errorCode: number | null;
  /** CPL at which it was raised. */
  readonly cpl: number;
  readonly rip: bigint;
  readonly check: string;
  readonly expected: string;
  readonly actual: string;
  /** Where the manual says so: "SDM vol. 2B, SYSRET". */
  readonly manual: string;
}

/** Where the machine stands, or that it runs. */
export interface MachineState {
  readonly state: RunState;
  /** Instructions retired: the machine's only clock. */
  readonly instructions: number;
  readonly cpl: number;
  readonly rip: bigint;
  /** RIP by symbol: "syscall_entry+0x10". */
  readonly symbol: string | null;
  /** Why it stands, as the page says it: "CPL 3 to 0, RIP now syscall_entry." */
  readonly text: string;
  /** What it was exit with, once it has switched itself off; else null. */
  readonly exitCode: number | null;
  /** Exceptions of the last step or run, first to last. */
  readonly faults: readonly FaultState[];
}

export interface LoadOptions {
  /** Assembly source (GNU as, AT&T) of the program to run in place of `userprog`. Not with `kernel`. */
  readonly program?: string;
  /** Multiboot ELF kernel; the Emergence kernel when absent. At most 64 MiB. */
  readonly kernel?: Uint8Array;
  /** Boot modules; the Emergence kernel's own programs when absent. */
  readonly modules?: readonly ModuleFile[];
  readonly commandLine?: string;
  /** 2 to 2048; 128 when absent. */
  readonly memoryMiB?: number;
  readonly cpu?: CpuModel;
  /** Where the boot ends: before the first SYSCALL in ring 3, or at the kernel's entry, which is where an own kernel stops. */
  readonly stopAt?: 'first-syscall' | 'entry';
}

export interface RunOptions {
  /** Just before the next SYSCALL or SYSRET, after the next change of CPL, or at the guest's end or a breakpoint only. */
  readonly until?: 'syscall' | 'ring-change' | 'ever';
  /** Milliseconds after which a machine that still runs is paused; 10,000 when absent. */
  readonly timeout?: number;
}

export interface SharedMachineLink {
  readonly url: string;
  readonly characters: number;
  /** State hash where it leads. */
  readonly hash: string;
}

export interface EventMap {
  /** The machine has come to stand. */
  readonly stop: MachineState;
  /** All serial output since the reset has changed to this. */
  readonly output: string;
}

/**
 * Every method answers later, and fails with an `Error` whose message says what to do. What it does is seen on the page.
 * A machine that runs is paused by every method that needs it to stand.
 */
export interface PlaygroundApi {
  /** Grows when something here changes its meaning; additions leave it. */
  readonly version: 1;

  /** Where the first machine stands, once it does. */
  ready(): Promise<MachineState>;
  state(): Promise<MachineState>;

  // ---- machines
  /** Boots another machine. Programs given here do not join those the person has saved. */
  load(options?: LoadOptions): Promise<MachineState>;
  /** The reset line, an event of the history like any other. */
  reset(): Promise<MachineState>;
  /** The machine of a link, or of its fragment. Answers with a warning when it is not in the state that was shared. */
  openLink(link: string): Promise<MachineState & { readonly warning: string | null }>;
  openFile(bytes: Uint8Array): Promise<MachineState & { readonly warning: string | null }>;
  share(): Promise<SharedMachineLink>;
  saveFile(): Promise<Uint8Array>;

  // ---- forwards
  /** Answers when the machine stands again. */
  run(options?: RunOptions): Promise<MachineState>;
  pause(): Promise<MachineState>;
  /** `times` instructions, 1 to 100,000; ends early where the machine ends. */
  step(times?: number): Promise<MachineState>;
  stepOver(): Promise<MachineState>;
  microStep(times?: number): Promise<MachineState>;

  // ---- backwards
  stepBack(times?: number): Promise<MachineState>;
  stepBackOver(): Promise<MachineState>;
  microStepBack(times?: number): Promise<MachineState>;
  runBack(target: BackTarget): Promise<MachineState>;
  /** To the first arrival at an instruction count; beyond the end, to the end. */
  goTo(count: number): Promise<MachineState>;
  /** To the instruction that printed a byte of the output, counted from the reset. */
  goToOutput(offset: number): Promise<MachineState>;
  /** To the instruction that changed a piece of state last. */
  whoSet(target: Target): Promise<MachineState>;
  /** To right before the last change of any of these, at most 32; memory up to 4096 bytes. */
  runBackToChange(targets: readonly Target[]): Promise<MachineState>;
  /** To before the last thing done from outside, on a branch where it has not been done. */
  undo(): Promise<MachineState>;

  // ---- looking
  /** RAX to R15, RIP, RFLAGS, CR0 to CR8, the segment selectors, CPL and the MSRs that the page shows, by the manual's names. */
  registers(): Promise<Readonly<Record<string, bigint>>>;
  /** One of them: "RCX", "IA32_STAR". */
  read(name: string): Promise<bigint>;
  /** Up to 65,536 bytes at a linear address; null for bytes of pages that are not present. */
  readMemory(address: bigint, length: number): Promise<readonly (number | null)[]>;
  /** Sixteen hexadecimal digits over every bit of guest-visible state. */
  stateHash(): Promise<string>;
  /** What happened between two instruction counts of the present branch, at most 1000 things. */
  events(from?: number, to?: number): Promise<readonly Mark[]>;

  // ---- acting
  /** Changes a piece of state, as an event of the history; registers and MSRs also by name: "RCX", "IA32_STAR". */
  write(target: Target | string, value: bigint): Promise<MachineState>;
  /** Linear addresses before whose instruction every run stops, in place of those set before. */
  setBreakpoints(addresses: readonly bigint[]): Promise<void>;
  /** Types at the serial line. A guest that was halted to wait for it goes on. */
  type(text: string): Promise<void>;

  // ---- output
  /** All serial output since the reset, as text. */
  output(): Promise<string>;
  /** Answers once `text` has been printed since the reset, already or within `timeout` milliseconds (10,000). */
  waitForOutput(text: string, timeout?: number): Promise<string>;

  // ---- branches
  branches(): Promise<readonly BranchView[]>;
  switchBranch(id: number): Promise<MachineState>;
  renameBranch(id: number, name: string): Promise<void>;
  compareBranch(id: number): Promise<BranchDifference>;

  /** Calls back at every such event. Returns how to stop. Only on `window.playground`. */
  on<Name extends keyof EventMap>(name: Name, listener: (value: EventMap[Name]) => void): () => void;
}

declare global {
  interface Window {
    playground?: PlaygroundApi;
  }
}
