/** IRET and far RET of every width, from 64-bit and compatibility mode, with any frame. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { startAt, startCompatibility } from './start.ts';
import { codeSelector, flagsImage, instructionPointer, stackPointer, stackSelector } from './targets.ts';

const NT = 0x4000n;
const PREFIX: Readonly<Record<number, readonly number[]>> = { 2: [0x66], 4: [], 8: [0x48] };

/** Puts values of `bytes` bytes one after the other. */
function frame(c: TestCase, at: number, bytes: number, values: readonly bigint[]): void {
  let image = 0n;
  values.forEach((value, i) => {
    image |= BigInt.asUintN(8 * bytes, value) << BigInt(8 * bytes * i);
  });
  for (let i = 0; i * 8 < values.length * bytes; i++) c.poke(at + 8 * i, image >> BigInt(64 * i));
}

export function returns(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const compatibility = choices.oneIn(4);
  const cpl = compatibility ? choices.pick([0, 3]) : choices.pick([0, 0, 0, 1, 2, 3]);
  const bytes = compatibility ? choices.pick([2, 4, 4, 4]) : choices.pick([2, 4, 4, 8, 8, 8, 8]);
  const isIret = !choices.oneIn(3);
  const extra = isIret ? 0 : choices.pick([0, 0, 8, 16, 2]);

  const newCpl = choices.oneIn(12) ? choices.below(4) : choices.pick([cpl, 3]);
  const cs = codeSelector(c, choices, newCpl);
  const ss = stackSelector(c, choices, newCpl);
  const rip = instructionPointer(c, choices);
  const rsp = stackPointer(c, choices);
  const flags = flagsImage(choices, bytes !== 4);
  const noise = choices.bits64() & ~0xffffn;

  const operation = isIret ? [0xcf] : extra === 0 ? [0xcb] : [0xca, extra, 0];
  const code = [...(PREFIX[bytes] ?? []), ...operation];
  if (compatibility) startCompatibility(c, cpl, code);
  else startAt(c, cpl, code);
  // The frame lies above the stack pointer, in the part of the page that is put back.
  const stackName = compatibility ? 'compat_stack' : `stack${cpl}`;
  const saved = [rip, noise | BigInt(cs)];
  if (isIret) saved.push(flags, rsp, noise | BigInt(ss));
  frame(c, image.at(stackName), bytes, saved);
  if (!isIret) frame(c, image.at(stackName) + 2 * bytes + extra, bytes, [rsp, noise | BigInt(ss)]);

  const iopl = BigInt(choices.below(4)) << 12n;
  const nested = isIret && choices.oneIn(16) ? NT : 0n;
  c.set('rflags', 2n | iopl | nested | (choices.oneIn(2) ? 0x40000n : 0n));
  c.set('rax', choices.pick([0x1122334455667788n, 0xffffn, 0xffffffffn, -1n]));
  // Segments that a return to an outer level may take away. The case has to begin with what IRET lets it keep.
  const kept = [[0x10, 0x60, 0x72, 0x08, 3], [0x60, 0x72], [0x72], []][cpl] ?? [];
  for (const name of ['fs', 'gs']) c.set(name, choices.pick([0, 0x1b, 0x18, ...kept]));
  if (cpl === 0) c.set('ds', choices.pick([0, 0x1b, ...kept])).set('es', choices.pick([0x1b, ...kept]));
  c.set('fsBase', 0x1234_5678_9000n).set('gsBase', 0xffff_9000_0000_0000n);
  c.note('instruction', `${isIret ? 'iret' : 'retf'}${8 * bytes}`).note('mode', compatibility ? '32' : '64');
  c.note('cpl', cpl).note('cs', cs).note('ss', ss).note('rip', rip).note('rsp', rsp).note('flags', flags);
  c.note('extra', extra);
  return c;
}
