import { expect, test } from 'vitest';
import { viewAt } from '../testing/views.ts';
import { spokenStep } from './spoken.ts';

test('a SYSCALL reads as sentences, without arrows and brackets', () => {
  const spoken = [0, 1, 3, 7, 10].map((position) => {
    const { microcode } = viewAt(100, position);
    return microcode === null ? null : spokenStep(microcode);
  });
  expect(spoken).toEqual([
    null,
    'SYSCALL, step 1 of 10. IA32_EFER.SCE = 1. This holds, found 1.',
    'SYSCALL, step 3 of 10. RCX becomes address of the next instruction. It is 40001e now.',
    'SYSCALL, step 7 of 10. CS becomes STAR bits 47 to 32 with RPL 0. Hidden part fixed: DPL 0, L = 1. It is 8 now.',
    'SYSCALL, step 10 of 10. RSP stays: still the user’s stack. It is 7fffffffeff0, unchanged.',
  ]);
});
