/** Far CALL and JMP, direct and through call gates of 16 and 32 bits, with a change of stack and parameters. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { gate, place } from '../kinds/descriptors.ts';
import { TestCase } from '../testCase.ts';
import { codeOffset, codeSelector } from './segments.ts';
import { innerStacks, watchStack } from './stacks.ts';
import { anyPaging, anyStart, startLegacy } from './start.ts';

const CALL_GATE16 = 4;
const CALL_GATE32 = 0xc;
const little = (value: bigint, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

/** A call gate in a free slot; its selector, RPL 0. */
function callGate(c: TestCase, choices: Choices, cpl: number): number {
  const type = choices.oneIn(12)
    ? choices.pick([0, 2, 6, 7, 8, 0xa, 0xd, 0xe, 0xf])
    : choices.pick([CALL_GATE16, CALL_GATE32]);
  const inner = choices.below(cpl + 1);
  const selector = codeSelector(c, choices, inner, true);
  const offset =
    codeOffset(c, choices, type === CALL_GATE16 ? 16 : 32, inner === 3) & (type === CALL_GATE16 ? 0xffffn : -1n);
  const dpl = choices.oneIn(4) ? choices.below(4) : cpl;
  const parameters = choices.oneIn(3) ? choices.below(32) : choices.below(3);
  const [low] = gate(offset & 0xffffffffn, selector, type, dpl, !choices.oneIn(16), 0);
  c.note('gate target', offset).note('gate code', selector).note('gate type', type).note('parameters', parameters);
  return place(c, choices, [low | (BigInt(parameters) << 32n)], 'gate');
}

export function transfers(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const start = anyStart(choices);
  const { cpl } = start;
  const isCall = !choices.oneIn(3);
  const direct = choices.oneIn(2);
  const through = choices.oneIn(2);
  const bits = choices.oneIn(3) ? 48 - start.bits : start.bits;
  const bytes = bits / 8;
  const level = choices.oneIn(6) ? choices.below(4) : cpl;
  const selector = through
    ? callGate(c, choices, cpl) | (choices.oneIn(4) ? choices.below(4) : 0)
    : codeSelector(c, choices, level);
  const rip = BigInt.asUintN(bits, codeOffset(c, choices, bits, level === 3));
  const pointer = [...little(rip, bytes), ...little(BigInt(selector), 2)];
  const prefix = bits === start.bits ? [] : [0x66];
  // In 16-bit code [EDI] needs another address size.
  const addressed = [...(start.bits === 16 ? [0x67] : []), 0xff, isCall ? 0x1f : 0x2f];
  const code = [...prefix, ...(direct ? [isCall ? 0x9a : 0xea, ...pointer] : addressed)];
  startLegacy(c, start, code);
  anyPaging(c, choices);
  const data = image.at(cpl === 3 ? 'data3' : 'data0');
  c.poke(data, rip | (BigInt(selector) << BigInt(bits)));
  c.set('rdi', cpl === 3 ? image.user('data3') : data).set('rax', 0x1ffff);
  // What a gate copies.
  for (let i = 0; i < 16; i++) c.poke(image.at(start.stack) + 8 * i, choices.bits64());
  if (through) innerStacks(c, choices);
  watchStack(c, start.stack, 2);
  if (through) for (const name of ['stack0', 'stack1', 'stack2']) if (name !== start.stack) watchStack(c, name, 3);
  c.note('instruction', `${isCall ? 'callf' : 'jmpf'}${bits}`).note('through gate', through);
  c.note('selector', selector).note('rip', rip);
  return c;
}
