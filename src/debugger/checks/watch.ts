/** What a clause looks at while the history is run again. */
import type { Fault } from '../../cpu/fault.ts';
import type { TraceItem } from '../history/trace.ts';
import type { Verdict } from './verdict.ts';

/** A system call from ring 3 that has come back to the instruction behind its SYSCALL. */
export interface Call {
  /** Instruction count of the SYSCALL. */
  readonly at: number;
  /** RAX at the SYSCALL. */
  readonly number: bigint;
  /** What each watch noted at the SYSCALL, by its place in the list of watches. */
  readonly notes: ReadonlyMap<Watch, unknown>;
}

export interface Watch {
  /** Before a SYSCALL runs; what it returns is given back in `returned`. Undefined: this call does not matter. */
  syscall?(number: bigint, at: number): unknown;
  /** In ring 3 again, behind the SYSCALL, with what `syscall` noted. */
  returned?(noted: unknown, call: Call): void;
  exception?(
    fault: Pick<Fault, 'name' | 'vector' | 'errorCode' | 'linear'>,
    place: { readonly rip: bigint; readonly cpl: number; readonly at: number },
  ): void;
  crossing?(item: TraceItem): void;
  /** After every instruction that is a routine, every exception and every interrupt. */
  routine?(at: number): void;
  /** Linear address of a page whose writes it wants to hear of, and the hearing. */
  readonly page?: bigint;
  written?(place: { readonly rip: bigint; readonly cpl: number; readonly at: number }): void;
  /** Address of an instruction before which it wants to look. */
  readonly place?: bigint;
  arrived?(cpl: number, at: number): void;
  /** Asked at the end of the history. */
  verdict(): Verdict;
}
