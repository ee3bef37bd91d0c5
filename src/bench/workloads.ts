/** What is measured: programs of the guests. */
import type { Peer } from './row.ts';

/** `bench`: the programs of guest/main.c. `kernel`: guest/pingpong.c as process 1 of the Emergence kernel. */
export type Guest = 'bench' | 'kernel';

export interface Workload {
  readonly name: string;
  readonly guest: Guest;
  /** Its letter in guest/main.c. */
  readonly program: string;
  /** Who can run it: v86 has no 64-bit mode, and a host no ring 0. */
  readonly peers: readonly Peer[];
  readonly unit: 'MIPS' | 'MB/s' | 'round trips/s' | 'switches/s';
  /** In the unit, times milliseconds, of one unit of work. Undefined: instructions of the 64-bit guest are counted. */
  readonly amount?: number;
}

const ALL: readonly Peer[] = ['v86-interpreter', 'v86', 'qemu', 'native'];
const LONG_MODE: readonly Peer[] = ['qemu', 'native'];
const RING_0: readonly Peer[] = ['qemu'];

export const WORKLOADS: readonly Workload[] = [
  { name: 'sieve', guest: 'bench', program: 's', peers: ALL, unit: 'MIPS' },
  { name: 'integer loop', guest: 'bench', program: 'i', peers: ALL, unit: 'MIPS' },
  { name: 'copy loop', guest: 'bench', program: 'c', peers: ALL, unit: 'MIPS' },
  { name: 'fib(32)', guest: 'bench', program: 'f', peers: ALL, unit: 'MIPS' },
  { name: 'bytecode interpreter', guest: 'bench', program: 'b', peers: ALL, unit: 'MIPS' },
  { name: 'quicksort', guest: 'bench', program: 'q', peers: ALL, unit: 'MIPS' },
  { name: 'SHA-256', guest: 'bench', program: 'h', peers: ALL, unit: 'MIPS' },
  { name: 'n-body', guest: 'bench', program: 'n', peers: ALL, unit: 'MIPS' },
  { name: 'SSE2 memcpy', guest: 'bench', program: 'v', peers: ALL, unit: 'MB/s', amount: 2 ** 20 / 1000 },
  { name: 'rep movsb 64 MB', guest: 'bench', program: 'r', peers: ALL, unit: 'MB/s', amount: 2 ** 26 / 1000 },
  { name: '64-bit multiply-mod', guest: 'bench', program: 'm', peers: LONG_MODE, unit: 'MIPS' },
  { name: 'SYSCALL+SYSRET', guest: 'bench', program: 'y', peers: RING_0, unit: 'round trips/s', amount: 1e5 * 1000 },
  {
    name: 'context-switch ping-pong',
    guest: 'kernel',
    program: 'p',
    peers: RING_0,
    unit: 'switches/s',
    amount: 2000 * 1000,
  },
];
