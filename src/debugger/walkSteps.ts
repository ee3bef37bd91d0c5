/** A page walk as micro-steps: every entry in turn, then the rights that all of them together give (SDM vol. 3A, 4.5, 4.6). */
import type { MicrocodeView, MicroStepView, SeenView, WalkLevel } from './views.ts';
import type { Cpu } from '../cpu/cpu.ts';
import { type AccessKind, pagingOfLevels, type WalkMode, type WalkView, walkView } from './walkView.ts';

export interface WalkedAccess {
  readonly user: boolean;
  readonly kind: AccessKind;
  /** Name of the bit that refuses it, or null when it is allowed. */
  readonly refused: string | null;
  /** Places of the entries that refuse it. */
  readonly guilty: readonly number[];
}

type Walked = Pick<WalkView, 'address' | 'paging' | 'levels' | 'physical' | 'pageBytes' | 'canonical'>;

/** Bits of the linear address that choose an entry, by paging mode and entry. */
const INDEX: Readonly<Record<string, Readonly<Record<string, readonly [high: number, low: number]>>>> = {
  '4-level': { PML4E: [47, 39], PDPTE: [38, 30], PDE: [29, 21], PTE: [20, 12] },
  PAE: { PDPTE: [31, 30], PDE: [29, 21], PTE: [20, 12] },
  '32-bit': { PDE: [31, 22], PTE: [21, 12] },
};

const hex = (value: bigint | number): string => `${value.toString(16).toUpperCase()}h`;
const bitOf = (entry: bigint, bit: number): bigint => (entry >> BigInt(bit)) & 1n;
const title = ({ name, index }: WalkLevel): string => `${name}[${index}]`;

const blank = { note: null, otherwise: null, value: null, from: [], to: [], flows: [], strikes: null } as const;
type Drawn = Omit<MicroStepView, 'state'>;

function checkStep(label: string, from: readonly string[], value: string, note: string | null = null): Drawn {
  return { ...blank, kind: 'check', label, otherwise: '#PF', from, value, note };
}

function readStep(level: WalkLevel, range: string, above: string, entryBytes: number): Drawn {
  const flows = [
    { from: above, to: level.name, by: null },
    { from: `address.${range}`, to: level.name, by: `× ${entryBytes}` },
  ];
  return {
    ...blank,
    kind: 'effect',
    label: `read ${title(level)}: the entry that bits ${range} of the address choose`,
    value: hex(level.entry),
    from: flows.map(({ from }) => from),
    to: [level.name],
    flows,
  };
}

/** The rights that the entries met must all give, by what is asked. */
function rightSteps(met: readonly WalkLevel[], { user, kind, refused }: WalkedAccess, mode: WalkMode): Drawn[] {
  const levels = met.filter(({ hasRights }) => hasRights);
  const every = (field: string, bit: number): [string[], string] => [
    levels.map(({ name }) => `${name}.${field}`),
    levels.map((level) => `${level.name} ${bitOf(level.entry, bit)}`).join(', '),
  ];
  const steps: Drawn[] = [];
  const userPage = levels.every(({ entry }) => bitOf(entry, 2) === 1n);
  if (user) steps.push(checkStep('CPL 3: U/S = 1 at every level', ...every('U/S', 2)));
  else if (kind === 'fetch' && mode.smep) {
    steps.push(checkStep('CR4.SMEP: the kernel does not execute a user page', ...every('U/S', 2)));
  } else if (kind !== 'fetch' && mode.smap) {
    const note = mode.ac ? 'RFLAGS.AC = 1 lifts it.' : null;
    steps.push(checkStep('CR4.SMAP: the kernel does not touch a user page', ...every('U/S', 2), note));
  } else {
    const [, value] = every('U/S', 2);
    const label = userPage ? 'CPL 0 may use user pages: neither SMEP nor SMAP forbids it' : 'U/S does not stop CPL 0';
    steps.push({ ...blank, kind: 'keeps', label, value, to: [] });
  }
  if (kind === 'write') {
    const [from, value] = every('R/W', 1);
    if (user || mode.wp || refused === 'R/W') steps.push(checkStep('a write: R/W = 1 at every level', from, value));
    else steps.push({ ...blank, kind: 'keeps', label: 'CR0.WP = 0: R/W does not stop CPL 0', value });
  }
  const hasXd = pagingOfLevels(met) !== '32-bit';
  if (kind === 'fetch' && mode.nxe && hasXd)
    steps.push(checkStep('a fetch: XD = 0 at every level', ...every('XD', 63)));
  return steps;
}

/** Which of the steps a refusal by this bit belongs to. */
function isRefusedAt(step: Drawn, refused: string, last: WalkLevel | undefined): boolean {
  const at = (field: string): boolean => step.from.includes(`${last?.name}.${field}`);
  if (refused === 'CR4.SMEP' || refused === 'CR4.SMAP') return step.label.startsWith(refused);
  if (refused === 'P') return step.from.length === 1 && at('P');
  if (refused === 'U/S' || refused === 'R/W' || refused === 'XD') return step.kind === 'check' && at(refused);
  return step.from.length === 1 && at('Address');
}

