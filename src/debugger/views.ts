/** What a stopped machine looks like to whoever shows it: plain data that can be sent from a worker. */
import type { Target } from './history/target.ts';

import type { FloatView } from './floatView.ts';

/** Selector with its hidden part. */
export interface SegmentView {
  readonly selector: number;
  readonly base: bigint;
  /** In bytes, granularity applied. */
  readonly limit: number;
  /** Bits 23:8 of the descriptor's high dword: type, S, DPL, P, AVL, L, D/B, G. */
  readonly attributes: number;
}

export type SegmentName = 'es' | 'cs' | 'ss' | 'ds' | 'fs' | 'gs' | 'ldtr' | 'tr';

export interface TableRegister {
  readonly base: bigint;
  readonly limit: number;
}

export interface RegisterView {
  /** RAX RCX RDX RBX RSP RBP RSI RDI R8..R15. */
  readonly gpr: readonly bigint[];
  readonly rip: bigint;
  readonly rflags: bigint;
  readonly cr0: bigint;
  readonly cr2: bigint;
  readonly cr3: bigint;
  readonly cr4: bigint;
  readonly cr8: bigint;
  readonly xcr0: bigint;
  readonly segments: Readonly<Record<SegmentName, SegmentView>>;
  readonly gdtr: TableRegister;
  readonly idtr: TableRegister;
  /** DR0 to DR7; the fourth and fifth are not there. */
  readonly dr: readonly bigint[];
  /** Every one that is described, by architectural name. */
  readonly msrs: Readonly<Record<string, bigint>>;
  readonly cpl: 0 | 1 | 2 | 3;
  readonly float: FloatView;
}

/** A table in guest memory as 8-byte entries; `null` where an entry's page is not mapped. */
export type TableWords = readonly (bigint | null)[];

export interface CodeLine {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  /** Text after the mnemonic split: "mov", "$1, %edi". */
  readonly mnemonic: string;
  readonly operands: string;
  /** Symbol that starts here, if any. */
  readonly label: string | null;
  readonly source: SourceLine | null;
}

export interface SourceLine {
  /** Path as in the debug information, relative to src/kernel: "user/userprog.S". */
  readonly file: string;
  readonly line: number;
}

export type MicroStepState = 'done' | 'next' | 'waiting' | 'failed';

export interface MicroStepView {
  readonly kind: 'check' | 'effect' | 'keeps';
  /** "RIP ← IA32_LSTAR", "CPL = 0". */
  readonly label: string;
  readonly state: MicroStepState;
  /** The value checked, written or kept, once known. */
  readonly value: string | null;
  /** What a failed check raises: "#UD", "#GP(0)". */
  readonly otherwise: string | null;
  /** One sentence for the reader, if there is something to add. */
  readonly note: string | null;
  /** Names of what it reads and writes: "IA32_STAR[47:32]", "cs", "gate.DPL" (a part of `memory`). */
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** What goes where, for drawing; between names of `from` and `to`. */
  readonly flows: readonly FlowView[];
  /** Bits of RFLAGS that it clears, once known. */
  readonly strikes: { readonly name: string; readonly mask: number } | null;
  /** Of a failed check that looked at several things, those that made it fail; all it looked at when absent. */
  readonly guilty?: readonly string[];
}

export interface FlowView {
  readonly from: string;
  readonly to: string;
  /** What is done to the value on the way: "+ 8". */
  readonly by: string | null;
}

/** Something in memory that micro-steps read or wrote. */
export interface SeenView {
  /** The name that its parts begin with: "gate". */
  readonly name: string;
  readonly title: string;
  readonly form: 'idt gate' | 'descriptor' | 'words' | 'page entry';
  /** Of a page entry: the paging mode, and whether the walk ends at it. */
  readonly entry?: { readonly paging: '32-bit' | 'PAE' | '4-level'; readonly leaf: boolean };
  readonly address: bigint;
  readonly words: readonly { readonly name: string; readonly value: bigint }[];
}

/** The instruction at RIP as a list of micro-steps, when it has one. */
export interface MicrocodeView {
  /** "SYSCALL", "SYSRETQ", "IRETQ". */
  readonly name: string;
  /** "SDM vol. 2B, SYSCALL". */
  readonly manual: string;
  readonly steps: readonly MicroStepView[];
  /** Steps done so far; 0 before the first. */
  readonly position: number;
  /** RIP behind the instruction. */
  readonly nextRip: bigint | null;
  /** What the steps done so far saw in memory, each name as it was seen last. */
  readonly memory: readonly SeenView[];
}

