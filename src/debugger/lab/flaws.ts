/** The faults of the document that the kernel can be told to have: words of its command line (src/kernel/README.md). */
import type { Flaw } from './views.ts';

/** In the order in which a person meets them: the one that shows first comes first. */
export const FLAWS: readonly Flaw[] = [
  {
    word: 'upper-u=0',
    title: 'U/S clear in the upper levels',
    program: 'userprog',
    said: 'SYSRET fails: the processor returns with #GP.',
    cause: 'The first fetch in ring 3 takes #PF: an access from CPL 3 needs U/S = 1 at every level of the walk.',
    repair: 'U/S = 1 in PML4E and PDPTE too.',
    when: 'at once',
  },
  {
    word: 'tss=unset',
    title: 'TSS base lacks its low half',
    program: 'zoo undefined',
    said: 'A fault in ring 3 resets the machine.',
    cause:
      'RSP0 is read from wherever the mangled base points and is not canonical, so no exception can change stacks.',
    repair: 'The base goes into bits 39:16, 63:56 and the second slot of the descriptor.',
    when: 'at the first exception or interrupt in ring 3',
  },
  {
    word: 'star=documented',
    title: 'STAR with its halves swapped',
    program: 'zoo by-iretq',
    said: 'STAR[63:48] is the kernel’s selector and STAR[47:32] the user’s.',
    cause:
      'It is the other way round. SYSRET reads no descriptor, so the wrong selectors lie unnoticed until IRETQ reads one.',
    repair: 'STAR[63:48] = 13h for SYSRET, STAR[47:32] = 08h for SYSCALL.',
    when: 'later: at the first return by IRETQ',
  },
  {
    word: 'gdt=documented',
    title: 'User code descriptor with L = 0',
    program: 'zoo by-iretq',
    said: '00CFFA000000FFFF is a long mode code segment.',
    cause: 'It is a 32-bit one. SYSRETQ never looks; IRETQ does, and goes on in compatibility mode.',
    repair: 'L = 1 and D = 0.',
    when: 'later: after the first return by IRETQ',
  },
  {
    word: 'entry=documented',
    title: 'Entry pushes before it changes stacks',
    program: 'userprog',
    said: 'Save the registers, then load the kernel’s stack.',
    cause: 'SYSCALL leaves RSP alone: the pushes go where ring 3 pointed, with ring 0’s rights. SMAP refuses them.',
    repair: 'SWAPGS, keep RSP, load the kernel’s stack, and only then push.',
    when: 'at the first SYSCALL',
  },
  {
    word: 'save-rcx=0',
    title: 'RCX and R11 not saved',
    program: 'userprog',
    said: 'C keeps what it needs.',
    cause: 'SYSCALL keeps the return address in RCX and RFLAGS in R11, and C may overwrite both.',
    repair: 'Save both in the frame, restore both before SYSRET.',
    when: 'at the first return',
  },
  {
    word: 'fmask=documented',
    title: 'FMASK clears IF only',
    program: 'zoo syscall-tf',
    said: 'FMASK = 200h is enough.',
    cause: 'DF, TF, AC and NT stay as ring 3 left them. With TF set, #DB comes at the first instruction of the entry.',
    repair: 'Clear AC, NT, DF and TF too: 44700h.',
    when: 'when ring 3 sets one of them',
  },
  {
    word: 'canonical-check=0',
    title: 'Return address not looked at',
    program: 'zoo syscall-top',
    said: 'What SYSCALL put into RCX is good for SYSRET.',
    cause:
      'A SYSCALL in the last bytes below 2^47 leaves a return address that is not canonical. Intel faults in ring 0, on ring 3’s stack; AMD after the switch.',
    repair: 'Look before SYSRET, and return by IRETQ if it is not canonical.',
    when: 'when ring 3 calls from there',
  },
  {
    word: 'documented',
    title: 'The whole document',
    program: 'userprog',
    said: 'SYSRET causes #GP because the emulator’s SYSRET is incomplete.',
    cause:
      'SYSRET works. The first fetch takes #PF (U/S), and the TSS turns it into a triple fault; the other faults have not had their turn yet.',
    repair: 'All of the above.',
    when: 'at once',
  },
];
