import { group, row, type RowSource } from './row.ts';

/** A save instruction and its REX.W form, which keeps 64-bit FIP and FDP and has a name of its own. */
function both(name: string, encoding: string): RowSource[] {
  return [row(name, `w0 ${encoding}`, 'M', `op:${name}`), row(`${name}64`, `w1 ${encoding}`, 'M', `op:${name}`)];
}

/** FXSAVE and the XSAVE family (SDM vol. 1, chapter 13). */
export const saveArea: readonly RowSource[] = [
  ...group('FXSR', [...both('fxsave', 'np 0f ae /0'), ...both('fxrstor', 'np 0f ae /1')]),
  ...group('XSAVE', [...both('xsave', 'np 0f ae /4'), ...both('xrstor', 'np 0f ae /5')]),
  ...group('XSAVEOPT', both('xsaveopt', 'np 0f ae /6')),
  ...group('XSAVEC', both('xsavec', 'np 0f c7 /4')),
  ...group('XSAVES', [...both('xsaves', 'np 0f c7 /5'), ...both('xrstors', 'np 0f c7 /3')]),
  row('ldmxcsr', 'np 0f ae /2', 'Md', 'SSE'),
  row('stmxcsr', 'np 0f ae /3', 'Md', 'SSE'),
];