/** All steps with the state they end in: done up to the one that refuses the access. */
export function walkSteps(walk: Walked, access: WalkedAccess, mode: WalkMode): MicrocodeView {
  const { levels, paging, address } = walk;
  const ranges = INDEX[paging] ?? {};
  const rangeOf = (level: WalkLevel): string => (ranges[level.name] ?? [0, 0]).join(':');
  const steps: Drawn[] = [];
  levels.forEach((level, n) => {
    const above = levels[n - 1];
    steps.push(
      readStep(
        level,
        rangeOf(level),
        above === undefined ? 'cr3' : `${above.name}.Address`,
        paging === '32-bit' ? 4 : 8,
      ),
    );
    steps.push(checkStep(`${title(level)} is present`, [`${level.name}.P`], `P = ${bitOf(level.entry, 0)}`));
  });
  const last = levels.at(-1);
  const reserved = access.refused === 'Address' || access.refused === 'PS';
  if (reserved && last !== undefined) {
    steps.push(checkStep(`${title(last)} sets no reserved bit`, [`${last.name}.Address`], hex(last.entry)));
  }
  const complete = last !== undefined && bitOf(last.entry, 0) === 1n && !reserved;
  if (complete) steps.push(...rightSteps(levels, access, mode), arrival(walk, last));
  const failing =
    access.refused === null ? -1 : steps.findIndex((step) => isRefusedAt(step, access.refused ?? '', last));
  const guilty = new Set(access.guilty.map((n) => levels[n]?.name));
  return {
    name: `Page walk of ${hex(address)}`,
    manual: 'SDM vol. 3A, 4.5 and 4.6',
    position: failing < 0 ? steps.length : failing,
    steps: steps.map((step, n) => ({
      ...step,
      state: failing < 0 || n < failing ? 'done' : n === failing ? 'failed' : 'waiting',
      ...(n === failing && { guilty: step.from.filter((end) => guilty.has(end.split('.')[0] ?? '')) }),
    })),
    nextRip: null,
    memory: [
      addressView(walk, ranges),
      ...levels.map((level, n) => entryView(level, paging === 'off' ? '4-level' : paging, n === levels.length - 1)),
      ...(walk.physical === null ? [] : [physicalView(walk.physical)]),
    ],
  };
}

function arrival({ physical, pageBytes }: Walked, last: WalkLevel): Drawn {
  const flows = [{ from: `${last.name}.Address`, to: 'physical', by: '+ offset' }];
  const size =
    pageBytes === null
      ? ''
      : `, in a page of ${pageBytes >= 1 << 20 ? `${pageBytes >>> 20} MiB` : `${pageBytes >>> 10} KiB`}`;
  return {
    ...blank,
    kind: 'effect',
    label: `physical address${physical === null ? '' : ` ${hex(physical)}`}${size}`,
    value: physical === null ? null : hex(physical),
    from: [`${last.name}.Address`, 'address.offset'],
    to: [],
    flows,
    note: 'The processor keeps this in its TLB and sets A in every entry, D in the last one for a write.',
  };
}

function addressView(
  { address, levels }: Walked,
  ranges: Readonly<Record<string, readonly [number, number]>>,
): SeenView {
  const parts = Object.values(ranges).map(([high, low]) => ({
    name: `${high}:${low}`,
    value: (address >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n),
  }));
  const lowest = ranges[levels.at(-1)?.name ?? '']?.[1] ?? 12;
  const words = [...parts, { name: 'offset', value: address & ((1n << BigInt(lowest)) - 1n) }];
  return { name: 'address', title: 'the linear address', form: 'words', address, words: words.reverse() };
}

const physicalView = (address: bigint): SeenView => ({
  name: 'physical',
  title: 'physical address',
  form: 'words',
  address,
  words: [],
});

const entryView = (level: WalkLevel, paging: '32-bit' | 'PAE' | '4-level', leaf: boolean): SeenView => ({
  name: level.name,
  title: title(level),
  form: 'page entry',
  entry: { paging, leaf },
  address: level.at,
  words: [{ name: '', value: level.entry }],
});

/** The walk of an address as it would be made now, for one kind of access. Nothing is marked. */
export function walkAsSteps(cpu: Cpu, address: bigint, cpl: 0 | 3, kind: AccessKind): MicrocodeView {
  const walk = walkView(cpu, address);
  const access = walk.access.find((one) => one.cpl === cpl && one.kind === kind);
  return walkSteps(
    walk,
    { user: cpl === 3, kind, refused: access?.refused ?? null, guilty: access?.guilty ?? [] },
    walk.mode,
  );
}
