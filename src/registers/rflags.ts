import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const { bit, field } = fieldsOf('SDM vol. 1, 3.4.3');
const SYSTEM = { manual: 'SDM vol. 3A, 2.3' };

export const rflags = describeRegister({
  name: 'RFLAGS',
  bits: 64,
  title: 'Flags',
  manual: 'SDM vol. 1, 3.4.3',
  fields: [
    bit('CF', 0, 'Carry', 'An unsigned result did not fit: carry or borrow out of the top bit.'),
    bit('reserved 1', 1, 'Always 1', 'Reads as 1 whatever is written.', { reserved: 'one' }),
    bit('PF', 2, 'Parity', 'The low byte of the result has an even number of 1 bits.'),
    bit('AF', 4, 'Auxiliary carry', 'Carry or borrow between bits 3 and 4, for decimal arithmetic.'),
    bit('ZF', 6, 'Zero', 'The result was zero.'),
    bit('SF', 7, 'Sign', 'The top bit of the result.'),
    bit('TF', 8, 'Trap', 'Raises #DB after each instruction: single-step.', SYSTEM),
    bit('IF', 9, 'Interrupt enable', 'Maskable interrupts are delivered while it is 1.', SYSTEM),
    bit('DF', 10, 'Direction', 'String instructions count down when it is 1, up when it is 0.'),
    bit('OF', 11, 'Overflow', 'A signed result did not fit.'),
    field('IOPL', 13, 12, 'I/O privilege level', 'CLI, STI and port access need CPL at or below this number.', SYSTEM),
    bit('NT', 14, 'Nested task', 'Tells IRET to return to a linked task; in IA-32e mode IRET then raises #GP.', SYSTEM),
    bit('RF', 16, 'Resume', 'Holds off instruction breakpoints for one instruction.', SYSTEM),
    bit('VM', 17, 'Virtual-8086 mode', 'Runs real-mode code inside protected mode; not in IA-32e mode.', SYSTEM),
    bit(
      'AC',
      18,
      'Alignment check, access control',
      'At CPL 3 with CR0.AM: misaligned data access raises #AC. Below CPL 3 with CR4.SMAP: allows access to user pages.',
      SYSTEM,
    ),
    bit('VIF', 19, 'Virtual interrupt flag', 'Virtual image of IF, used with CR4.VME or CR4.PVI.', SYSTEM),
    bit('VIP', 20, 'Virtual interrupt pending', 'An interrupt waits for VIF to become 1.', SYSTEM),
    bit('ID', 21, 'Identification', 'Being able to change it shows that CPUID exists.', SYSTEM),
  ],
});

/** Masks in the low half; bits 63:32 of RFLAGS are all reserved. */
export const RFLAGS = lowMasks(rflags);

/** Bit position of IOPL's low bit. */
export const IOPL_SHIFT = 12;
/** The value after reset, and the least any RFLAGS value holds: bit 1 reads as 1. */
export const RFLAGS_FIXED = 2;
/** Flags that arithmetic writes. */
export const RFLAGS_STATUS = RFLAGS.CF | RFLAGS.PF | RFLAGS.AF | RFLAGS.ZF | RFLAGS.SF | RFLAGS.OF;
