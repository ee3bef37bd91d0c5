/** Exceptions as data: what was raised, and which check with which values raised it. */

/** Numbers, names and error codes of the exceptions (SDM vol. 3A, table 6-1). */
export const Vector = {
  DE: 0,
  DB: 1,
  NMI: 2,
  BP: 3,
  OF: 4,
  BR: 5,
  UD: 6,
  NM: 7,
  DF: 8,
  TS: 10,
  NP: 11,
  SS: 12,
  GP: 13,
  PF: 14,
  MF: 16,
  AC: 17,
  MC: 18,
  XM: 19,
} as const;

const NAMES = new Map<number, string>(
  Object.entries(Vector).map(([name, n]) => [n, name === 'NMI' ? name : `#${name}`]),
);
export const vectorName = (vector: number): string => NAMES.get(vector) ?? `vector ${vector}`;

/** One entry met on a page walk. */
export interface WalkStep {
  /** "PML4E", "PDPTE", "PDE" or "PTE". */
  readonly name: string;
  readonly index: number;
  /** Physical address of the entry. */
  readonly at: bigint;
  readonly entry: bigint;
  /** Field that refused the access, by its name in src/registers, or null. */
  readonly refused: string | null;
}

/** What the failed check looked at. */
export type Where =
  | { readonly kind: 'walk'; readonly linear: bigint; readonly steps: readonly WalkStep[] }
  | {
      readonly kind: 'descriptor';
      readonly selector: number;
      /** Raw descriptor, 8 or 16 bytes; null when it lies outside its table. */
      readonly descriptor: bigint | null;
      /** Field at fault, by its name in src/registers. */
      readonly field: string;
      /** Of an entry of the IDT: how many bytes an entry has there. Its number times 8 is the selector. */
      readonly gateBytes?: 8 | 16;
    }
  | {
      readonly kind: 'register';
      readonly name: string;
      readonly value: bigint;
      /** Single bit at fault, by its name in src/registers: its other value would have passed. */
      readonly field?: string;
      /** The least value that would have passed. */
      readonly least?: bigint;
    }
  /** A field of a structure in memory: "RSP0" of "the TSS". */
  | {
      readonly kind: 'structure';
      readonly name: string;
      readonly of: string;
      readonly linear: bigint;
      /** 2, 4 or 8. */
      readonly bytes: number;
      readonly value: bigint;
    }
  | { readonly kind: 'address'; readonly linear: bigint }
  | { readonly kind: 'instruction' };

export interface Why {
  readonly check: string;
  readonly expected: string;
  readonly actual: string;
  readonly manual: string;
  readonly where: Where;
}

/** An exception on its way to delivery. Thrown by routines, or left pending by the slow path of an access. */
export class Fault {
  readonly vector: number;
  /** Null for vectors that push none. */
  readonly errorCode: number | null;
  readonly why: Why;
  /** For #PF: the linear address that CR2 takes. */
  readonly linear: bigint | null;
  /** Traps are raised after the instruction: RIP is already the next one. */
  readonly trap: boolean;
  /** Checks of the same instruction or delivery that held before this one failed, in order. */
  passed: readonly string[] = [];
  /** What was on its way to its handler when this was raised: "#PF", "interrupt 32". */
  during: string | null = null;

  constructor(vector: number, errorCode: number | null, why: Why, options: { linear?: bigint; trap?: boolean } = {}) {
    this.vector = vector;
    this.errorCode = errorCode;
    this.why = why;
    this.linear = options.linear ?? null;
    this.trap = options.trap ?? false;
  }

  get name(): string {
    return vectorName(this.vector);
  }
}

/** Checks made one after the other, where they are no micro-steps. */
export class Checks {
  private readonly held: string[] = [];

  /** Throws `fault` when a check does not hold. */
  require(label: string, holds: boolean, fault: () => Fault): void {
    if (!holds) throw fault();
    this.note(label);
  }
  /** A check that held. */
  note(label: string): void {
    this.held.push(label);
  }

  /** Runs `work`; a Fault that it throws knows which of the checks had held before. */
  noting<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (e) {
      if (e instanceof Fault) e.passed = [...this.held];
      throw e;
    }
  }
}

export const hex = (v: bigint | number): string => `${v.toString(16).toUpperCase()}h`;

const INSTRUCTION: Where = { kind: 'instruction' };

/** #UD with the check that failed. */
export const undefinedOpcode = (
  check: string,
  expected: string,
  actual: string,
  manual: string,
  where: Where = INSTRUCTION,
): Fault => new Fault(Vector.UD, null, { check, expected, actual, manual, where });

/** #GP with an error code; `where` says what was looked at. */
export const generalProtection = (
  errorCode: number,
  check: string,
  expected: string,
  actual: string,
  manual: string,
  where: Where = INSTRUCTION,
): Fault => new Fault(Vector.GP, errorCode, { check, expected, actual, manual, where });
