/** Breakpoints by line, as addresses of the machine. */
import { type ProgramsState, toggled, usePrograms } from './programs.ts';
import { type CodeByLine, useSources } from './sources.ts';

/** The address a breakpoint on a line stands for: that line's code, or the next line's that has some. */
export function addressAt(lines: Iterable<readonly [number, bigint]>, wanted: number): bigint | null {
  let best: readonly [number, bigint] | null = null;
  for (const entry of lines) {
    if (entry[0] >= wanted && (best === null || entry[0] < best[0])) best = entry;
  }
  return best?.[1] ?? null;
}

/** Addresses of all breakpoints whose code is known. Of user programs, which all lie at one address, the running one's. */
export function breakpointAddresses(
  { breakpoints, builds, running }: Pick<ProgramsState, 'breakpoints' | 'builds' | 'running'>,
  code: CodeByLine,
): readonly bigint[] {
  const addresses = new Set<bigint>();
  for (const [file, lines] of Object.entries(breakpoints)) {
    if (file.startsWith('user/') && file !== running) continue;
    const made = builds[file]?.lines.filter(({ bytes }) => bytes.length > 0);
    const known: (readonly [number, bigint])[] =
      made?.map(({ line, address }) => [line, address] as const) ??
      Array.from(code[file] ?? [], ([line, { address }]) => [line, address] as const);
    for (const line of lines) {
      // Of a kernel file only the visited lines are known: a line between them has no address yet.
      const address = made === undefined ? known.find(([l]) => l === line)?.[1] : addressAt(known, line);
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

/** Keeps the machine's breakpoints equal to the page's. Returns how to stop. */
export function followBreakpoints(send: (addresses: readonly bigint[]) => void): () => void {
  let sent = '';
  const apply = () => {
    const addresses = breakpointAddresses(usePrograms.getState(), useSources.getState().code);
    const text = addresses.join();
    if (text === sent) return;
    sent = text;
    send(addresses);
  };
  apply();
  const stops = [usePrograms.subscribe(apply), useSources.subscribe(apply)];
  return () => {
    for (const stop of stops) stop();
  };
}
