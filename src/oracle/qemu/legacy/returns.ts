/** IRET and far RET of 16 and 32 bits, to the same and to outer levels, and to virtual-8086 mode. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { TestCase } from '../testCase.ts';
import { codeOffset, codeSelector, stackSelector } from './segments.ts';
import { anyPaging, anyStart, startLegacy } from './start.ts';

const VM = 0x20000n;

function frame(c: TestCase, at: number, bytes: number, values: readonly bigint[]): void {
  let image = 0n;
  values.forEach((value, i) => {
    image |= BigInt.asUintN(8 * bytes, value) << BigInt(8 * bytes * i);
  });
  for (let i = 0; i * 8 < values.length * bytes; i++) c.poke(at + 8 * i, image >> BigInt(64 * i));
}

/** A selector of real-address form whose first 64 KiB hold filling where the case goes. */
const realSelector = (choices: Choices): bigint => BigInt(choices.pick([0, 0x10, 0x100, 0x200, 0x2ff]));

export function returns(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const start = anyStart(choices);
  const { cpl } = start;
  const isIret = !choices.oneIn(3);
  const bits = choices.oneIn(3) ? 48 - start.bits : start.bits;
  const bytes = bits / 8;
  const extra = isIret ? 0 : choices.pick([0, 0, 8, 16, 2]);
  const newCpl = choices.oneIn(12) ? choices.below(4) : choices.pick([cpl, cpl, 3, Math.min(3, cpl + 1)]);
  const virtual = isIret && bits === 32 && cpl === 0 && choices.oneIn(6);
  const cs = virtual ? Number(realSelector(choices)) : codeSelector(c, choices, newCpl);
  const ss = virtual ? Number(realSelector(choices)) : stackSelector(c, choices, newCpl, false);
  const rip = virtual
    ? BigInt(0x3100 + choices.below(256))
    : BigInt.asUintN(bits, codeOffset(c, choices, bits, newCpl === 3));
  const rsp = choices.oneIn(4) ? choices.bits64() & 0xffffffffn : BigInt(image.user('compat_stack'));
  // TF seldom; VIF and VIP, once set in QEMU, outlive a case.
  let flags = choices.bits64() & 0x3fffffn & ~0x3a4100n;
  if (choices.oneIn(24)) flags |= 0x100n;
  if (virtual) flags |= VM;
  const noise = choices.bits64() & 0xffff0000n;

  const operation = isIret ? [0xcf] : extra === 0 ? [0xcb] : [0xca, extra, 0];
  startLegacy(c, start, [...(bits === start.bits ? [] : [0x66]), ...operation]);
  anyPaging(c, choices);
  const saved = [rip, noise | BigInt(cs)];
  if (isIret) saved.push(flags, rsp, noise | BigInt(ss));
  if (virtual) for (let i = 0; i < 4; i++) saved.push(noise | (choices.bits64() & 0xffffn));
  const at = image.at(start.stack);
  // Quadwords of the outer part overwrite nothing of the inner: they are put together first.
  if (isIret) frame(c, at, bytes, saved);
  else frame(c, at, bytes, [...saved, ...Array.from({ length: extra / bytes }, () => 0n), rsp, noise | BigInt(ss)]);

  const iopl = BigInt(choices.below(4)) << 12n;
  // NT stays 0: QEMU would switch tasks.
  c.set('rflags', 2n | iopl | (choices.oneIn(2) ? 0x40000n : 0n));
  c.set('rax', choices.pick([0x11223344, 0xffff, 0xffffffff]));
  const kept = [[0x10, 0x50, 0x62, 0x08, 3], [0x50, 0x62], [0x62], []][cpl] ?? [];
  for (const name of ['fs', 'gs']) c.set(name, choices.pick([0, 0x1b, 0x18, ...kept]));
  if (cpl === 0) c.set('ds', choices.pick([0, 0x1b, ...kept])).set('es', choices.pick([0x1b, ...kept]));
  c.note('instruction', `${isIret ? 'iret' : 'retf'}${bits}`).note('virtual', virtual);
  c.note('cs', cs).note('ss', ss).note('rip', rip).note('rsp', rsp).note('flags', flags).note('extra', extra);
  return c;
}
