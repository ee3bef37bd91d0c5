/** The page walk of any address, for a person: which entries it meets, and who may do what with the page. */
import { type Cpu, highOf, lowOf } from '../cpu/cpu.ts';
import type { WalkStep } from '../cpu/fault.ts';
import { isCanonical } from '../cpu/dataAccess.ts';
import { S } from '../cpu/layout.ts';
import { PageAccess } from '../cpu/paging.ts';
import { CR0, CR4 } from '../registers/cr.ts';
import { EFER } from '../registers/efer.ts';
import { RFLAGS } from '../registers/rflags.ts';
import type { WalkLevel } from './views.ts';

export type AccessKind = 'read' | 'write' | 'fetch';

/** One kind of access by one ring. */
export interface WalkAccess {
  readonly cpl: 0 | 3;
  readonly kind: AccessKind;
  /** Name of the bit that refuses it ("U/S", "CR4.SMAP"), or null when it is allowed. */
  readonly refused: string | null;
  /** Error code of the #PF it would raise. */
  readonly errorCode: number | null;
  /** Places in `levels` whose entries refuse it. */
  readonly guilty: readonly number[];
}

/** Bits that decide beside the entries. */
export interface WalkMode {
  readonly wp: boolean;
  readonly smep: boolean;
  readonly smap: boolean;
  readonly nxe: boolean;
  readonly ac: boolean;
}

export interface WalkView {
  readonly address: bigint;
  readonly paging: 'off' | '4-level' | 'PAE' | '32-bit';
  /** False for an address that raises #GP or #SS before any walk. */
  readonly canonical: boolean;
  /** Entries met, top level first. */
  readonly levels: readonly WalkLevel[];
  /** Where it leads; null when an entry is not present or malformed. */
  readonly physical: bigint | null;
  readonly pageBytes: number | null;
  readonly mode: WalkMode;
  /** CPL 0, then CPL 3; of each read, write, fetch. */
  readonly access: readonly WalkAccess[];
}

const KINDS: readonly (readonly [AccessKind, number])[] = [
  ['read', 0],
  ['write', PageAccess.write],
  ['fetch', PageAccess.fetch],
];

export function pagingOf(cpu: Cpu): WalkView['paging'] {
  if ((cpu.low(S.cr0) & CR0.PG) === 0) return 'off';
  if ((cpu.low(S.efer) & EFER.LMA) !== 0) return '4-level';
  return (cpu.low(S.cr4) & CR4.PAE) !== 0 ? 'PAE' : '32-bit';
}

export function modeOf(cpu: Cpu): WalkMode {
  const cr4 = cpu.low(S.cr4);
  return {
    wp: (cpu.low(S.cr0) & CR0.WP) !== 0,
    smep: (cr4 & CR4.SMEP) !== 0,
    smap: (cr4 & CR4.SMAP) !== 0,
    nxe: (cpu.low(S.efer) & EFER.NXE) !== 0,
    ac: (cpu.rflags & RFLAGS.AC) !== 0,
  };
}

/** Paging mode by the entry that a walk begins with. */
export function pagingOfLevels(levels: readonly Pick<WalkLevel, 'name'>[]): Exclude<WalkView['paging'], 'off'> {
  const first = levels[0]?.name;
  return first === 'PDE' ? '32-bit' : first === 'PDPTE' ? 'PAE' : '4-level';
}

/** Entries that a walk met, and where each can be changed. The PDPTEs of PAE paging stand in the processor (4.4.1). */
export function levelsOf(steps: readonly WalkStep[]): WalkLevel[] {
  const paging = pagingOfLevels(steps);
  return steps.map(({ name, index, at, entry, refused }): WalkLevel => {
    const inProcessor = paging === 'PAE' && name === 'PDPTE';
    return {
      name,
      index,
      at,
      entry,
      refused,
      target: inProcessor
        ? { kind: 'register', name: `pdpte${index}` }
        : { kind: 'physical', address: at, bytes: paging === '32-bit' ? 4 : 8 },
      hasRights: !inProcessor,
    };
  });
}

/** Bytes that the last entry maps, by its level and the width of an entry. */
function pageBytesOf(paging: WalkView['paging'], last: WalkLevel | undefined): number {
  if (last === undefined || last.name === 'PTE') return 0x1000;
  if (last.name === 'PDPTE') return 0x4000_0000;
  return paging === '32-bit' ? 0x40_0000 : 0x20_0000;
}

/**
 * Walks without setting accessed or dirty bits. The address is linear, of 32 bits outside IA-32e mode. RFLAGS.AC is taken
 * as it stands.
 */
export function walkView(cpu: Cpu, wanted: bigint): WalkView {
  const { walker } = cpu;
  const paging = pagingOf(cpu);
  const long = (cpu.low(S.efer) & EFER.LMA) !== 0;
  const address = BigInt.asUintN(long ? 64 : 32, wanted);
  const [low, high] = [lowOf(address), highOf(address)];
  const mode = modeOf(cpu);
  const canonical = paging !== '4-level' || isCanonical(high);
  if (!canonical) {
    return { address, paging, canonical, levels: [], physical: null, pageBytes: null, mode, access: [] };
  }
  const physical = walker.walk(low, high, 0, true, true);
  const levels = paging === 'off' ? [] : levelsOf(walker.steps());
  const access = ([0, 3] as const).flatMap((cpl) =>
    KINDS.map(([kind, bits]): WalkAccess => {
      const allowed = walker.walk(low, high, bits | (cpl === 3 ? PageAccess.user : 0), mode.ac, true) >= 0;
      if (allowed) return { cpl, kind, refused: null, errorCode: null, guilty: [] };
      const guilty = walker.steps().flatMap(({ refused }, place) => (refused === null ? [] : [place]));
      return { cpl, kind, refused: walker.refused, errorCode: walker.error, guilty };
    }),
  );
  return {
    address,
    paging,
    canonical,
    levels,
    physical: physical < 0 ? null : BigInt(physical),
    pageBytes: physical < 0 ? null : pageBytesOf(paging, levels.at(-1)),
    mode,
    access,
  };
}
