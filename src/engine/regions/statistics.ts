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
  /** Entries refused because a page of the region was mapped elsewhere. */
  mapped: number;
  /** Hot places that were not compiled: no 64-bit mode, an instruction that is a routine, code written to again and again. */
  refused: { mode: number; routine: number; rewritten: number };
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
  mapped: 0,
  refused: { mode: 0, routine: 0, rewritten: 0 },
});
