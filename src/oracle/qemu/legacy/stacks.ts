/** Stacks of inner levels, as a 32- or a 16-bit TSS names them. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { TestCase } from '../testCase.ts';
import { stackSelector } from './segments.ts';

const LEVELS = [1, 2] as const;

/**
 * SS1:ESP1 and SS2:ESP2 at random, now and then from a 16-bit TSS, now and then past its limit. Level 0 stays good: the
 * case ends through it.
 */
export function innerStacks(c: TestCase, choices: Choices): void {
  const { image } = c;
  if (choices.oneIn(3)) c.set('tr', 0x78).note('TSS', 16);
  const narrow = c.notes.get('TSS') === 16;
  for (const level of LEVELS) {
    if (!choices.oneIn(2)) continue;
    const selector = stackSelector(c, choices, level, true);
    const good = narrow ? image.at('low_stack') - 0x400 * level : image.at(`stack${level}`);
    const pointer = choices.oneIn(8) ? choices.pick([0, 0x70000000]) & (narrow ? 0xffff : -1) : good - choices.below(8);
    c.note(`SS${level}`, selector).note(`ESP${level}`, pointer);
    if (narrow) poke16(c, level, pointer, selector);
    else poke32(c, level, pointer, selector);
  }
}

/** ESPn and SSn of the 32-bit TSS share no quadword with one another: each pair begins four bytes into one. */
function poke32(c: TestCase, level: number, pointer: number, selector: number): void {
  const tss = c.image.at('tss');
  const low = tss + 8 * level;
  const before = c.written(low) ?? c.image.quadword(c.image.at('tss_template') + 8 * level);
  c.poke(low, (before & 0xffffffffn) | (BigInt(pointer >>> 0) << 32n));
  const after = c.written(low + 8) ?? c.image.quadword(c.image.at('tss_template') + 8 * level + 8);
  c.poke(low + 8, (after & ~0xffffffffn) | BigInt(selector));
}

function poke16(c: TestCase, level: number, pointer: number, selector: number): void {
  const at = 2 + 4 * level;
  for (const [offset, value] of [
    [at, pointer],
    [at + 2, selector],
  ] as const) {
    const place = c.image.at('tss16') + (offset & ~7);
    const before = c.written(place) ?? c.image.quadword(c.image.at('tss16_template') + (offset & ~7));
    const shift = BigInt(8 * (offset & 7));
    c.poke(place, (before & ~(0xffffn << shift)) | (BigInt(value & 0xffff) << shift));
  }
}

/** Looks at so many quadwords under the top of a stack. */
export function watchStack(c: TestCase, name: string, quadwords: number): void {
  for (let i = 1; i <= quadwords; i++) c.watch(c.image.at(name) - 8 * i, `${name} - ${8 * i}`);
}
