import { group, hex, row, type RowSource } from './row.ts';

/** D8, DC, DA, DE: the eight arithmetic operations on reals and integers in memory. */
const names = ['add', 'mul', 'com', 'comp', 'sub', 'subr', 'div', 'divr'];
const memoryArithmetic = names.flatMap((name, n): RowSource[] => [
  row(`f${name}`, `d8 /${n}`, 'Md'),
  row(`f${name}`, `dc /${n}`, 'Mq'),
  row(`fi${name}`, `da /${n}`, 'Md'),
  row(`fi${name}`, `de /${n}`, 'Mw'),
]);

/** ST(0) op= ST(i), ST(i) op= ST(0), and the same with a pop; the reversed pairs are swapped for the last two. */
const registerArithmetic = names.flatMap((name, n): RowSource[] => {
  const first = hex(0xc0 + 8 * n);
  if (name === 'com' || name === 'comp') return [row(`f${name}`, `d8 ${first}+i`, 'STi')];
  const swapped = hex(0xc0 + 8 * (n < 4 ? n : n ^ 1));
  return [
    row(`f${name}`, `d8 ${first}+i`, 'ST0,STi'),
    row(`f${name}`, `dc ${swapped}+i`, 'STi,ST0'),
    row(`f${name}p`, `de ${swapped}+i`, 'STi,ST0'),
  ];
});

/** D9 E0..FF: operations on the top of the stack, and constants. */
const D9_OPS =
  'fchs fabs - - ftst fxam - - fld1 fldl2t fldl2e fldpi fldlg2 fldln2 fldz - ' +
  'f2xm1 fyl2x fptan fpatan fxtract fprem1 fdecstp fincstp fprem fyl2xp1 fsqrt fsincos frndint fscale fsin fcos';
const stackTop = D9_OPS.split(' ').flatMap((name, n) => (name === '-' ? [] : [row(name, `d9 ${hex(0xe0 + n)}`)]));

const conditions = ['b', 'e', 'be', 'u'].flatMap((name, n): RowSource[] => [
  row(`fcmov${name}`, `da ${hex(0xc0 + 8 * n)}+i`, 'ST0,STi'),
  row(`fcmovn${name}`, `db ${hex(0xc0 + 8 * n)}+i`, 'ST0,STi'),
]);

/** x87, opcodes D8 to DF (SDM vol. 2D, tables ). */
export const x87: readonly RowSource[] = [
  row('fwait', '9b'),
  ...group('FPU', [
    ...memoryArithmetic,
    ...registerArithmetic,
    ...stackTop,
    ...conditions,
    row('fld', 'd9 /0', 'Md'),
    row('fst', 'd9 /2', 'Md'),
    row('fstp', 'd9 /3', 'Md'),
    row('fldenv', 'd9 /4', 'M', 'sz'),
    row('fldcw', 'd9 /5', 'Mw'),
    row('fnstenv', 'd9 /6', 'M', 'sz'),
    row('fnstcw', 'd9 /7', 'Mw'),
    row('fld', 'd9 c0+i', 'STi'),
    row('fxch', 'd9 c8+i', 'STi'),
    row('fnop', 'd9 d0'),
    row('fild', 'db /0', 'Md'),
    row('fisttp', 'db /1', 'Md', 'SSE3'),
    row('fist', 'db /2', 'Md'),
    row('fistp', 'db /3', 'Md'),
    row('fld', 'db /5', 'Mt'),
    row('fstp', 'db /7', 'Mt'),
    row('fnclex', 'db e2'),
    row('fninit', 'db e3'),
    row('fucomi', 'db e8+i', 'ST0,STi'),
    row('fcomi', 'db f0+i', 'ST0,STi'),
    row('fld', 'dd /0', 'Mq'),
    row('fisttp', 'dd /1', 'Mq', 'SSE3'),
    row('fst', 'dd /2', 'Mq'),
    row('fstp', 'dd /3', 'Mq'),
    row('frstor', 'dd /4', 'M', 'sz'),
    row('fnsave', 'dd /6', 'M', 'sz'),
    row('fnstsw', 'dd /7', 'Mw'),
    row('ffree', 'dd c0+i', 'STi'),
    row('fst', 'dd d0+i', 'STi'),
    row('fstp', 'dd d8+i', 'STi'),
    row('fucom', 'dd e0+i', 'STi'),
    row('fucomp', 'dd e8+i', 'STi'),
    row('fucompp', 'da e9'),
    row('fcompp', 'de d9'),
    row('fild', 'df /0', 'Mw'),
    row('fisttp', 'df /1', 'Mw', 'SSE3'),
    row('fist', 'df /2', 'Mw'),
    row('fistp', 'df /3', 'Mw'),
    row('fbld', 'df /4', 'Mt'),
    row('fild', 'df /5', 'Mq'),
    row('fbstp', 'df /6', 'Mt'),
    row('fistp', 'df /7', 'Mq'),
    row('fnstsw', 'df e0', 'AX'),
    row('fucomip', 'df e8+i', 'ST0,STi'),
    row('fcomip', 'df f0+i', 'ST0,STi'),
    // Second encodings the SDM leaves out and the APM lists as reserved; every processor runs them.
    row('fstp', 'd9 d8+i', 'STi'),
    row('fcom', 'dc d0+i', 'STi'),
    row('fcomp', 'dc d8+i', 'STi'),
    row('fxch', 'dd c8+i', 'STi'),
    row('fcomp', 'de d0+i', 'STi'),
    row('ffreep', 'df c0+i', 'STi'),
    row('fxch', 'df c8+i', 'STi'),
    row('fstp', 'df d0+i', 'STi'),
    row('fstp', 'df d8+i', 'STi'),
    // 8087 and 80287 controls: no operation since the 80387 (SDM vol. 3B, 22.18.9).
    row('fneni', 'db e0', '', 'op:fnop'),
    row('fndisi', 'db e1', '', 'op:fnop'),
    row('fnsetpm', 'db e4', '', 'op:fnop'),
  ]),
];
