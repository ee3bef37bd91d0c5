/** One piece of compiled code. */
export interface RegionView {
  /** Where it begins, as it was mapped when it was compiled. */
  readonly rip: bigint;
  readonly instructions: number;
  readonly pages: number;
}
export type RefusalReason = keyof RegionStatistics['refused'];

/** What an engine has done since it was made, going back and repeated runs included. */
export interface EngineView {
  /** Whether it compiles hot code. */
  readonly compiles: boolean;
  /** Instructions run, and how many of them in compiled code. */
  readonly run: number;
  readonly compiled: number;
  readonly regions: readonly RegionView[];
  /** Bytes of WebAssembly kept, and at most. */
  readonly bytes: number;
  readonly mostBytes: number;
  readonly statistics: RegionStatistics;
  /** Hot places that stay with the interpreter, newest last. */
  readonly refused: readonly { readonly rip: bigint; readonly why: RefusalReason }[];
}

/** What regions did, as plain data. Sums count from the engine's start. */
export interface RegionStatistics {
  /** Regions compiled, their instructions, bytes of WebAssembly and modules. */
  compiled: number;
  instructions: number;
  bytes: number;
  modules: number;
  samples: number;
  /** Times compiling waited because it had taken its share. */
  postponed: number;
  /** Regions forgotten because their code was written to; because newer ones needed the room. */
  rewritten: number;
  evicted: number;
  /** Regions made anew because a jump in them went somewhere new. */
  extended: number;
  /** Regions made anew because they met floats that they did not expect. */
  unusual: number;
  /** Entries refused because a page of the region was mapped elsewhere. */
  mapped: number;
  /**
   * Hot places that were not compiled: no 64-bit mode, an instruction that is a routine, code written to again and again,
   * a few instructions without a loop.
   */
  refused: { mode: number; routine: number; rewritten: number; short: number };
}

export const emptyStatistics = (): RegionStatistics => ({
  compiled: 0,
  instructions: 0,
  bytes: 0,
  modules: 0,
  samples: 0,
  postponed: 0,
  rewritten: 0,
  evicted: 0,
  extended: 0,
  unusual: 0,
  mapped: 0,
  refused: { mode: 0, routine: 0, rewritten: 0, short: 0 },
});