/** One check that was made. */
export interface CheckView {
  readonly label: string;
  readonly holds: boolean;
  /** The value it looked at, where that is known. */
  readonly found: string | null;
}

/** One change: of all of the target, or of a single bit of it as it stands. */
export type ChangeView =
  | { readonly target: Target; readonly value: bigint }
  | { readonly target: Target; readonly bit: number; readonly to: bigint };

/** Something that would have made a failed check pass. */
export interface FixView {
  /** "Set U/S in PML4E[0] and PDPTE[0]". */
  readonly text: string;
  readonly changes: readonly ChangeView[];
}

/** Who set what a failed check looked at. */
export interface OriginView {
  /** "SS = 13h", "U/S of PML4E[0]". */
  readonly what: string;
  /** Instructions retired before it was set, and how many that is before the fault; null when it was so from the start. */
  readonly count: number | null;
  readonly ago: number | null;
  /** "sysretq", "interrupt 32". */
  readonly by: string | null;
  readonly place: string | null;
  readonly source: SourceLine | null;
}

export interface WhyView {
  /** Name of the exception: "#GP". */
  readonly name: string;
  readonly vector: number;
  readonly errorCode: number | null;
  /** Retired instructions when it was raised, and exceptions and interrupts before it. */
  readonly at: number;
  readonly turn: number;
  readonly rip: bigint;
  readonly cpl: number;
  readonly check: string;
  readonly expected: string;
  readonly actual: string;
  readonly manual: string;
  /** Checks of the instruction, the delivery or the page walk, in order; the last one failed. */
  readonly checks: readonly CheckView[];
  /** Page-walk levels for a #PF, first level first. */
  readonly walk: readonly WalkLevel[] | null;
  readonly address: bigint | null;
  /** What was on its way to its handler when this was raised: "#PF", "interrupt 32". */
  readonly during: string | null;
  /** The descriptor, gate or field of the TSS that was looked at, and its part that failed the check. */
  readonly descriptor: SeenView | null;
  readonly field: string | null;
  readonly fixes: readonly FixView[];
}

export interface WalkLevel {
  /** "PML4E", "PDPTE", "PDE", "PTE". */
  readonly name: string;
  readonly index: number;
  /** Physical address of the entry. */
  readonly at: bigint;
  readonly entry: bigint;
  /** Name of the bit that refused ("U/S"), or null. */
  readonly refused: string | null;
  /** Where it can be changed: in memory, or for the four of PAE paging in the processor. */
  readonly target: Target;
  /** False for an entry that says nothing about rights: those four. */
  readonly hasRights: boolean;
}

export type RunState = 'booting' | 'running' | 'stopped' | 'halted' | 'off' | 'triple-fault';

export interface StopView {
  /** Sentence for people: "CPL 3 to 0, RIP now syscall_entry". */
  readonly text: string;
  readonly reason:
    | 'boot'
    | 'pause'
    | 'step'
    | 'micro-step'
    | 'ring-change'
    | 'breakpoint'
    | 'halted'
    | 'exit'
    | 'triple-fault';
}

/** Everything the page shows of a stopped machine; while it runs, only `state`, `instructions` and `cpl` go on changing. */
export interface MachineView {
  readonly state: RunState;
  readonly instructions: number;
  readonly stop: StopView;
  readonly registers: RegisterView;
  readonly gdt: TableWords;
  /** Symbol+offset for RIP and for each address-like register, by register name. */
  readonly symbols: Readonly<Record<string, string>>;
  /** Around RIP: some lines before, `codeIndex` is the one at RIP. */
  readonly code: readonly CodeLine[];
  readonly codeIndex: number;
  /** Linear address that the instruction at RIP reads or writes through its memory operand. */
  readonly operand: bigint | null;
  readonly source: SourceLine | null;
  readonly microcode: MicrocodeView | null;
  /** Exceptions of the last delivery chain, first cause first; empty when none since the last stop. */
  readonly why: readonly WhyView[];
  readonly exitCode: number | null;
}
