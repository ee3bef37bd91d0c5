/** A fault as it is shown: what was checked, what failed with which values, and what would have passed. */
import type { Fault } from '../../cpu/fault.ts';
import type { CheckView, SeenView, WalkLevel, WhyView } from '../views.ts';
import { type WalkedAccess, walkSteps } from '../walkSteps.ts';
import { levelsOf, pagingOfLevels, type WalkMode } from '../walkView.ts';
import { fixesOf } from './fixes.ts';

/** An exception with the place it came from. */
export interface Raised {
  readonly fault: Fault;
  /** Instructions retired, and exceptions and interrupts, before it. */
  readonly at: number;
  readonly turn: number;
  readonly rip: bigint;
  readonly cpl: number;
}

const WRITE = 2;
const USER = 4;
const FETCH = 16;

/** The page walk's checks, in order. */
function walkChecks(fault: Fault, levels: readonly WalkLevel[], mode: WalkMode): CheckView[] {
  const code = fault.errorCode ?? 0;
  // The error code tells of a fetch only where fetches can be refused as such; the refusing bit always does.
  const refused = levels.find((level) => level.refused !== null)?.refused ?? null;
  const fetch = (code & FETCH) !== 0 || refused === 'XD' || refused === 'CR4.SMEP';
  const kind = fetch ? 'fetch' : (code & WRITE) !== 0 ? 'write' : 'read';
  const access: WalkedAccess = {
    user: (code & USER) !== 0,
    kind,
    refused,
    guilty: levels.flatMap((level, n) => (level.refused === null ? [] : [n])),
  };
  const where = fault.why.where;
  const address = where.kind === 'walk' ? where.linear : 0n;
  const paging = pagingOfLevels(levels);
  const walk = { address, paging, levels, physical: null, pageBytes: null, canonical: true } as const;
  return walkSteps(walk, access, mode)
    .steps.filter(({ kind: step, state }) => step === 'check' && state !== 'waiting')
    .map(({ label, state, value }) => ({ label, holds: state === 'done', found: value }));
}

/** The descriptor, gate or field of a structure that was looked at. */
function seenView({ why: { where } }: Fault): SeenView | null {
  if (where.kind === 'structure') {
    const { name, of, linear, value } = where;
    return { name: 'entry', title: of, form: 'words', address: linear, words: [{ name, value }] };
  }
  if (where.kind !== 'descriptor' || where.descriptor === null) return null;
  const { gateBytes } = where;
  const table = (where.selector & 4) === 0 ? 'GDT' : 'LDT';
  const title =
    gateBytes === undefined
      ? `descriptor ${hex(where.selector & 0xfff8)} of the ${table}`
      : `gate ${where.selector >> 3} of the IDT`;
  const words = [{ name: '', value: BigInt.asUintN(64, where.descriptor) }];
  if (where.descriptor >> 64n !== 0n || gateBytes === 16) words.push({ name: '', value: where.descriptor >> 64n });
  return {
    name: 'entry',
    title,
    form: gateBytes === undefined ? 'descriptor' : 'idt gate',
    address: BigInt(where.selector & 0xfff8),
    words,
  };
}

const hex = (value: number): string => `${value.toString(16).toUpperCase()}h`;

export function whyView(raised: Raised, mode: WalkMode): WhyView {
  const { fault, at, turn, rip, cpl } = raised;
  const { where, check, expected, actual, manual } = fault.why;
  const walk = where.kind === 'walk' ? levelsOf(where.steps) : null;
  const failed: CheckView = { label: check, holds: false, found: actual };
  const passed = fault.passed.map((label): CheckView => ({ label, holds: true, found: null }));
  return {
    name: fault.name,
    vector: fault.vector,
    errorCode: fault.errorCode,
    at,
    turn,
    rip,
    cpl,
    check,
    expected,
    actual,
    manual,
    checks: walk === null || walk.length === 0 ? [...passed, failed] : [...passed, ...walkChecks(fault, walk, mode)],
    walk,
    address: where.kind === 'walk' || where.kind === 'address' ? where.linear : null,
    during: fault.during,
    descriptor: seenView(fault),
    field: where.kind === 'descriptor' ? where.field : where.kind === 'structure' ? where.name : null,
    fixes: fixesOf(fault),
  };
}
