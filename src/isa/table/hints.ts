import { group, row, type RowSource } from './row.ts';

/**
 * Instructions that change nothing a program can see. 0F 0D and 0F 18..1F are hint space: what a processor does not
 * know there it runs as a NOP with ModRM (SDM vol. 2D, table A-3, "reserved-NOP"; APM vol. 3, appendix A).
 */
export const hints: readonly RowSource[] = [
  // Of 0F 0D with memory, /1 and its alias /3 fetch for writing, the others are read prefetches (APM vol. 3, PREFETCH).
  ...[0, 2, 4, 5, 6, 7].map((n) => row('prefetch', `0f 0d /${n}`, 'Mb', 'PREFETCHW')),
  row('prefetchw', '0f 0d /1', 'Mb', 'op:prefetch PREFETCHW'),
  row('prefetchw', '0f 0d /3', 'Mb', 'op:prefetch PREFETCHW'),
  row('prefetchnta', '0f 18 /0', 'Mb', 'op:prefetch SSE'),
  row('prefetcht0', '0f 18 /1', 'Mb', 'op:prefetch SSE'),
  row('prefetcht1', '0f 18 /2', 'Mb', 'op:prefetch SSE'),
  row('prefetcht2', '0f 18 /3', 'Mb', 'op:prefetch SSE'),
  ...['0d', '18', '19', '1a', '1b', '1c', '1d', '1e', '1f'].map((opcode) => row('nop', `0f ${opcode} /r`, 'Ev')),
  row('endbr64', 'f3 0f 1e fa', '', 'CET_IBT op:nop'),
  row('endbr32', 'f3 0f 1e fb', '', 'CET_IBT op:nop'),
  ...group('CLFSH', [row('clflush', 'np 0f ae /7', 'Mb')]),
  row('clflushopt', '66 0f ae /7', 'Mb', 'CLFLUSHOPT'),
  row('clwb', '66 0f ae /6', 'Mb', 'CLWB'),
  row('sfence', 'np 0f ae /7', '', 'reg SSE'),
  row('lfence', 'np 0f ae /5', '', 'reg SSE2'),
  row('mfence', 'np 0f ae /6', '', 'reg SSE2'),
];
