/** Every wanted workload against every wanted peer, in one run. Knows no host. */
import type { Contestant } from './contestant.ts';
import { type Effort, type Match, measure } from './measure.ts';
import type { Host, Peer, Row } from './row.ts';
import { type Guest, type Workload, WORKLOADS } from './workloads.ts';

/** How a host gets its contestants up. A peer that it has not is not compared with. */
export interface Makers {
  /** Our machine, with or without the compiler of regions. */
  readonly ours: (guest: Guest, regions: boolean) => Contestant;
  readonly peers: Partial<Record<Peer, (guest: Guest) => Promise<Contestant>>>;
}

export interface Wanted {
  readonly host: Host;
  readonly workloads: readonly string[];
  readonly peers: readonly Peer[];
  readonly effort: Effort;
}

/** Interpreter against interpreter, compiler against compiler. */
const withRegions = (peer: Peer | null): boolean => peer !== 'v86-interpreter';

export async function compare(wanted: Wanted, makers: Makers, progress: (text: string) => void): Promise<Row[]> {
  const workloads = WORKLOADS.filter(({ name }) => wanted.workloads.includes(name));
  const rows: Row[] = [];
  for (const guest of ['bench', 'kernel'] as const) {
    const here = workloads.filter((workload) => workload.guest === guest);
    if (here.length > 0) rows.push(...(await compareIn(guest, here, wanted, makers, progress)));
  }
  return rows;
}

async function compareIn(
  guest: Guest,
  workloads: readonly Workload[],
  { host, peers, effort }: Wanted,
  makers: Makers,
  progress: (text: string) => void,
): Promise<Row[]> {
  const own = new Map<boolean, Contestant>();
  const ours = (regions: boolean): Contestant => {
    const machine = own.get(regions) ?? makers.ours(guest, regions);
    own.set(regions, machine);
    return machine;
  };
  const others = new Map<Peer, Contestant>();
  const rows: Row[] = [];
  try {
    for (const peer of peers) {
      const make = makers.peers[peer];
      if (make !== undefined && workloads.some((w) => w.peers.includes(peer))) others.set(peer, await make(guest));
    }
    for (const workload of workloads) {
      progress(workload.name);
      const matches = [...others]
        .filter(([peer]) => workload.peers.includes(peer))
        .map(([peer, theirs]): Match => ({ peer, theirs, ours: ours(withRegions(peer)) }));
      if (matches.length === 0) matches.push({ peer: null, theirs: null, ours: ours(true) });
      rows.push(...(await measure(host, workload, matches, effort)));
    }
  } finally {
    for (const other of others.values()) await other.close();
  }
  return rows;
}
