import { group, row, type RowSource } from './row.ts';

const tests = ['bt', 'bts', 'btr', 'btc'].flatMap((name, n): RowSource[] => {
  const lock = name === 'bt' ? '' : 'lock';
  return [
    row(name, `0f ${['a3', 'ab', 'b3', 'bb'][n]} /r`, 'Ev,Gv', lock),
    row(name, `0f ba /${n + 4}`, 'Ev,Ib', lock),
  ];
});

/** Bit tests, scans and counts, and the VEX-coded BMI sets (SDM vol. 2D, table and group 17). */
export const bits: readonly RowSource[] = [
  ...tests,
  row('bsf', '0f bc /r', 'Gv,Ev'),
  row('bsr', '0f bd /r', 'Gv,Ev'),
  row('tzcnt', 'f3 0f bc /r', 'Gv,Ev', 'BMI1'),
  row('lzcnt', 'f3 0f bd /r', 'Gv,Ev', 'LZCNT'),
  row('popcnt', 'f3 0f b8 /r', 'Gv,Ev', 'POPCNT'),
  ...group('BMI1', [
    row('andn', 'vex.l0.np.0f38.wig f2 /r', 'Gy,By,Ey'),
    row('blsr', 'vex.l0.np.0f38.wig f3 /1', 'By,Ey'),
    row('blsmsk', 'vex.l0.np.0f38.wig f3 /2', 'By,Ey'),
    row('blsi', 'vex.l0.np.0f38.wig f3 /3', 'By,Ey'),
    row('bextr', 'vex.l0.np.0f38.wig f7 /r', 'Gy,Ey,By'),
  ]),
  ...group('BMI2', [
    row('bzhi', 'vex.l0.np.0f38.wig f5 /r', 'Gy,Ey,By'),
    row('pext', 'vex.l0.f3.0f38.wig f5 /r', 'Gy,By,Ey'),
    row('pdep', 'vex.l0.f2.0f38.wig f5 /r', 'Gy,By,Ey'),
    row('mulx', 'vex.l0.f2.0f38.wig f6 /r', 'Gy,By,Ey'),
    row('shlx', 'vex.l0.66.0f38.wig f7 /r', 'Gy,Ey,By'),
    row('sarx', 'vex.l0.f3.0f38.wig f7 /r', 'Gy,Ey,By'),
    row('shrx', 'vex.l0.f2.0f38.wig f7 /r', 'Gy,Ey,By'),
    row('rorx', 'vex.l0.f2.0f3a.wig f0 /r', 'Gy,Ey,Ib'),
  ]),
];
