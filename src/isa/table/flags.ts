import { row, type RowSource } from './row.ts';

/** Instructions on single flags. */
export const flagOps: readonly RowSource[] = [
  row('cmc', 'f5'),
  row('clc', 'f8'),
  row('stc', 'f9'),
  row('cli', 'fa'),
  row('sti', 'fb'),
  row('cld', 'fc'),
  row('std', 'fd'),
  row('lahf', '9f'),
  row('sahf', '9e'),
  row('salc', 'd6', '', 'i64'),
  row('clac', 'np 0f 01 ca', '', 'SMAP'),
  row('stac', 'np 0f 01 cb', '', 'SMAP'),
];
