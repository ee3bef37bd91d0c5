/** What can be seen of the kernel that runs: its processes, and how rings were crossed lately. */

export interface ProcessView {
  readonly pid: number;
  readonly parent: number | null;
  readonly name: string;
  /** As the kernel calls it, in small letters: "running", "sleeping". */
  readonly state: string;
  /** Timer ticks that found it running. */
  readonly ticks: number;
  /** Its page tables are the ones in CR3. */
  readonly current: boolean;
}

export interface ArgumentView {
  readonly name: string;
  /** "1", "0x401000 "RING3 OK\n"". */
  readonly text: string;
}

/** One system call. */
export interface CallView {
  /** Instructions retired, and exceptions and interrupts, before the instruction that made it. */
  readonly count: number;
  readonly turn: number;
  /** "syscall", "int 80h", "call gate". */
  readonly door: string;
  readonly from: 0 | 3;
  readonly process: string | null;
  readonly number: number;
  /** "write"; null when it is not one of this kernel's. */
  readonly name: string | null;
  readonly arguments: readonly ArgumentView[];
  /** "9", "-EFAULT"; null when it has not returned yet. */
  readonly result: string | null;
}

/** One change of ring. */
export interface CrossingView {
  readonly count: number;
  readonly turn: number;
  /** "SYSCALL", "#PF", "interrupt 32". */
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** Function left and entered, by symbol or address. */
  readonly left: string;
  readonly entered: string;
}

export interface KernelView {
  /** Null for a kernel that is not ours, or before it has set itself up; `reason` then says why. */
  readonly processes: readonly ProcessView[] | null;
  readonly reason: string | null;
  /** Oldest first. */
  readonly calls: readonly CallView[];
  readonly crossings: readonly CrossingView[];
  /** False when there were more than are looked at. */
  readonly complete: boolean;
}
