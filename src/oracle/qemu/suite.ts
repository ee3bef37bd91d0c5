/** Runs kinds of cases on our machine and on QEMU, and shows what no departure explains. */
import { afterAll, expect, it } from 'vitest';
import { Choices } from '../../engine/oracle/host/random.ts';
import { qemuMemory } from '../../testing/qemuMemory.ts';
import { allCases, describeWith } from '../../testing/tools.ts';
import { describe, differences } from './compare.ts';
import { type Departure, mended } from './departures/departure.ts';
import type { GuestImage } from './guestImage.ts';
import { bootOurs, MEMORY_BYTES, runCases } from './hosts.ts';
import type { TestCase } from './testCase.ts';

/** All that QEMU's TCG has, as an Intel processor with four levels of paging. */
const QEMU_CPU = 'max,vendor=GenuineIntel,la57=off';
const PER_BATCH = 10_000;
/** Enough to see what is wrong. */
const ENOUGH = 20;

export interface Kind {
  readonly name: string;
  readonly make: (image: GuestImage, choices: Choices) => TestCase;
  /** How many cases run: in CI, and under `npm run conformance`. */
  readonly inCi: number;
  readonly inAll: number;
}

/** A test for each kind, and one that every departure shows. */
export function compareWithQemu(
  name: string,
  image: GuestImage,
  kinds: readonly Kind[],
  departures: readonly Departure[],
): void {
  const used = new Map<string, number>();

  /** Runs cases on both and returns a text for each difference that no departure explains. */
  function compare(kind: Kind, count: number, seed: number): string[] {
    const choices = new Choices(seed);
    const cases = Array.from({ length: count }, () => kind.make(image, choices));
    const theirs = runCases(image, cases, (guest, module) => qemuMemory(guest, module, MEMORY_BYTES, QEMU_CPU));
    const ours = runCases(image, cases, bootOurs);
    return cases.flatMap((c, i) => {
      const [a, b] = [ours[i]!, theirs[i]!];
      const expected = b === 'triple fault' ? b : mended(departures, c, b);
      if (typeof expected === 'string') return differences(c, a, expected).map((d) => describe(c, [d]));
      for (const text of expected.used) used.set(text, (used.get(text) ?? 0) + 1);
      const found = differences(c, a, expected.outcome);
      return found.length === 0 ? [] : [describe(c, found)];
    });
  }

  describeWith('qemu-system-x86_64', name, () => {
    afterAll(() => {
      // A departure that no case shows is not known to be one.
      expect(departures.map((d) => d.name).filter((text) => !used.has(text))).toEqual([]);
    });

    it.each(kinds)(
      '$name',
      (kind) => {
        const total = allCases ? kind.inAll : kind.inCi;
        const found: string[] = [];
        for (let done = 0; done < total && found.length < ENOUGH; done += PER_BATCH) {
          found.push(...compare(kind, Math.min(PER_BATCH, total - done), done + 1));
        }
        expect(found.slice(0, ENOUGH).join('\n')).toBe('');
      },
      1_800_000,
    );
  });
}
