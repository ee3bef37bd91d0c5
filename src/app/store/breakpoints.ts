/** Breakpoints by line, as addresses of the machine. */
import { create } from 'zustand';
import type { SourceLine } from '../../worker/protocol.ts';
import { isProgram, type ProgramsState, toggled, usePrograms } from './programs.ts';
import { noteLine, type SourceState, useSources } from './sources.ts';

/** The address a breakpoint on a line stands for: that line's code, or the next line's that has some. */
export function addressAt(lines: Iterable<readonly [number, bigint]>, wanted: number): bigint | null {
  let best: readonly [number, bigint] | null = null;
  for (const entry of lines) {
    if (entry[0] >= wanted && (best === null || entry[0] < best[0])) best = entry;
  }
  return best?.[1] ?? null;
}

/**
 * Addresses of all breakpoints whose code is known. Of user programs, which all lie at one address, the running one's. Of
 * the kernel's files the machine has told all of `lines`, of others the places it has been at, `code`.
 */
export function breakpointAddresses(
  { breakpoints, builds, running }: Pick<ProgramsState, 'breakpoints' | 'builds' | 'running'>,
  { code, lines: whole }: Pick<SourceState, 'code' | 'lines'>,
): readonly bigint[] {
  const addresses = new Set<bigint>();
  for (const [file, lines] of Object.entries(breakpoints)) {
    if (file.startsWith('user/') && file !== running) continue;
    const made = isProgram(file) ? builds[file]?.lines.filter(({ bytes }) => bytes.length > 0) : undefined;
    const known: (readonly [number, bigint])[] =
      made?.map(({ line, address }) => [line, address] as const) ??
      Array.from(whole[file] ?? code[file] ?? [], ([line, { address }]) => [line, address] as const);
    const isWhole = made !== undefined || whole[file] !== undefined;
    for (const line of lines) {
      // Where only visited lines are known, a line between them has no address yet.
      const address = isWhole ? addressAt(known, line) : known.find(([l]) => l === line)?.[1];
      if (address !== undefined && address !== null) addresses.add(address);
    }
  }
  return [...addresses];
}

export function toggleBreakpoint(file: string, line: number): void {
  usePrograms.setState(({ breakpoints }) => {
    const lines = toggled(breakpoints[file] ?? [], line);
    const { [file]: _, ...others } = breakpoints;
    return { breakpoints: lines.length === 0 ? others : { ...others, [file]: lines } };
  });
}

/** Breakpoints at addresses that no known line has: from links, and from scripts. */
export const useLooseBreakpoints = create<{ readonly addresses: readonly bigint[] }>()(() => ({ addresses: [] }));

/** Sets breakpoints by address: on their lines as far as those are known. `lines` has the kernel's. */
export function placeBreakpoints(addresses: readonly bigint[], lines: readonly (SourceLine | null)[]): void {
  const { builds, running } = usePrograms.getState();
  const placed: Record<string, number[]> = {};
  const loose = addresses.filter((address, n) => {
    const made = builds[running]?.lines.find((line) => line.address === address && line.bytes.length > 0);
    const place = made === undefined ? lines[n] : { file: running, line: made.line };
    if (place === null || place === undefined) return true;
    placed[place.file] = toggled(
      (placed[place.file] ?? []).filter((l) => l !== place.line),
      place.line,
    ) as number[];
    if (made === undefined) noteLine(place, address);
    return false;
  });
  useLooseBreakpoints.setState({ addresses: loose });
  usePrograms.setState({ breakpoints: placed });
}

/** Keeps the machine's breakpoints equal to the page's. Returns how to stop. */
export function followBreakpoints(send: (addresses: readonly bigint[]) => void): () => void {
  let sent = '';
  const apply = () => {
    const byLine = breakpointAddresses(usePrograms.getState(), useSources.getState());
    const addresses = [...new Set([...byLine, ...useLooseBreakpoints.getState().addresses])];
    const text = addresses.join();
    if (text === sent) return;
    sent = text;
    send(addresses);
  };
  apply();
  const stops = [usePrograms.subscribe(apply), useSources.subscribe(apply), useLooseBreakpoints.subscribe(apply)];
  return () => {
    for (const stop of stops) stop();
  };
}
