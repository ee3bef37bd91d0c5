import { expect, test, vi } from 'vitest';
import { describeWith } from '../testing/tools.ts';
import { BUILT, bootQemu, type LoggedException, TIME_LIMIT_MS } from './testing/qemu.ts';
import { readSymbols } from './testing/symbols.ts';

vi.setConfig({ testTimeout: TIME_LIMIT_MS });

const NAMES = new Map([
  [1, '#DB'],
  [6, '#UD'],
  [8, '#DF'],
  [12, '#SS'],
  [13, '#GP'],
  [14, '#PF'],
]);

/** The chain as a person would say it: "#PF(15) cpl 3 23:_start+0". */
async function chain(exceptions: readonly LoggedException[], program: string): Promise<string[]> {
  const kernel = await readSymbols(`${BUILT}emergence.elf`);
  const user = await readSymbols(`${BUILT}${program}.elf`);
  return exceptions.map(({ vector, errorCode, cpl, cs, rip }) => {
    const where = rip >= 0xffffffff80000000n ? kernel(rip) : user(rip);
    return `${NAMES.get(vector) ?? vector}(${errorCode.toString(16)}) cpl ${cpl} ${cs.toString(16)}:${where}`;
  });
}

interface Flaw {
  readonly append: string;
  readonly program: string;
  readonly chain: readonly string[];
  readonly tripleFault?: boolean;
  readonly cpu?: string;
}

/** README.md explains each. Demand-zero page faults, error 6 at CPL 3, belong to the program and not to the flaw. */
const FLAWS: readonly Flaw[] = [
  { append: 'star=documented', program: 'zoo by-iretq', chain: ['#GP(18) cpl 0 8:return_by_iretq+25'] },
  { append: 'gdt=documented', program: 'zoo by-iretq', chain: ['#PF(4) cpl 3 23:by_iretq+7'] },
  { append: 'star=documented gdt=documented', program: 'zoo by-iretq', chain: ['#GP(10) cpl 0 8:return_by_iretq+25'] },
  { append: 'upper-u=0', program: 'userprog', chain: ['#PF(15) cpl 3 23:_start+0'] },
  {
    append: 'entry=documented',
    program: 'zoo syscall-kernel-rsp',
    chain: ['#PF(3) cpl 0 8:documented_entry+0', '#DF(0) cpl 0 8:documented_entry+0'],
  },
  {
    append: 'entry=documented',
    program: 'userprog',
    chain: ['#PF(3) cpl 0 8:documented_entry+0', '#DF(0) cpl 0 8:documented_entry+0'],
    cpu: 'max',
  },
  { append: 'save-rcx=0', program: 'userprog', chain: ['#PF(14) cpl 3 23:0x0'] },
  { append: 'fmask=documented', program: 'zoo syscall-tf', chain: ['#DB(0) cpl 0 8:syscall_entry+0'] },
  { append: 'fmask=documented', program: 'zoo syscall-nt', chain: ['#GP(0) cpl 0 8:return_by_iretq+25'] },
  {
    append: 'tss=unset',
    program: 'zoo undefined',
    chain: ['#UD(0) cpl 3 23:undefined+0', '#SS(0) cpl 3 23:undefined+0', '#DF(0) cpl 3 23:undefined+0'],
    tripleFault: true,
  },
  {
    append: 'canonical-check=0',
    program: 'zoo syscall-top',
    chain: ['#PF(6) cpl 3 23:syscall_top+22', '#GP(0) cpl 3 23:0x800000000000'],
  },
  {
    append: 'documented',
    program: 'userprog',
    chain: ['#PF(15) cpl 3 1b:_start+0', '#DF(0) cpl 3 1b:_start+0'],
    tripleFault: true,
  },
];

describeWith('qemu-system-x86_64', 'the documented flaws under QEMU', () => {
  test.for(FLAWS)('$append: $program', async (flaw) => {
    const run = await bootQemu({
      // The timer would make the first return by IRETQ come at a time of its own.
      append: `${flaw.append} timer=off`,
      programs: [flaw.program],
      ...(flaw.cpu && { cpu: flaw.cpu }),
    });
    const program = flaw.program.split(' ')[0] ?? '';
    expect(await chain(run.exceptions, program)).toEqual(flaw.chain);
    expect(run.tripleFault).toBe(flaw.tripleFault ?? false);
  });
});
