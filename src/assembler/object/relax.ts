import { aliasOf, evaluate, laidOutDistance } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { Limits } from '../problem.ts';
import { lebBytes } from './leb.ts';
import type { BranchFragment, Fragment, Origin, Section } from './section.ts';
import { addressOf } from './symbol.ts';

/** Reports a problem found only when addresses are known. */
export type Report = (origin: Origin, message: string, hint?: string) => void;

const ROUNDS = 1000;
/** Passes over a section beyond the one per fragment that may be needed when each makes another branch grow. */
const SPARE_PASSES = 100;

/**
 * Gives every fragment its size and address, by the steps of GNU as: branches start short and only ever grow, and each
 * pass over a section moves what follows by what has grown so far. Where alignments lie between a branch and its target
 * the order of these steps decides which branches grow, so it is theirs exactly.
 */
export function layOut(sections: readonly Section[], report: Report): void {
  for (const section of sections) guess(section);
  for (let round = 0; round < ROUNDS; round++) {
    let changed = false;
    for (const section of sections) {
      const grown = relax(section);
      if (typeof grown !== 'boolean') {
        report(grown, `the addresses in ${section.name} never come to rest: a size depends on itself`);
        return;
      }
      changed = grown || changed;
    }
    if (!changed) break;
  }
  let total = 0;
  for (const section of sections) {
    place(section, report);
    total += section.isNobits ? 0 : section.size;
    if (total > Limits.output) {
      const origin = originOf(section);
      if (origin !== null) report(origin, `the output grows beyond ${Limits.output >> 20} MiB`);
      section.size = 0;
      section.fragments.length = 0;
      section.fixups.length = 0;
    }
  }
}

/** First addresses: branches short unless only the linker knows their target, LEB128 one byte, `.org` nothing. */
function guess(section: Section): void {
  let address = 0;
  let region = 0;
  for (const fragment of section.fragments) {
    fragment.address = address;
    fragment.region = region;
    if (fragment.kind === 'branch') fragment.isNear = targetOf(fragment) === null;
    if (fragment.kind === 'org') fragment.size = 0;
    else if (fragment.kind !== 'leb' && fragment.kind !== 'fill') fragment.size = sizeOf(fragment, null);
    if (fragment.kind === 'align' || fragment.kind === 'org') region++;
    address += fragment.size;
  }
}

/** Passes over a section until nothing grows; true when something did, or what goes on growing. */
function relax(section: Section): boolean | Origin {
  let changed = false;
  let last: Origin | null = null;
  for (let round = 0; round < section.fragments.length + SPARE_PASSES; round++) {
    let stretch = 0;
    let stretched = false;
    for (const fragment of section.fragments) {
      fragment.address += stretch;
      const before = fragment.size;
      if (fragment.kind === 'branch' && !fragment.isNear) fragment.isNear = isTooFar(fragment, stretch);
      fragment.size = sizeOf(fragment, null);
      const growth = fragment.size - before;
      if (growth === 0) continue;
      stretch += growth;
      stretched = true;
      if ('origin' in fragment) last = fragment.origin;
    }
    if (!stretched) return changed;
    changed = true;
  }
  return last ?? changed;
}

/** Whether a short branch misses its target, as far as the pass under way can tell. */
function isTooFar(fragment: BranchFragment, stretch: number): boolean {
  const target = targetOf(fragment);
  if (target === null) return true;
  const end = fragment.address + fragment.prefixes.length + 2;
  let { address } = target;
  if (stretch !== 0 && target.fragment.index > fragment.index) {
    // The target has still to be moved in this pass; an alignment between may swallow the growth.
    if (stretch < 0 || target.fragment.region === fragment.region) address += stretch;
    else if (address < end - 1) return false;
  }
  return address - end < -128 || address - end > 127;
}

/** Where a branch goes in its own section; null when only the linker will know. */
function targetOf(fragment: BranchFragment): { readonly fragment: Fragment; readonly address: number } | null {
  const value = evaluate(fragment.target, laidOutDistance);
  if (typeof value === 'string' || value.add === null || value.sub !== null) return null;
  const { add } = value;
  if (aliasOf(fragment.target)?.binding === 'weak') return null;
  if (add.section !== fragment.section || add.binding === 'weak' || add.type === 10 || add.fragment === null)
    return null;
  return { fragment: add.fragment, address: addressOf(add) + Number(value.constant) };
}

/** Offset in the section that a branch goes to; null when only the linker will know. */
export function branchTarget(fragment: BranchFragment): number | null {
  return targetOf(fragment)?.address ?? null;
}

function originOf(section: Section): Origin | null {
  for (const fragment of section.fragments) {
    if ('origin' in fragment) return fragment.origin;
  }
  return section.fixups[0]?.origin ?? { file: '', line: 1, column: 1, length: 1 };
}

/** Final addresses, from the front; what cannot be is reported. */
function place(section: Section, report: Report): void {
  let address = 0;
  for (const fragment of section.fragments) {
    fragment.address = address;
    fragment.size = sizeOf(fragment, report);
    address += fragment.size;
  }
  section.size = address;
}

function sizeOf(fragment: Fragment, report: Report | null): number {
  switch (fragment.kind) {
    case 'bytes':
    case 'space':
      return fragment.size;
    case 'branch':
      return fragment.prefixes.length + (fragment.isNear ? fragment.near.length + fragment.nearSize : 2);
    case 'align': {
      const padding = (fragment.alignment - (fragment.address % fragment.alignment)) % fragment.alignment;
      if (fragment.most !== 0 && padding > fragment.most) return 0;
      const unit = fragment.pattern?.length ?? 1;
      if (padding % unit !== 0) report?.(fragment.origin, `the padding is ${padding} bytes, not a multiple of ${unit}`);
      return padding;
    }
    case 'fill': {
      const count = constantAfterLayout(fragment.count);
      if (typeof count === 'bigint' && count >= 0n && count < 1n << 30n) return Number(count) * fragment.unit.length;
      report?.(fragment.origin, typeof count === 'string' ? count : `a count of ${count} is not possible`);
      return 0;
    }
    case 'org': {
      const target = orgTarget(fragment.target, fragment.section);
      if (typeof target === 'bigint' && target >= BigInt(fragment.address) && target < 1n << 31n)
        return Number(target) - fragment.address;
      report?.(
        fragment.origin,
        typeof target === 'string' ? target : '.org cannot go back',
        'The place is behind that address already.',
      );
      return 0;
    }
    default: {
      const value = constantAfterLayout(fragment.value);
      if (typeof value === 'bigint') return lebBytes(value, fragment.signed).length;
      report?.(fragment.origin, value);
      return 1;
    }
  }
}

export function constantAfterLayout(expression: Expression): bigint | string {
  const value = evaluate(expression, laidOutDistance);
  if (typeof value === 'string') return value;
  if (value.add !== null || value.sub !== null) return `${value.add?.name ?? value.sub?.name} is not a constant here`;
  return value.constant;
}

function orgTarget(expression: Expression, section: Section): bigint | string {
  const value = evaluate(expression, laidOutDistance);
  if (typeof value === 'string') return value;
  if (value.add === null && value.sub === null) return value.constant;
  if (value.sub === null && value.add?.section === section) return BigInt(addressOf(value.add)) + value.constant;
  return '.org needs a place in the same section';
}
