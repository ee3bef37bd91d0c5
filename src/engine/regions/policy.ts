/** Whether hot code is compiled: as it turns out to be hot, not at all, or after so many samples (1: all of it, at once). */
export type RegionPolicy = 'on' | 'off' | number;

/** What engines do that were not told otherwise. Tests set it, to run in every way. */
export const regionDefaults: { policy: RegionPolicy } = { policy: 'on' };

export function parseRegionPolicy(text: string): RegionPolicy | undefined {
  if (text === 'on' || text === 'off') return text;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
