/** SYSCALL, SYSRET, SYSENTER and SYSEXIT with any contents of their registers. */
import type { Choices } from '../../../engine/oracle/host/random.ts';
import type { GuestImage } from '../guestImage.ts';
import { isCanonical } from '../tables.ts';
import { TestCase } from '../testCase.ts';
import { startAt, startCompatibility } from './start.ts';
import { flagsImage, instructionPointer, stackPointer } from './targets.ts';

const OPERATIONS = [
  { name: 'syscall', code: [0x0f, 0x05] },
  { name: 'sysretq', code: [0x48, 0x0f, 0x07] },
  { name: 'sysretl', code: [0x0f, 0x07] },
  { name: 'sysenter', code: [0x0f, 0x34] },
  { name: 'sysexit', code: [0x0f, 0x35] },
  { name: 'sysexitq', code: [0x48, 0x0f, 0x35] },
] as const;
const LMA_LME = 0x500n;
const SCE = 1n;
const NXE = 0x800n;

/** A canonical instruction pointer: WRMSR takes no other. */
function entry(c: TestCase, choices: Choices): bigint {
  for (;;) {
    const rip = instructionPointer(c, choices);
    if (isCanonical(rip)) return rip;
  }
}

export function fastCalls(image: GuestImage, choices: Choices): TestCase {
  const c = new TestCase(image);
  const what = choices.pick(OPERATIONS);
  const leaves = what.name.startsWith('sysret') || what.name.startsWith('sysexit');
  const compatibility = choices.oneIn(5);
  const cpl = compatibility
    ? choices.pick([0, 3])
    : leaves
      ? choices.pick([0, 0, 0, 0, 3, 1])
      : choices.pick([3, 3, 0, 1, 2]);
  const code = compatibility && what.code[0] === 0x48 ? what.code.slice(1) : what.code;
  if (compatibility) startCompatibility(c, cpl, code);
  else startAt(c, cpl, code);

  const selectors = choices.oneIn(4) ? choices.bits64() : 0x0010_0008_0000_0000n;
  c.set('efer', LMA_LME | NXE | (choices.oneIn(8) ? 0n : SCE));
  c.set('star', (selectors & ~0xffffffffn) | (choices.bits64() & 0xffffffffn));
  c.set('lstar', entry(c, choices)).set('cstar', entry(c, choices)).set('sysenterEip', entry(c, choices));
  c.set('sysenterEsp', choices.pick([BigInt(image.at('stack0')), 0xffff_8000_0000_0000n, 0x7fff_ffff_fff8n, 0n]));
  c.set('sysenterCs', choices.oneIn(4) ? choices.below(0x10000) : choices.pick([8, 0x0b, 0, 3, 0x18]));
  c.set('fmask', choices.oneIn(3) ? choices.bits64() & 0xffffffffn : choices.pick([0x200, 0, 0x47700, 0x257fd5]));
  c.set('rcx', choices.oneIn(2) ? instructionPointer(c, choices) : stackPointer(c, choices));
  c.set('rdx', instructionPointer(c, choices));
  if (what.name.startsWith('sysret')) c.set('rcx', instructionPointer(c, choices));
  if (leaves && !choices.oneIn(3)) c.set('rcx', image.user('second_code3') + 0x100 + choices.below(256));
  c.set('r11', flagsImage(choices, true));
  c.set('rflags', (flagsImage(choices, false) & 0x3fffffn & ~0x100n) | (choices.oneIn(12) ? 0x4000n : 0n) | 2n);
  c.set('rax', choices.pick([0x1122334455667788n, 0xffffn, 0xffffffffn, -1n]));
  c.note('instruction', what.name)
    .note('mode', compatibility ? '32' : '64')
    .note('cpl', cpl);
  for (const name of ['rcx', 'rdx', 'r11', 'star', 'lstar', 'fmask', 'sysenterCs', 'sysenterEip', 'efer', 'rflags']) {
    c.note(name, c.start(name));
  }
  return c;
}
