/** What a guest notes at the end of a case: 64 quadwords, in the order guest/long.S writes them. */

export const RECORD_BYTES = 512;

/** Fields by name; their quadword is their place in this list. */
export const FIELDS = [
  'vector',
  'error',
  'rip',
  'cs',
  'rflags',
  'rsp',
  'ss',
  'handlerCs',
  'handlerSs',
  'handlerRsp',
  'handlerFlags',
  'cr2',
  'cr0',
  'cr4',
  'dr6',
  'dr7',
  'ds',
  'es',
  'fs',
  'gs',
  'ldtr',
  'tr',
  'efer',
  'star',
  'lstar',
  'cstar',
  'fmask',
  'fsBase',
  'gsBase',
  'kernelGsBase',
  'sysenterCs',
  'sysenterEsp',
  'sysenterEip',
  'rax',
  'rcx',
  'rdx',
  'rbx',
  'unused',
  'rbp',
  'rsi',
  'rdi',
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const;
export type Field = (typeof FIELDS)[number];

export const FIRST_WATCH = FIELDS.length;
export const MAX_WATCHES = RECORD_BYTES / 8 - FIRST_WATCH;
/** Of `error`: the handler found no error code on its stack. */
export const NO_ERROR = 0xffffffffffffffffn;

const INDEX = new Map<string, number>(FIELDS.map((name, i) => [name, i]));
const indexOf = (field: Field): number => {
  const index = INDEX.get(field);
  if (index === undefined) throw new Error(`no field ${field}`);
  return index;
};

/** One record. Quadwords behind the watched places are 0 or left over. */
export class Outcome {
  readonly words: BigUint64Array;

  constructor(words: BigUint64Array) {
    this.words = words;
  }
  /** The record at an offset of a guest's RAM. */
  static read(ram: Uint8Array, at: number): Outcome {
    return new Outcome(new BigUint64Array(Uint8Array.from(ram.subarray(at, at + RECORD_BYTES)).buffer));
  }
  copy(): Outcome {
    return new Outcome(this.words.slice());
  }
  replace(other: Outcome): void {
    this.words.set(other.words);
  }
  equals(other: Outcome): boolean {
    return this.words.every((word, i) => word === other.words[i]);
  }

  get(field: Field): bigint {
    return this.words[indexOf(field)] ?? 0n;
  }

  set(field: Field, value: bigint): void {
    this.words[indexOf(field)] = value;
  }
  setWord(n: number, value: bigint): void {
    this.words[n] = value;
  }

  /** Content of the n-th watched place after the case. */
  watch(n: number): bigint {
    return this.words[FIRST_WATCH + n] ?? 0n;
  }
}

/** A machine that shut down in the middle of a case left no record. */
export type Ending = Outcome | 'triple fault';
