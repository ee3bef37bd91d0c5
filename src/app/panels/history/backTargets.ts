import type { BackTarget } from '../../store/history.ts';

/** What one can run back to, as menus name it. */
export const backTargets: readonly (readonly [BackTarget, string])[] = [
  ['syscall', 'Previous SYSCALL'],
  ['sysret', 'Previous SYSRET'],
  ['ring-change', 'Previous change of ring'],
  ['exception', 'Previous exception'],
  ['interrupt', 'Previous interrupt'],
  ['output', 'Previous output'],
  ['breakpoint', 'Previous breakpoint'],
  ['start', 'Start of the history'],
];
