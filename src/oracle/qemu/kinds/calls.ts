/** Far CALL and JMP, direct and through call gates, from 64-bit and compatibility mode. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { descriptorAt, isLongCode, limitOf } from '../tables.ts';
import { TestCase } from '../testCase.ts';
import { CALL_GATE, gate, notCanonical, place } from './descriptors.ts';
import { randomStacks, watchStack } from './stacks.ts';
import { startAt, startCompatibility } from './start.ts';
import { codeSelector, instructionPointer } from './targets.ts';

const PREFIX: Readonly<Record<number, readonly number[]>> = { 2: [0x66], 4: [], 8: [0x48] };
const little = (value: bigint, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

/** A call gate in a free slot; its selector, RPL 0. */
function callGate(c: TestCase, choices: Choices, cpl: number): number {
  const inner = choices.below(cpl + 1);
  const selector = codeSelector(c, choices, inner);
  const offset = choices.oneIn(12)
    ? notCanonical(choices)
    : BigInt(c.image.user('second_code3') + 0x100 + choices.below(256));
  const type = choices.oneIn(12) ? choices.below(16) : CALL_GATE;
  const dpl = choices.oneIn(4) ? choices.below(4) : cpl;
  const [low, high] = gate(offset, selector, type, dpl, !choices.oneIn(16), 0);
  const reserved = choices.oneIn(12) ? 1n << BigInt(40 + choices.below(5)) : 0n;
  c.note('gate target', offset).note('gate code', selector);
  return place(c, choices, [low, high | reserved], 'gate');
}

export function calls(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const compatibility = choices.oneIn(3);
  const cpl = compatibility ? choices.pick([0, 3]) : choices.pick([0, 0, 1, 2, 3, 3]);
  const bytes = compatibility ? choices.pick([2, 4, 4, 4]) : choices.pick([2, 4, 4, 8, 8]);
  const isCall = !choices.oneIn(3);
  const direct = compatibility && choices.oneIn(2);
  const through = choices.oneIn(2);

  const level = choices.oneIn(6) ? choices.below(4) : cpl;
  const selector = through
    ? callGate(c, choices, cpl) | (choices.oneIn(4) ? choices.below(4) : 0)
    : codeSelector(c, choices, level);
  const rip = instructionPointer(c, choices);
  // QEMU holds 64-bit code to its limit when the operand has 16 or 32 bits (README.md, "left out").
  const target = through ? undefined : descriptorAt(c, selector);
  const narrow = BigInt.asUintN(8 * bytes, rip);
  if (isCall && bytes < 8 && target !== undefined && isLongCode(target) && narrow > limitOf(target))
    return calls(image, choices);
  const pointer = [...little(rip, bytes), ...little(BigInt(selector), 2)];
  const code = direct
    ? [...(PREFIX[bytes] ?? []), isCall ? 0x9a : 0xea, ...pointer]
    : [...(PREFIX[bytes] ?? []), 0xff, isCall ? 0x1f : 0x2f];
  if (compatibility) startCompatibility(c, cpl, code);
  else startAt(c, cpl, code);

  const place3 = cpl === 3 || compatibility;
  const data = image.at(place3 ? 'data3' : 'data0');
  c.poke(data + bytes, BigInt(selector)).poke(
    data,
    BigInt.asUintN(8 * bytes, rip) | (BigInt(selector) << BigInt(8 * bytes)),
  );
  c.set('rdi', place3 ? image.user('data3') : data);
  c.set('rax', choices.pick([0x1122334455667788n, 0xffffn, 0xffffffffn, -1n]));
  randomStacks(c, choices);
  watchStack(c, compatibility ? 'compat_stack' : `stack${cpl}`);
  if (through) watchStack(c, 'stack0');
  c.note('instruction', `${isCall ? 'callf' : 'jmpf'}${8 * bytes}`).note('mode', compatibility ? '32' : '64');
  c.note('through gate', through).note('cpl', cpl).note('selector', selector).note('rip', rip);
  return c;
}
