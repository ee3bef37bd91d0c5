import { fileURLToPath } from 'node:url';
import type { Tool } from '../../testing/tools.ts';
import { readSymbols } from './symbols.ts';

/** The built kernel and user programs. */
export const BUILT = fileURLToPath(new URL('../../../public/kernel/', import.meta.url));

/** One boot, on a busy computer. */
export const TIME_LIMIT_MS = 60_000;

export interface Boot {
  /** The kernel's command line. */
  readonly append?: string;
  /** User programs, each a name and its arguments, in order; the first becomes process 1. */
  readonly programs?: readonly string[];
  /** What is typed on COM1, all at once at the start. */
  readonly input?: string;
  /** Our machine's CPU; default intel. */
  readonly vendor?: 'intel' | 'amd';
  /** QEMU's `-cpu`; default max, which has SMEP and SMAP as our machine does. */
  readonly qemuCpu?: string;
  /** In MiB; default 128. */
  readonly memory?: number;
}

/**
 * One exception that was raised. `at` is absent if its delivery never began, because it came up while another was
 * being delivered and made a double fault or a triple fault of that.
 */
export interface Raised {
  readonly vector: number;
  readonly at?: { readonly errorCode: number; readonly cpl: number; readonly cs: number; readonly rip: bigint };
}

export interface Run {
  /** What the guest printed on COM1. */
  readonly log: string;
  /** In order. */
  readonly exceptions: readonly Raised[];
  readonly tripleFault: boolean;
}

/** Something that boots the built kernel and runs it until it switches off or triple-faults. */
export interface Host {
  readonly name: string;
  readonly tools: readonly Tool[];
  readonly boot: (boot: Boot) => Promise<Run>;
}

/** The log without the kernel's own first lines and without register dumps, whose addresses differ between hosts. */
export function programText(log: string): string {
  const lines = log.split('\n');
  const start = lines.findIndex((line) => line.startsWith('[user] pid 1 ')) + 1;
  return lines
    .slice(start)
    .filter((line) => !/^\[trap\]|^ {2}(CPL|R[A-Z0-9]+ ) ?[0-9a-f]/.test(line))
    .join('\n');
}

const NAMES = new Map([
  [1, '#DB'],
  [6, '#UD'],
  [8, '#DF'],
  [12, '#SS'],
  [13, '#GP'],
  [14, '#PF'],
]);

/** Exceptions as a person would say them: "#PF(15) cpl 3 23:_start+0", or only "#SS" where the delivery never began. */
export async function describeChain(run: Run, program: string): Promise<string[]> {
  const kernel = await readSymbols(`${BUILT}emergence.elf`);
  const user = await readSymbols(`${BUILT}${program}.elf`);
  return run.exceptions.map(({ vector, at }) => {
    const name = NAMES.get(vector) ?? `vector ${vector}`;
    if (!at) return name;
    const where = at.rip >= 0xffffffff80000000n ? kernel(at.rip) : user(at.rip);
    return `${name}(${at.errorCode.toString(16)}) cpl ${at.cpl} ${at.cs.toString(16)}:${where}`;
  });
}
