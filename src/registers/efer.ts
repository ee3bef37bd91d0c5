import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const MANUAL = 'SDM vol. 3A, 2.2.1';
const { bit } = fieldsOf(MANUAL);
const AMD = { manual: 'APM vol. 2, 3.1.7' };

export const efer = describeRegister({
  name: 'IA32_EFER',
  address: 0xc0000080,
  bits: 64,
  title: 'Extended feature enables',
  manual: MANUAL,
  fields: [
    bit('SCE', 0, 'SYSCALL enable', 'SYSCALL and SYSRET work; without it they raise #UD.'),
    bit('LME', 8, 'IA-32e mode enable', 'Setting CR0.PG will enter IA-32e (long) mode.'),
    bit('LMA', 10, 'IA-32e mode active', 'Long mode is on. Set by the processor; a write does not change it.'),
    bit(
      'NXE',
      11,
      'Execute-disable enable',
      'Bit 63 of page-table entries forbids fetching; without it that bit is reserved.',
    ),
    bit('SVME', 12, 'Secure virtual machine enable', 'AMD virtualization instructions work. Reserved on Intel.', AMD),
    bit('LMSLE', 13, 'Long-mode segment limits', 'Limit checks in 64-bit mode. Reserved on Intel.', AMD),
    bit(
      'FFXSR',
      14,
      'Fast FXSAVE',
      'FXSAVE and FXRSTOR at CPL 0 in 64-bit mode leave XMM out. Reserved on Intel.',
      AMD,
    ),
    bit('TCE', 15, 'Translation cache extension', 'INVLPG drops fewer upper-level entries. Reserved on Intel.', AMD),
  ],
});
export const EFER = lowMasks(efer);
