/** Runs a workload by turns in every emulator and makes rows of it. */
import type { Contestant } from './contestant.ts';
import { type Host, median, type Peer, type Row } from './row.ts';
import type { Workload } from './workloads.ts';

/** A peer and the machine of ours that it is compared with. */
export interface Match {
  readonly peer: Peer | null;
  readonly ours: Contestant;
  readonly theirs: Contestant | null;
}

/** How long everybody's turn is to take, and how many turns each gets. */
export interface Effort {
  readonly turnMs: number;
  readonly turns: number;
}

/** Units of work that take a contestant about a turn, and milliseconds for one unit in each turn. */
interface Score {
  readonly units: number;
  readonly msPerUnit: number[];
  instructionsPerUnit: number;
}

/** A row for each match; medians over the turns. Throws when the contestants' results differ. */
export async function measure(
  host: Host,
  workload: Workload,
  matches: readonly Match[],
  effort: Effort,
): Promise<Row[]> {
  const scores = new Map<Contestant, Score>();
  const all = [...new Set(matches.flatMap(({ ours, theirs }) => (theirs === null ? [ours] : [ours, theirs])))];
  await compareResults(workload, all);
  for (const contestant of all) {
    const units = await unitsFor(workload, contestant, effort.turnMs);
    scores.set(contestant, { units, msPerUnit: [], instructionsPerUnit: 0 });
  }
  // The first turn warms up: the host compiles for speed, and so do the emulators.
  for (let turn = 0; turn <= effort.turns; turn++) {
    for (const [contestant, score] of scores) {
      const round = await contestant.round(workload.program, score.units);
      if (turn === 0) score.instructionsPerUnit = round.instructions / score.units;
      else score.msPerUnit.push(round.ms / score.units);
    }
  }
  return matches.map(({ peer, ours, theirs }) =>
    rowOf(host, workload, peer, scores.get(ours), theirs === null ? undefined : scores.get(theirs)),
  );
}

function rowOf(host: Host, workload: Workload, peer: Peer | null, own?: Score, other?: Score): Row {
  const { name, unit } = workload;
  // The same work is the same amount for everyone: millions of our guest's instructions, where nothing else is said.
  const work = workload.amount ?? (own?.instructionsPerUnit ?? 0) / 1000;
  const ours = work / median(own?.msPerUnit ?? []);
  if (peer === null || other === undefined) return { name, host, peer: null, ours, theirs: null, unit, ratio: null };
  const theirs = work / median(other.msPerUnit);
  return { name, host, peer, ours, theirs, unit, ratio: ours / theirs };
}

async function compareResults({ name, program }: Workload, all: readonly Contestant[]): Promise<void> {
  const results = new Set<string>();
  for (const contestant of all) {
    results.add((await contestant.round(program, 2)).checksum);
  }
  if (results.size !== 1) throw new Error(`${name}: results differ: ${[...results].join(', ')}`);
}

async function unitsFor({ program }: Workload, contestant: Contestant, turnMs: number): Promise<number> {
  for (let units = 1; ; ) {
    const { ms } = await contestant.round(program, units);
    if (ms >= turnMs / 4) return Math.max(1, Math.round((units * turnMs) / ms));
    units = Math.ceil(units * Math.min(10, turnMs / 3 / Math.max(ms, 0.01)));
  }
}
