import { hex, row, type RowSource } from './row.ts';

/** ADD to CMP share one layout in the opcode map: eight columns of six forms, and the immediate group 1. */
const eight = ['add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp'].flatMap((name, n): RowSource[] => {
  const base = n * 8;
  const lock = name === 'cmp' ? '' : 'lock';
  return [
    row(name, `${hex(base)} /r`, 'Eb,Gb', lock),
    row(name, `${hex(base + 1)} /r`, 'Ev,Gv', lock),
    row(name, `${hex(base + 2)} /r`, 'Gb,Eb'),
    row(name, `${hex(base + 3)} /r`, 'Gv,Ev'),
    row(name, hex(base + 4), 'AL,Ib'),
    row(name, hex(base + 5), 'rAX,Iz'),
    row(name, `80 /${n}`, 'Eb,Ib', lock),
    row(name, `81 /${n}`, 'Ev,Iz', lock),
    row(name, `82 /${n}`, 'Eb,Ib', `${lock} i64`),
    row(name, `83 /${n}`, 'Ev,sIb', lock),
  ];
});

/** Group 2. SHL has a second encoding at /6. */
const shifts = ['rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', 'shl', 'sar'].flatMap((name, n): RowSource[] => [
  row(name, `c0 /${n}`, 'Eb,Ib'),
  row(name, `c1 /${n}`, 'Ev,Ib'),
  row(name, `d0 /${n}`, 'Eb,1'),
  row(name, `d1 /${n}`, 'Ev,1'),
  row(name, `d2 /${n}`, 'Eb,CL'),
  row(name, `d3 /${n}`, 'Ev,CL'),
]);

/** Integer arithmetic, logic, shifts and decimal adjustment (SDM vol. 2D, appendix A.3 and A.4). */
export const arithmetic: readonly RowSource[] = [
  ...eight,
  ...shifts,
  row('inc', '40+r', 'Zv', 'i64'),
  row('dec', '48+r', 'Zv', 'i64'),
  row('inc', 'fe /0', 'Eb', 'lock'),
  row('dec', 'fe /1', 'Eb', 'lock'),
  row('inc', 'ff /0', 'Ev', 'lock'),
  row('dec', 'ff /1', 'Ev', 'lock'),
  row('test', '84 /r', 'Eb,Gb'),
  row('test', '85 /r', 'Ev,Gv'),
  row('test', 'a8', 'AL,Ib'),
  row('test', 'a9', 'rAX,Iz'),
  row('test', 'f6 /0', 'Eb,Ib'),
  row('test', 'f6 /1', 'Eb,Ib'),
  row('test', 'f7 /0', 'Ev,Iz'),
  row('test', 'f7 /1', 'Ev,Iz'),
  row('not', 'f6 /2', 'Eb', 'lock'),
  row('not', 'f7 /2', 'Ev', 'lock'),
  row('neg', 'f6 /3', 'Eb', 'lock'),
  row('neg', 'f7 /3', 'Ev', 'lock'),
  row('mul', 'f6 /4', 'Eb'),
  row('mul', 'f7 /4', 'Ev'),
  row('imul', 'f6 /5', 'Eb'),
  row('imul', 'f7 /5', 'Ev'),
  row('div', 'f6 /6', 'Eb'),
  row('div', 'f7 /6', 'Ev'),
  row('idiv', 'f6 /7', 'Eb'),
  row('idiv', 'f7 /7', 'Ev'),
  row('imul', '0f af /r', 'Gv,Ev'),
  row('imul', '69 /r', 'Gv,Ev,Iz'),
  row('imul', '6b /r', 'Gv,Ev,sIb'),
  row('shld', '0f a4 /r', 'Ev,Gv,Ib'),
  row('shld', '0f a5 /r', 'Ev,Gv,CL'),
  row('shrd', '0f ac /r', 'Ev,Gv,Ib'),
  row('shrd', '0f ad /r', 'Ev,Gv,CL'),
  row('xadd', '0f c0 /r', 'Eb,Gb', 'lock'),
  row('xadd', '0f c1 /r', 'Ev,Gv', 'lock'),
  row('adcx', '66 0f38 f6 /r', 'Gy,Ey', 'ADX'),
  row('adox', 'f3 0f38 f6 /r', 'Gy,Ey', 'ADX'),
  row('cbw', 'v16 98', '', 'op:cbw'),
  row('cwde', 'v32 98', '', 'op:cbw'),
  row('cdqe', 'v64 98', '', 'op:cbw'),
  row('cwd', 'v16 99', '', 'op:cwd'),
  row('cdq', 'v32 99', '', 'op:cwd'),
  row('cqo', 'v64 99', '', 'op:cwd'),
  row('daa', '27', '', 'i64'),
  row('das', '2f', '', 'i64'),
  row('aaa', '37', '', 'i64'),
  row('aas', '3f', '', 'i64'),
  row('aam', 'd4', 'Ib', 'i64'),
  row('aad', 'd5', 'Ib', 'i64'),
];
