/** Runs a workload by turns in every emulator and makes rows of it. */
import type { Contestant } from './contestant.ts';
import type { Round } from './conversation.ts';
import { median, type Peer, type Row } from './row.ts';
import type { Workload } from './workloads.ts';

export interface Field {
  readonly ours: Contestant;
  readonly peers: ReadonlyMap<Peer, Contestant>;
}

/** How long the slowest emulator's turn is to take, and how many turns each gets. */
export interface Effort {
  readonly turnMs: number;
  readonly turns: number;
}

/** Rows of one workload, one for each peer; medians over the turns. Throws when the emulators' results differ. */
export async function measure(workload: Workload, field: Field, effort: Effort): Promise<Row[]> {
  const peers = workload.peers ? [...field.peers] : [];
  const all = [field.ours, ...peers.map(([, contestant]) => contestant)];
  const units = await unitsFor(workload, all, effort.turnMs);
  const rounds = all.map((): Round[] => []);
  // The first turn warms up: the host compiles for speed, and so does v86.
  for (let turn = 0; turn <= effort.turns; turn++) {
    for (const [i, contestant] of all.entries()) {
      const round = await contestant.round(workload.program, units);
      if (turn > 0) rounds[i]?.push(round);
    }
  }
  const results = new Set(rounds.flat().map((round) => round.checksum));
  if (results.size !== 1) throw new Error(`${workload.name}: results differ: ${[...results].join(', ')}`);

  const [ownRounds = [], ...peerRounds] = rounds;
  const time = (list: readonly Round[]): number => median(list.map((round) => round.ms));
  // The same work is the same amount for everyone: millions of our guest's instructions, where nothing else is said.
  const work = (workload.amount ?? 0) * units || (ownRounds[0]?.instructions ?? 0) / 1000;
  const ours = work / time(ownRounds);
  const base = { name: workload.name, unit: workload.unit, ours };
  if (peers.length === 0) return [{ ...base, peer: null, theirs: null, ratio: null }];
  return peers.map(([peer], i) => {
    const theirs = work / time(peerRounds[i] ?? []);
    return { ...base, peer, theirs, ratio: ours / theirs };
  });
}

/** Units of work that take the slowest about `turnMs`. */
async function unitsFor({ program }: Workload, all: readonly Contestant[], turnMs: number): Promise<number> {
  let units = 1;
  for (;;) {
    let slowest = 0;
    for (const contestant of all) slowest = Math.max(slowest, (await contestant.round(program, units)).ms);
    if (slowest >= turnMs / 4) return Math.max(1, Math.round((units * turnMs) / slowest));
    units = Math.ceil(units * Math.min(10, turnMs / 3 / Math.max(slowest, 0.01)));
  }
}
