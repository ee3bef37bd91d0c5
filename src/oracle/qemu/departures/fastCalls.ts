/** SYSCALL, SYSRET, SYSENTER and SYSEXIT. */
import { refusal } from '../refusal.ts';
import { isCanonical } from '../tables.ts';
import { type Departure, begins, isNamed, moved } from './departure.ts';

/** CF, PF, AF, ZF, SF, DF and OF. */
const LAZY_FLAGS = 0xcd5n;
const VM = 0x20000n;

export const FAST_CALLS: readonly Departure[] = [
  {
    name: 'SYSCALL clears the arithmetic flags and DF',
    manual: 'SDM vol. 2B, SYSCALL: RFLAGS loses only the bits that are set in IA32_FMASK, and RF',
    mend: (c, o) => {
      if (!isNamed(c, 'syscall') || c.notes.get('mode') !== '64' || !moved(c, o) || o.get('rcx') === c.start('rcx'))
        return;
      const kept = c.start('rflags') & ~c.start('fmask') & LAZY_FLAGS;
      o.set('rflags', o.get('rflags') | kept);
      o.set('handlerFlags', o.get('handlerFlags') | kept);
    },
  },
  {
    name: 'SYSCALL and SYSRET work in compatibility mode on an Intel processor',
    manual: 'SDM vol. 2B, SYSCALL and SYSRET: #UD if not in 64-bit mode',
    mend: (c, o) => {
      const either = isNamed(c, 'syscall') || begins(c, 'sysret');
      if (either && c.notes.get('mode') === '32') o.replace(refusal(c, 6, null));
    },
  },
  {
    name: 'SYSRET loads VM and RF',
    manual: 'SDM vol. 2B, SYSRET: RFLAGS is R11 and 3C7FD7h, or 2',
    mend: (c, o) => {
      if (begins(c, 'sysret') && moved(c, o)) o.set('rflags', o.get('rflags') & ~VM);
    },
  },
  {
    name: 'SYSRET and SYSEXIT go to addresses that are not canonical',
    manual: 'SDM vol. 2B, SYSRET and SYSEXIT with REX.W: #GP(0) if RCX (or RDX, for SYSEXIT) is not canonical',
    mend: (c, o) => {
      if (c.notes.get('mode') !== '64' || !moved(c, o)) return;
      const bad = (name: string): boolean => !isCanonical(c.start(name));
      if (isNamed(c, 'sysretq') && bad('rcx')) o.replace(refusal(c, 13, 0));
      if (isNamed(c, 'sysexitq') && (bad('rcx') || bad('rdx'))) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'SYSENTER and SYSEXIT take null selectors with an RPL',
    manual: 'SDM vol. 2B, SYSENTER and SYSEXIT: #GP(0) if IA32_SYSENTER_CS[15:2] is 0',
    mend: (c, o) => {
      const either = isNamed(c, 'sysenter') || begins(c, 'sysexit');
      if (either && moved(c, o) && (c.start('sysenterCs') & 0xfffcn) === 0n) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'SYSEXIT without REX.W loads all of RIP and RSP',
    manual: 'SDM vol. 2B, SYSEXIT: with a 32-bit operand RSP becomes ECX and RIP becomes EDX, zero-extended',
    mend: (c, o) => {
      const wide = isNamed(c, 'sysexitq') && c.notes.get('mode') === '64';
      if (!begins(c, 'sysexit') || wide || !moved(c, o)) return;
      o.set('rip', BigInt.asUintN(32, o.get('rip')));
      o.set('rsp', BigInt.asUintN(32, o.get('rsp')));
    },
  },
];
