/** What is measured: programs of the guest (guest/programs.c). */
export interface Workload {
  readonly name: string;
  /** Its letter in guest/main.c. */
  readonly program: string;
  /** False where the 32-bit guest has no such program. */
  readonly peers: boolean;
  readonly unit: 'MIPS' | 'MB/s' | 'round trips/s';
  /** In the unit, times milliseconds, of one unit of work. Undefined: instructions of the 64-bit guest are counted. */
  readonly amount?: number;
}

export const WORKLOADS: readonly Workload[] = [
  { name: 'sieve', program: 's', peers: true, unit: 'MIPS' },
  { name: 'integer loop', program: 'i', peers: true, unit: 'MIPS' },
  { name: 'copy loop', program: 'c', peers: true, unit: 'MIPS' },
  { name: 'fib(32)', program: 'f', peers: true, unit: 'MIPS' },
  { name: 'rep movsb 64 MB', program: 'r', peers: true, unit: 'MB/s', amount: 64_000 },
  { name: 'SYSCALL+SYSRET', program: 'y', peers: false, unit: 'round trips/s', amount: 100_000_000 },
];
