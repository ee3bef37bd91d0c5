import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const MANUAL = 'SDM vol. 3A, 2.5';
const { bit, field } = fieldsOf(MANUAL);

export const cr0 = describeRegister({
  name: 'CR0',
  bits: 64,
  title: 'Control register 0: operating mode',
  manual: MANUAL,
  fields: [
    bit('PE', 0, 'Protection enable', 'Protected mode: selectors name descriptors and privilege levels count.'),
    bit('MP', 1, 'Monitor coprocessor', 'WAIT raises #NM while TS is 1.'),
    bit('EM', 2, 'Emulation', 'x87 instructions raise #NM, SSE instructions #UD.'),
    bit('TS', 3, 'Task switched', 'The next x87 or SSE instruction raises #NM, so its state can be swapped lazily.'),
    bit('ET', 4, 'Extension type', 'Always 1: a 387-class x87 is there.', { reserved: 'one' }),
    bit('NE', 5, 'Numeric error', 'x87 errors raise #MF; with 0 they go out on a pin to the interrupt controller.'),
    bit('WP', 16, 'Write protect', 'Read-only pages refuse writes of the supervisor too.'),
    bit('AM', 18, 'Alignment mask', 'Lets RFLAGS.AC switch on alignment checks at CPL 3.'),
    bit('NW', 29, 'Not write-through', 'With CD chooses how caches work; setting it without CD is #GP.'),
    bit('CD', 30, 'Cache disable', 'Restricts use of the caches.'),
    bit('PG', 31, 'Paging', 'Linear addresses are translated by page tables. Needs PE.'),
  ],
});
export const CR0 = lowMasks(cr0);

export const cr2 = describeRegister({
  name: 'CR2',
  bits: 64,
  title: 'Control register 2: page-fault linear address',
  manual: MANUAL,
  fields: [field('Address', 63, 0, 'Faulting address', 'The linear address whose translation raised the last #PF.')],
});

const pwt = bit('PWT', 3, 'Page-level write-through', 'Caching of the top page table: write-through.');
const pcd = bit('PCD', 4, 'Page-level cache disable', 'Caching of the top page table: none.');
const top = { physical: true, manual: 'SDM vol. 3A, 4.5' };
const free = { reserved: 'ignored' } as const;

/** CR3 with CR4.PCIDE = 0. */
export const cr3 = describeRegister({
  name: 'CR3',
  bits: 64,
  title: 'Control register 3: page-table base',
  manual: MANUAL,
  fields: [
    field('ignored 2:0', 2, 0, 'Ignored', 'The processor does not look at these bits.', free),
    pwt,
    pcd,
    field('ignored 11:5', 11, 5, 'Ignored', 'The processor does not look at these bits.', free),
    field('Base', 51, 12, 'Page-table base', 'Physical address of the PML4 table (page directory without PAE).', top),
  ],
});
export const CR3 = lowMasks(cr3);

/** CR3 with CR4.PCIDE = 1. */
export const cr3WithPcid = describeRegister({
  name: 'CR3',
  bits: 64,
  title: 'Control register 3: page-table base and process-context identifier',
  manual: 'SDM vol. 3A, 4.10.1',
  fields: [
    field(
      'PCID',
      11,
      0,
      'Process-context identifier',
      'Tags cached translations, so that several spaces share the TLB.',
    ),
    field('Base', 51, 12, 'Page-table base', 'Physical address of the PML4 table.', top),
    bit('NOFLUSH', 63, 'Keep translations', 'In the value written: do not drop translations of this PCID. Reads as 0.'),
  ],
});

export const cr4 = describeRegister({
  name: 'CR4',
  bits: 64,
  title: 'Control register 4: features',
  manual: MANUAL,
  fields: [
    bit('VME', 0, 'Virtual-8086 extensions', 'Interrupt handling helped by VIF and VIP in virtual-8086 mode.'),
    bit('PVI', 1, 'Protected-mode virtual interrupts', 'VIF instead of IF for CPL 3 code.'),
    bit('TSD', 2, 'Time stamp disable', 'RDTSC and RDTSCP only at CPL 0.'),
    bit('DE', 3, 'Debugging extensions', 'I/O breakpoints work, and DR4 and DR5 raise #UD.'),
    bit('PSE', 4, 'Page size extensions', '4 MiB pages in 32-bit paging.'),
    bit('PAE', 5, 'Physical address extension', '64-bit page-table entries. IA-32e mode needs it.'),
    bit('MCE', 6, 'Machine-check enable', 'Hardware errors raise #MC.'),
    bit('PGE', 7, 'Page global enable', 'Translations marked G survive a load of CR3.'),
    bit('PCE', 8, 'Performance counter enable', 'RDPMC works at every CPL.'),
    bit('OSFXSR', 9, 'OS supports FXSAVE', 'The system saves SSE state: SSE instructions work.'),
    bit('OSXMMEXCPT', 10, 'OS supports SIMD exceptions', 'Unmasked SIMD floating-point errors raise #XM, not #UD.'),
    bit('UMIP', 11, 'User-mode instruction prevention', 'SGDT, SIDT, SLDT, SMSW and STR raise #GP above CPL 0.'),
    bit('LA57', 12, '57-bit linear addresses', 'Five levels of page tables.'),
    bit('VMXE', 13, 'VMX enable', 'Intel virtualization instructions work.'),
    bit('SMXE', 14, 'SMX enable', 'GETSEC works.'),
    bit('FSGSBASE', 16, 'FSGSBASE enable', 'RDFSBASE, WRFSBASE, RDGSBASE and WRGSBASE work at every CPL.'),
    bit('PCIDE', 17, 'PCID enable', 'The low 12 bits of CR3 are a process-context identifier.'),
    bit('OSXSAVE', 18, 'OS supports XSAVE', 'XSAVE, XGETBV and XSETBV work.'),
    bit('KL', 19, 'Key locker', 'Key Locker instructions work.'),
    bit('SMEP', 20, 'Supervisor-mode execution prevention', 'Fetching from a user page below CPL 3 raises #PF.'),
    bit(
      'SMAP',
      21,
      'Supervisor-mode access prevention',
      'Data access to a user page below CPL 3 raises #PF unless AC is 1.',
    ),
    bit('PKE', 22, 'Protection keys for user pages', 'PKRU limits access to user pages by their key.'),
    bit('CET', 23, 'Control-flow enforcement', 'Shadow stacks and indirect-branch tracking.'),
    bit('PKS', 24, 'Protection keys for supervisor pages', 'IA32_PKRS limits access to supervisor pages.'),
    bit('UINTR', 25, 'User interrupts', 'User interrupts are delivered.'),
    bit('LAM_SUP', 28, 'Supervisor linear-address masking', 'Upper bits of supervisor pointers may hold data.'),
  ],
});
export const CR4 = lowMasks(cr4);

export const cr8 = describeRegister({
  name: 'CR8',
  bits: 64,
  title: 'Control register 8: task priority',
  manual: 'SDM vol. 3A, 10.8.6',
  fields: [field('TPL', 3, 0, 'Task priority level', 'Interrupts of this priority class and below wait.')],
});
