import { aliasOf, evaluate, laidOutDistance } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import { Limits } from '../problem.ts';
import { lebBytes } from './leb.ts';
import type { BranchFragment, Fragment, Origin, Section } from './section.ts';
import { addressOf } from './symbol.ts';

/** Reports a problem found only when addresses are known. */
export type Report = (origin: Origin, message: string, hint?: string) => void;

const ROUNDS = 100;

/**
 * Gives every fragment its size and address. Branches start short and only ever grow, so the result is the smallest and
 * the rounds come to an end; the rest follows the addresses.
 */
export function layOut(sections: readonly Section[], report: Report): void {
  for (const section of sections) place(section, report, false);
  for (let round = 0; round < ROUNDS; round++) {
    let changed = false;
    for (const section of sections) changed = growBranches(section) || changed;
    for (const section of sections) changed = place(section, report, false) || changed;
    if (!changed) break;
  }
  let total = 0;
  for (const section of sections) {
    place(section, report, true);
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

function originOf(section: Section): Origin | null {
  for (const fragment of section.fragments) {
    if ('origin' in fragment) return fragment.origin;
  }
  return section.fixups[0]?.origin ?? { file: '', line: 1, column: 1, length: 1 };
}

/** Assigns addresses from the front; true when one changed. */
function place(section: Section, report: Report, final: boolean): boolean {
  let address = 0;
  let changed = false;
  for (const fragment of section.fragments) {
    if (fragment.address !== address) {
      fragment.address = address;
      changed = true;
    }
    const size = sizeOf(fragment, final ? report : null);
    if (fragment.size !== size) {
      fragment.size = size;
      changed = true;
    }
    address += size;
  }
  section.size = address;
  return changed;
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

/** Turns branches near whose target a short one does not reach; true when there was one. */
function growBranches(section: Section): boolean {
  let changed = false;
  for (const fragment of section.fragments) {
    if (fragment.kind !== 'branch' || fragment.isNear) continue;
    const target = branchTarget(fragment);
    const distance = target === null ? null : target - (fragment.address + fragment.prefixes.length + 2);
    if (distance === null || distance < -128 || distance > 127) {
      fragment.isNear = true;
      changed = true;
    }
  }
  return changed;
}

/** Offset in the section that a branch goes to; null when only the linker will know. */
export function branchTarget(fragment: BranchFragment): number | null {
  const value = evaluate(fragment.target, laidOutDistance);
  if (typeof value === 'string' || value.add === null || value.sub !== null) return null;
  const { add } = value;
  if (aliasOf(fragment.target)?.binding === 'weak') return null;
  if (add.section !== fragment.section || add.binding === 'weak' || add.type === 10) return null;
  return addressOf(add) + Number(value.constant);
}
