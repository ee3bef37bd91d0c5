import { expect, test, vi } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { describeChain, TIME_LIMIT_MS } from './testing/boot.ts';
import { MACHINE } from './testing/machine.ts';
import { QEMU } from './testing/qemu.ts';

vi.setConfig({ testTimeout: TIME_LIMIT_MS });

interface Flaw {
  readonly append: string;
  readonly program: string;
  readonly chain: readonly string[];
  readonly tripleFault?: boolean;
  /** QEMU does as AMD's processors do. */
  readonly vendor?: 'amd';
}

/** README.md explains each. Demand-zero page faults, error 6 at CPL 3, belong to the program and not to the flaw. */
const FLAWS: readonly Flaw[] = [
  { append: 'star=documented', program: 'zoo by-iretq', chain: ['#GP(18) cpl 0 8:return_by_iretq+25'] },
  { append: 'gdt=documented', program: 'zoo by-iretq', chain: ['#PF(4) cpl 3 23:by_iretq+7'] },
  { append: 'star=documented gdt=documented', program: 'zoo by-iretq', chain: ['#GP(10) cpl 0 8:return_by_iretq+25'] },
  { append: 'upper-u=0', program: 'userprog', chain: ['#PF(15) cpl 3 23:_start+0'] },
  {
    append: 'entry=documented',
    program: 'userprog',
    chain: ['#PF(3) cpl 0 8:documented_entry+0', '#PF', '#DF(0) cpl 0 8:documented_entry+0'],
  },
  { append: 'save-rcx=0', program: 'userprog', chain: ['#PF(14) cpl 3 23:0x0'] },
  {
    append: 'fmask=documented',
    program: 'zoo syscall-tf',
    chain: [
      '#DB(0) cpl 0 8:syscall_entry+0',
      '#PF(3) cpl 0 8:syscall_entry+0',
      '#PF',
      '#DF(0) cpl 0 8:syscall_entry+0',
    ],
  },
  { append: 'fmask=documented', program: 'zoo syscall-nt', chain: ['#GP(0) cpl 0 8:return_by_iretq+25'] },
  {
    append: 'tss=unset',
    program: 'zoo undefined',
    chain: ['#UD(0) cpl 3 23:undefined+0', '#SS(1) cpl 3 23:undefined+0', '#SS', '#DF(0) cpl 3 23:undefined+0', '#SS'],
    tripleFault: true,
  },
  {
    append: 'canonical-check=0',
    program: 'zoo syscall-top',
    chain: ['#PF(6) cpl 3 23:syscall_top+22', '#GP(0) cpl 3 23:0x800000000000'],
    vendor: 'amd',
  },
  {
    append: 'documented',
    program: 'userprog',
    chain: ['#PF(15) cpl 3 1b:_start+0', '#SS', '#DF(0) cpl 3 1b:_start+0', '#SS'],
    tripleFault: true,
  },
];

/** QEMU leaves the error code's EXT bit (SDM vol. 3A, 6.13) at 0 when delivering an exception raises #SS. */
const withoutEXT = (raised: string) => raised.replace('#SS(1)', '#SS(0)');

for (const { name, tools, boot } of [MACHINE, QEMU]) {
  describeWith(tools, `the documented flaws on ${name}`, () => {
    test.for(FLAWS)('$append: $program', async ({ append, program, chain, tripleFault = false, vendor }) => {
      // The timer would make the first return by IRETQ come at a time of its own.
      const run = await boot({ append: `${append} timer=off`, programs: [program], ...(vendor && { vendor }) });
      const raised = await describeChain(run, program.split(' ')[0] ?? '');
      expect(raised).toEqual(name === QEMU.name ? chain.map(withoutEXT) : chain);
      expect(run.tripleFault).toBe(tripleFault);
    });

    test("documented: the document's own text", async () => {
      const { log } = await boot({ append: 'documented', programs: ['userprog'] });
      expect(log).toMatch(
        /^\[TEST\] SYSCALL from ring 0 \(should halt\)\.\.\.\n\[KERNEL\] Syscall 2 args: 0 [0-9A-F]+ [0-9A-F]+\n\[USER\] Process exited with code: 0\n/m,
      );
      expect(log).not.toContain('RING3 OK');
    });
  });
}
