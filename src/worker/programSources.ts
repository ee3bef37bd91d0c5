/** What programs were assembled from, for links to carry. A source is forgotten with its executable. */
import type { ModuleFile } from './protocol.ts';

export const programSources = new WeakMap<Uint8Array, string>();

export function noteSources(programs: readonly ModuleFile[]): void {
  for (const { bytes, text } of programs) if (text !== undefined) programSources.set(bytes, text);
}
