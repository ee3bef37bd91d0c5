/** Every row's name, by host, and the choice among them. */
import { PAST_ROWS, RECORDING_ROWS } from './history.ts';
import { type Host, PEERS, type Peer } from './row.ts';
import { WORKLOADS } from './workloads.ts';

export const SHELL_ROW = 'kernel boot to shell';
export const BOOT_AGAIN_ROW = 'boot again';
export const BOOT_NEW_ROW: Readonly<Record<Host, string>> = {
  node: 'boot, new process',
  chromium: 'boot, new worker',
};

export function rowNames(host: Host): readonly string[] {
  const speeds = WORKLOADS.map(({ name }) => name);
  const boots = [SHELL_ROW, BOOT_NEW_ROW[host], BOOT_AGAIN_ROW];
  return host === 'node' ? [...speeds, ...boots, ...RECORDING_ROWS, ...PAST_ROWS] : [...speeds, ...boots];
}

export const peersOf = (host: Host): readonly Peer[] =>
  host === 'node' ? PEERS : PEERS.filter((peer) => peer.startsWith('v86'));

/**
 * The names that a list separated by commas asks for: those that contain one of its words, capitals or not. A word that
 * is somebody's whole name asks for that one only. An error's message says which names there are.
 */
export function choose<Name extends string>(kind: string, words: string | undefined, names: readonly Name[]): Name[] {
  if (words === undefined) return [...names];
  const chosen = new Set<Name>();
  for (const word of words.split(/,(?! )/).map((text) => text.trim().toLowerCase())) {
    const exact = names.filter((name) => name.toLowerCase() === word);
    const found = exact.length > 0 ? exact : names.filter((name) => word !== '' && name.toLowerCase().includes(word));
    if (found.length === 0) throw new Error(`no ${kind} is called "${word}"; there are: ${names.join(' | ')}`);
    for (const name of found) chosen.add(name);
  }
  return names.filter((name) => chosen.has(name));
}
