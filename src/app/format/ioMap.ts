/** The I/O permission bitmap of a TSS, for people: which ports it lets pass (SDM vol. 1, 18.5.2). */
import type { TaskStateKind } from '../../registers/taskState.ts';
import { hex } from './hex.ts';

/** A 16-bit machine has so many ports. */
const PORTS = 0x10000;
/** Bytes of a bitmap for all of them, and the one of ones behind it. */
export const IO_MAP_BYTES = PORTS / 8 + 1;

export interface IoMap {
  readonly kind: TaskStateKind;
  /** Offset of the bitmap in the TSS. */
  readonly base: number;
  /** TR.limit. */
  readonly limit: number;
  /** From the bitmap's first byte on; null where no page is mapped. */
  readonly bytes: readonly (number | null)[];
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Ports whose bit is 0. The processor reads two bytes at once: a port counts when the byte behind its own is inside, too. */
export function allowedPorts({ kind, base, limit, bytes }: IoMap): readonly PortRange[] {
  if (kind === '16-bit') return [];
  const ranges: { first: number; last: number }[] = [];
  for (let port = 0; port < PORTS && base + (port >> 3) + 1 <= limit; port++) {
    const byte = bytes[port >> 3];
    if (byte === undefined) break;
    if (byte === null || (byte & (1 << (port & 7))) !== 0) continue;
    const before = ranges.at(-1);
    if (before !== undefined && before.last === port - 1) before.last = port;
    else ranges.push({ first: port, last: port });
  }
  return ranges;
}

const MOST_RANGES = 24;

const rangeText = ({ first, last }: PortRange): string =>
  first === last ? hex(first, 2) : `${hex(first, 2)} to ${hex(last, 2)}`;

/** What decides about IN and OUT where CPL is above IOPL, in a sentence. */
export function ioMapText(map: IoMap): string {
  const { kind, base, limit } = map;
  if (kind === '16-bit') return 'A 16-bit TSS has no I/O permission bitmap.';
  if (base + 1 > limit) {
    return `There is no I/O permission bitmap: its base ${hex(base)}h lies at or past TR.limit ${hex(limit)}h.`;
  }
  const ranges = allowedPorts(map);
  if (ranges.length === 0) return 'The I/O permission bitmap allows no port.';
  const shown = ranges.slice(0, MOST_RANGES).map(rangeText).join(', ');
  const more = ranges.length > MOST_RANGES ? `, and ${ranges.length - MOST_RANGES} more ranges` : '';
  return `The I/O permission bitmap allows ports ${shown}${more}.`;
}

/** Who is held to the bitmap now. */
export function ioplText(cpl: number, rflags: bigint): string {
  const iopl = Number((rflags >> 12n) & 3n);
  return cpl <= iopl
    ? `CPL ${cpl} is not above IOPL ${iopl}: every port is open now.`
    : `CPL ${cpl} is above IOPL ${iopl}: now this decides.`;
}
