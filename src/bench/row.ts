export const HOSTS = ['node', 'chromium'] as const;
export type Host = (typeof HOSTS)[number];

export const PEERS = ['v86-interpreter', 'v86', 'qemu', 'native'] as const;
export type Peer = (typeof PEERS)[number];

/** One line of the result. */
export interface Row {
  readonly name: string;
  /** Where we and, but for QEMU and native programs, our peer ran. */
  readonly host: Host;
  readonly peer: Peer | null;
  readonly ours: number;
  readonly theirs: number | null;
  readonly unit: string;
  /** Their time over our time for the same work: above 1 we are faster. */
  readonly ratio: number | null;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Of the ratios with each peer, in order of first appearance. Boots, the rows in ms, are another matter. */
export function geometricMeans(rows: readonly Row[]): ReadonlyMap<Peer, number> {
  const logs = new Map<Peer, number[]>();
  for (const { peer, ratio, unit } of rows) {
    if (peer === null || ratio === null || unit === 'ms') continue;
    const list = logs.get(peer) ?? [];
    list.push(Math.log(ratio));
    logs.set(peer, list);
  }
  return new Map([...logs].map(([peer, list]) => [peer, Math.exp(list.reduce((a, b) => a + b, 0) / list.length)]));
}

const COLUMNS = [
  ['name', 38],
  ['host', 10],
  ['peer', 16],
  ['ours', 12],
  ['theirs', 12],
  ['unit', 15],
  ['ratio', 7],
] as const;

function shown(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** The rows as a table, with the geometric means and the slowest row against each peer. */
export function table(rows: readonly Row[]): string {
  const lines = [COLUMNS.map(([title, width]) => title.padEnd(width)).join('')];
  for (const row of rows) lines.push(COLUMNS.map(([key, width]) => shown(row[key]).padEnd(width)).join(''));
  for (const [peer, mean] of geometricMeans(rows)) {
    const worst = rows
      .filter((row) => row.peer === peer && row.unit !== 'ms')
      .reduce((a, b) => ((b.ratio ?? 0) < (a.ratio ?? 0) ? b : a));
    lines.push(`geometric mean with ${peer}: ${mean.toFixed(2)}; least: ${worst.ratio?.toFixed(2)}, ${worst.name}`);
  }
  const scaled = scaledCrossings(rows);
  if (scaled !== undefined) {
    lines.push(`SYSCALL+SYSRET where v86 makes ${V86_MIPS} MIPS of the integer loop: ${shown(scaled)} round trips/s`);
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

const V86_MIPS = 700;

/** Round trips per second, scaled to a computer on which v86 makes so many MIPS of the integer loop. */
export function scaledCrossings(rows: readonly Row[]): number | undefined {
  const crossings = rows.find(({ name }) => name === 'SYSCALL+SYSRET')?.ours;
  const mips = rows.find(({ name, peer }) => name === 'integer loop' && peer === 'v86')?.theirs;
  return crossings !== undefined && mips ? (crossings * V86_MIPS) / mips : undefined;
}
