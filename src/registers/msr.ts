import { efer } from './efer.ts';
import { describeRegister, type Field, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';
import { rflags } from './rflags.ts';

const SYSCALL = 'SDM vol. 3A, 5.8.8';
const SEGMENT_BASES = 'SDM vol. 3A, 3.4.4.1';
const SYSENTER = 'SDM vol. 3A, 5.8.7';
const { field } = fieldsOf(SYSCALL);

export const star = describeRegister({
  name: 'IA32_STAR',
  address: 0xc0000081,
  bits: 64,
  title: 'Selectors of SYSCALL and SYSRET',
  manual: SYSCALL,
  fields: [
    field(
      'EIP',
      31,
      0,
      '32-bit SYSCALL target',
      'Where SYSCALL goes outside long mode, on AMD. Not used in long mode.',
      {
        manual: 'APM vol. 2, 6.1.1',
        reserved: 'ignored',
      },
    ),
    field('SYSCALL CS', 47, 32, 'Kernel selectors', 'SYSCALL loads CS from here (RPL cleared) and SS from here + 8.'),
    field(
      'SYSRET CS',
      63,
      48,
      'User selectors',
      'SYSRETQ loads CS from here + 16 and SS from here + 8, 32-bit SYSRET CS from here itself; all with RPL 3.',
    ),
  ],
});

export const lstar = describeRegister({
  name: 'IA32_LSTAR',
  address: 0xc0000082,
  bits: 64,
  title: 'SYSCALL target, 64-bit',
  manual: SYSCALL,
  fields: [field('RIP', 63, 0, 'Entry point', 'SYSCALL in 64-bit mode loads RIP from here. Must be canonical.')],
});

export const cstar = describeRegister({
  name: 'IA32_CSTAR',
  address: 0xc0000083,
  bits: 64,
  title: 'SYSCALL target, compatibility mode',
  manual: SYSCALL,
  fields: [
    field('RIP', 63, 0, 'Entry point', 'SYSCALL in compatibility mode goes here, on AMD; on Intel it is #UD there.', {
      manual: 'APM vol. 2, 6.1.1',
    }),
  ],
});

const fmaskFields = rflags.fields.filter((flag) => !('reserved' in flag));
/** One field per flag: the names are those of RFLAGS. */
export const fmask = {
  name: 'IA32_FMASK',
  address: 0xc0000084,
  bits: 64,
  title: 'Flags that SYSCALL clears',
  manual: SYSCALL,
  fields: fmaskFields.map(
    (flag): Field => ({
      name: flag.name,
      high: flag.high,
      low: flag.low,
      title: `Clear ${flag.name}`,
      meaning: `With 1, SYSCALL clears RFLAGS.${flag.name}; with 0 the kernel starts with the caller's.`,
      manual: SYSCALL,
    }),
  ),
};

function baseRegister<const N extends string, const A extends number>(
  name: N,
  address: A,
  title: string,
  meaning: string,
) {
  const fields = [fieldsOf(SEGMENT_BASES).field('Base', 63, 0, 'Base address', `${meaning} Must be canonical.`)];
  return { name, address, bits: 64, title, manual: SEGMENT_BASES, fields } as const;
}
export const fsBase = baseRegister('IA32_FS_BASE', 0xc0000100, 'Base of FS', 'Added to addresses with an FS prefix.');
export const gsBase = baseRegister('IA32_GS_BASE', 0xc0000101, 'Base of GS', 'Added to addresses with a GS prefix.');
export const kernelGsBase = baseRegister(
  'IA32_KERNEL_GS_BASE',
  0xc0000102,
  'The other base of GS',
  'SWAPGS exchanges it with IA32_GS_BASE.',
);

const sysenter = fieldsOf(SYSENTER);
export const sysenterCs = describeRegister({
  name: 'IA32_SYSENTER_CS',
  address: 0x174,
  bits: 64,
  title: 'Selectors of SYSENTER and SYSEXIT',
  manual: SYSENTER,
  fields: [
    sysenter.field(
      'Selector',
      15,
      0,
      'Kernel code selector',
      'SYSENTER: CS from here, SS + 8. SYSEXIT: CS + 16 and SS + 24, or + 32 and + 40 with REX.W.',
    ),
    sysenter.field('ignored 31:16', 31, 16, 'Ignored', 'Not used.', { reserved: 'ignored' }),
  ],
});
export const sysenterEsp = describeRegister({
  name: 'IA32_SYSENTER_ESP',
  address: 0x175,
  bits: 64,
  title: 'Stack pointer of SYSENTER',
  manual: SYSENTER,
  fields: [sysenter.field('RSP', 63, 0, 'Stack pointer', 'SYSENTER loads RSP from here.')],
});
export const sysenterEip = describeRegister({
  name: 'IA32_SYSENTER_EIP',
  address: 0x176,
  bits: 64,
  title: 'Target of SYSENTER',
  manual: SYSENTER,
  fields: [sysenter.field('RIP', 63, 0, 'Entry point', 'SYSENTER loads RIP from here.')],
});

const apic = fieldsOf('SDM vol. 3A, 10.4.4');
export const apicBase = describeRegister({
  name: 'IA32_APIC_BASE',
  address: 0x1b,
  bits: 64,
  title: 'Local APIC: where and whether',
  manual: 'SDM vol. 3A, 10.4.4',
  fields: [
    apic.bit('BSP', 8, 'Bootstrap processor', 'Set in the processor that starts first.'),
    apic.bit('EXTD', 10, 'x2APIC mode', 'Registers are MSRs instead of memory.', { manual: 'SDM vol. 3A, 10.12.1' }),
    apic.bit('EN', 11, 'APIC enable', 'The local APIC is on.'),
    apic.field('Base', 51, 12, 'Register page', 'Physical address of the page with the registers.', { physical: true }),
  ],
});
export const APIC_BASE = lowMasks(apicBase);

const patTypes = { 0: 'UC', 1: 'WC', 4: 'WT', 5: 'WP', 6: 'WB', 7: 'UC-' } as const;
const pat = fieldsOf('SDM vol. 3A, 11.12.2');
const patEntry = <const N extends string, const L extends number>(name: N, low: L) =>
  pat.field(name, low + 2, low, 'Memory type', `Type of pages whose PAT, PCD and PWT bits make ${name.slice(2)}.`, {
    values: patTypes,
  });
export const patRegister = describeRegister({
  name: 'IA32_PAT',
  address: 0x277,
  bits: 64,
  title: 'Page attribute table',
  manual: 'SDM vol. 3A, 11.12.2',
  fields: [
    patEntry('PA0', 0),
    patEntry('PA1', 8),
    patEntry('PA2', 16),
    patEntry('PA3', 24),
    patEntry('PA4', 32),
    patEntry('PA5', 40),
    patEntry('PA6', 48),
    patEntry('PA7', 56),
  ],
});

const misc = fieldsOf('SDM vol. 4, table 2-2');
export const miscEnable = describeRegister({
  name: 'IA32_MISC_ENABLE',
  address: 0x1a0,
  bits: 64,
  title: 'Miscellaneous enables (Intel)',
  manual: 'SDM vol. 4, table 2-2',
  fields: [
    misc.bit('FSE', 0, 'Fast strings', 'REP MOVS and REP STOS may move whole cache lines.'),
    misc.bit('TCC', 3, 'Thermal control', 'The processor slows down when hot.'),
    misc.bit('PMA', 7, 'Performance monitoring', 'Counters are there. Read-only.'),
    misc.bit('BTSU', 11, 'No branch trace storage', 'Read-only.'),
    misc.bit('PEBSU', 12, 'No event-based sampling', 'Read-only.'),
    misc.bit('EIST', 16, 'Speed steps', 'Enhanced SpeedStep is on.'),
    misc.bit('MONITOR', 18, 'MONITOR and MWAIT', 'CPUID reports them and they work.'),
    misc.bit('LCMV', 22, 'Limit CPUID leaves', 'CPUID reports no leaf above 2 (for old systems).'),
    misc.bit('xTPR', 23, 'No xTPR messages', 'Task-priority messages are off.'),
    misc.bit('XD', 34, 'Execute-disable off', 'EFER.NXE cannot be set; CPUID hides NX.'),
  ],
});

export const tscAux = describeRegister({
  name: 'IA32_TSC_AUX',
  address: 0xc0000103,
  bits: 64,
  title: 'Value RDTSCP and RDPID return',
  manual: 'SDM vol. 3B, 17.17.2',
  fields: [
    fieldsOf('SDM vol. 3B, 17.17.2').field('AUX', 31, 0, 'Auxiliary value', 'Systems keep the processor number here.'),
  ],
});

/** Every MSR described, by name. */
export const msrs = [
  apicBase,
  sysenterCs,
  sysenterEsp,
  sysenterEip,
  miscEnable,
  patRegister,
  efer,
  star,
  lstar,
  cstar,
  fmask,
  fsBase,
  gsBase,
  kernelGsBase,
  tscAux,
] as const;

/** MSR numbers by name. */
export const MSR = Object.freeze({
  IA32_APIC_BASE: apicBase.address,
  IA32_SYSENTER_CS: sysenterCs.address,
  IA32_SYSENTER_ESP: sysenterEsp.address,
  IA32_SYSENTER_EIP: sysenterEip.address,
  IA32_MISC_ENABLE: miscEnable.address,
  IA32_PAT: patRegister.address,
  IA32_EFER: efer.address,
  IA32_STAR: star.address,
  IA32_LSTAR: lstar.address,
  IA32_CSTAR: cstar.address,
  IA32_FMASK: fmask.address,
  IA32_FS_BASE: fsBase.address,
  IA32_GS_BASE: gsBase.address,
  IA32_KERNEL_GS_BASE: kernelGsBase.address,
  IA32_TSC_AUX: tscAux.address,
});
