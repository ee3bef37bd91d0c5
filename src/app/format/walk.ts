import type { WalkAccess, WalkView } from '../../worker/protocol.ts';
import type { RegisterDescription } from '../../registers/field.ts';
import { legacyPageEntryDescription } from '../../registers/legacyPageEntry.ts';
import { pageEntryDescription } from '../../registers/pageEntry.ts';
import { hex } from './hex.ts';

const kinds = { read: 'read', write: 'write to', fetch: 'execute from' } as const;

const levels: Readonly<Record<string, 1 | 2 | 3 | 4>> = { PML4E: 4, PDPTE: 3, PDE: 2, PTE: 1 };

/**
 * What the bits of an entry mean, by its name ("PDE") and the paging mode. `leaf` says that the walk ends at it: in 32-bit
 * paging PS counts only with CR4.PSE.
 */
export function entryDescription(
  name: string,
  entry: bigint,
  paging: Exclude<WalkView['paging'], 'off'>,
  leaf: boolean,
): RegisterDescription {
  const level = levels[name] ?? 1;
  if (paging === '4-level' || level === 4) return pageEntryDescription(level, entry);
  return legacyPageEntryDescription(paging === 'PAE' ? 'pae' : '32-bit', level, entry, leaf);
}

function sizeText(bytes: number): string {
  if (bytes >= 1 << 30) return `${bytes >>> 30} GiB`;
  return bytes >= 1 << 20 ? `${bytes >>> 20} MiB` : `${bytes >>> 10} KiB`;
}

/** Where the walk leads, after the address: "→ physical 10b01c, in a 4 KiB page". */
export function walkSummary({ canonical, paging, physical, pageBytes }: WalkView): string {
  if (!canonical) return 'is not canonical: an access raises #GP or #SS before any walk.';
  if (paging === 'off') return 'is the physical address: paging is off.';
  if (physical === null || pageBytes === null) return 'is not mapped: the walk ends early.';
  return `→ physical ${hex(physical)}, in a ${sizeText(pageBytes)} page`;
}

/** What a name in `refused` means for the access. */
const reasons: Readonly<Record<string, string>> = {
  P: 'the last entry met is not present',
  'U/S': 'CPL 3 needs U/S = 1 at every level',
  'R/W': 'a write needs R/W = 1 at every level',
  XD: 'a fetch needs XD = 0 at every level',
  PS: 'a bit is set that is reserved there',
  Address: 'a reserved address bit is set',
  'CR4.SMEP': 'with CR4.SMEP the kernel must not execute a user page',
  'CR4.SMAP': 'with CR4.SMAP the kernel must not touch a user page while RFLAGS.AC = 0',
};

function allowedBecause({ mode, levels }: WalkView, { cpl, kind }: WalkAccess): string {
  if (cpl === 3) return 'every level lets CPL 3 pass';
  const writable = levels.every(({ entry, hasRights }) => !hasRights || (entry & 2n) !== 0n);
  if (kind === 'write' && !writable && !mode.wp) return 'CR0.WP = 0 lets the kernel write read-only pages';
  return kind === 'fetch' ? 'no level forbids the fetch' : 'U/S does not stop the kernel';
}

/** Why an access is allowed or refused, in a sentence. */
export function accessSentence(walk: WalkView, access: WalkAccess): string {
  const { cpl, kind, refused, errorCode } = access;
  if (walk.paging === 'off') return 'Without paging every access passes.';
  const who = `CPL ${cpl} may ${refused === null ? '' : 'not '}${kinds[kind]} it`;
  if (refused === null) return `${who}: ${allowedBecause(walk, access)}.`;
  return `${who}: ${reasons[refused] ?? refused}. It raises #PF with error code ${hex(errorCode ?? 0)}h.`;
}
