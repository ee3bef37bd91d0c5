import { group, row, type RowSource } from './row.ts';

const FEATURES: Readonly<Record<string, string>> = { ps: 'SSE', ss: 'SSE', pd: 'SSE2', sd: 'SSE2' };
const PREFIXES: Readonly<Record<string, string>> = { ps: 'np', pd: '66', ss: 'f3', sd: 'f2' };

/** One operation in the element types named: packed or scalar, single or double. */
function float(name: string, opcode: string, types: string, third = ''): RowSource[] {
  return types
    .split(' ')
    .map((type) =>
      row(`${name}${type}`, `${PREFIXES[type]} 0f ${opcode} /r`, `Vdq,W${type}${third}`, FEATURES[type] ?? ''),
    );
}

/** Loads and stores of a whole register: the store has the memory operand first. */
function both(
  name: string,
  prefix: string,
  load: string,
  store: string,
  operand: string,
  feature: string,
): RowSource[] {
  return [
    row(name, `${prefix} 0f ${load} /r`, `Vdq,${operand}`, feature),
    row(name, `${prefix} 0f ${store} /r`, `${operand},Vdq`, feature),
  ];
}

/** SSE, SSE2 and SSE3 on XMM registers (SDM vol. 2D, table A-3). The packed integers shared with MMX are in mmx.ts. */
export const sse: readonly RowSource[] = [
  ...both('movups', 'np', '10', '11', 'Wps', 'SSE'),
  ...both('movupd', '66', '10', '11', 'Wpd', 'SSE2'),
  ...both('movss', 'f3', '10', '11', 'Wss', 'SSE'),
  ...both('movsd', 'f2', '10', '11', 'Wsd', 'SSE2'),
  ...both('movlps', 'np', '12', '13', 'Mq', 'SSE'),
  ...both('movlpd', '66', '12', '13', 'Mq', 'SSE2'),
  ...both('movhps', 'np', '16', '17', 'Mq', 'SSE'),
  ...both('movhpd', '66', '16', '17', 'Mq', 'SSE2'),
  ...both('movaps', 'np', '28', '29', 'Wps', 'SSE'),
  ...both('movapd', '66', '28', '29', 'Wpd', 'SSE2'),
  ...both('movdqa', '66', '6f', '7f', 'Wdq', 'SSE2'),
  ...both('movdqu', 'f3', '6f', '7f', 'Wdq', 'SSE2'),
  ...group('SSE', [
    row('movhlps', 'np 0f 12 /r', 'Vdq,Udq'),
    row('movlhps', 'np 0f 16 /r', 'Vdq,Udq'),
    row('movntps', 'np 0f 2b /r', 'Mps,Vdq'),
    row('cvtpi2ps', 'np 0f 2a /r', 'Vdq,Qq'),
    row('cvtsi2ss', 'f3 0f 2a /r', 'Vdq,Ey'),
    row('cvttps2pi', 'np 0f 2c /r', 'Pq,Wq'),
    row('cvttss2si', 'f3 0f 2c /r', 'Gy,Wss'),
    row('cvtps2pi', 'np 0f 2d /r', 'Pq,Wq'),
    row('cvtss2si', 'f3 0f 2d /r', 'Gy,Wss'),
    row('movmskps', 'np 0f 50 /r', 'Gy,Udq'),
  ]),
  row('ucomiss', 'np 0f 2e /r', 'Vdq,Wss', 'SSE'),
  row('comiss', 'np 0f 2f /r', 'Vdq,Wss', 'SSE'),
  row('ucomisd', '66 0f 2e /r', 'Vdq,Wsd', 'SSE2'),
  row('comisd', '66 0f 2f /r', 'Vdq,Wsd', 'SSE2'),
  ...float('unpckl', '14', 'ps pd'),
  ...float('unpckh', '15', 'ps pd'),
  ...float('sqrt', '51', 'ps pd ss sd'),
  ...float('rsqrt', '52', 'ps ss'),
  ...float('rcp', '53', 'ps ss'),
  ...float('and', '54', 'ps pd'),
  ...float('andn', '55', 'ps pd'),
  ...float('or', '56', 'ps pd'),
  ...float('xor', '57', 'ps pd'),
  ...float('add', '58', 'ps pd ss sd'),
  ...float('mul', '59', 'ps pd ss sd'),
  ...float('sub', '5c', 'ps pd ss sd'),
  ...float('min', '5d', 'ps pd ss sd'),
  ...float('div', '5e', 'ps pd ss sd'),
  ...float('max', '5f', 'ps pd ss sd'),
  ...float('cmp', 'c2', 'ps pd ss sd', ',Ib'),
  ...float('shuf', 'c6', 'ps pd', ',Ib'),
  ...group('SSE2', [
    row('movntpd', '66 0f 2b /r', 'Mpd,Vdq'),
    row('cvtpi2pd', '66 0f 2a /r', 'Vdq,Qq'),
    row('cvtsi2sd', 'f2 0f 2a /r', 'Vdq,Ey'),
    row('cvttpd2pi', '66 0f 2c /r', 'Pq,Wpd'),
    row('cvttsd2si', 'f2 0f 2c /r', 'Gy,Wsd'),
    row('cvtpd2pi', '66 0f 2d /r', 'Pq,Wpd'),
    row('cvtsd2si', 'f2 0f 2d /r', 'Gy,Wsd'),
    row('movmskpd', '66 0f 50 /r', 'Gy,Udq'),
    row('cvtps2pd', 'np 0f 5a /r', 'Vdq,Wq'),
    row('cvtpd2ps', '66 0f 5a /r', 'Vdq,Wpd'),
    row('cvtss2sd', 'f3 0f 5a /r', 'Vdq,Wss'),
    row('cvtsd2ss', 'f2 0f 5a /r', 'Vdq,Wsd'),
    row('cvtdq2ps', 'np 0f 5b /r', 'Vdq,Wdq'),
    row('cvtps2dq', '66 0f 5b /r', 'Vdq,Wps'),
    row('cvttps2dq', 'f3 0f 5b /r', 'Vdq,Wps'),
    row('cvttpd2dq', '66 0f e6 /r', 'Vdq,Wpd'),
    row('cvtdq2pd', 'f3 0f e6 /r', 'Vdq,Wq'),
    row('cvtpd2dq', 'f2 0f e6 /r', 'Vdq,Wpd'),
    row('punpcklqdq', '66 0f 6c /r', 'Vdq,Wdq'),
    row('punpckhqdq', '66 0f 6d /r', 'Vdq,Wdq'),
    row('movd', '66 w0 0f 6e /r', 'Vdq,Ed'),
    row('movq', '66 w1 0f 6e /r', 'Vdq,Eq'),
    row('movd', '66 w0 0f 7e /r', 'Ed,Vdq'),
    row('movq', '66 w1 0f 7e /r', 'Eq,Vdq'),
    row('movq', 'f3 0f 7e /r', 'Vdq,Wq'),
    row('movq', '66 0f d6 /r', 'Wq,Vdq'),
    row('movq2dq', 'f3 0f d6 /r', 'Vdq,Nq'),
    row('movdq2q', 'f2 0f d6 /r', 'Pq,Udq'),
    row('pshufd', '66 0f 70 /r', 'Vdq,Wdq,Ib'),
    row('pshufhw', 'f3 0f 70 /r', 'Vdq,Wdq,Ib'),
    row('pshuflw', 'f2 0f 70 /r', 'Vdq,Wdq,Ib'),
    row('psrldq', '66 0f 73 /3', 'Udq,Ib'),
    row('pslldq', '66 0f 73 /7', 'Udq,Ib'),
    row('movnti', 'np 0f c3 /r', 'My,Gy'),
    row('pinsrw', '66 0f c4 /r', 'Vdq,Ry/Mw,Ib'),
    row('pextrw', '66 0f c5 /r', 'Gy,Udq,Ib'),
    row('pmovmskb', '66 0f d7 /r', 'Gy,Udq'),
    row('movntdq', '66 0f e7 /r', 'Mdq,Vdq'),
    row('maskmovdqu', '66 0f f7 /r', 'Vdq,Udq'),
  ]),
  ...group('SSE3', [
    row('movsldup', 'f3 0f 12 /r', 'Vdq,Wps'),
    row('movddup', 'f2 0f 12 /r', 'Vdq,Wq'),
    row('movshdup', 'f3 0f 16 /r', 'Vdq,Wps'),
    row('haddpd', '66 0f 7c /r', 'Vdq,Wpd'),
    row('haddps', 'f2 0f 7c /r', 'Vdq,Wps'),
    row('hsubpd', '66 0f 7d /r', 'Vdq,Wpd'),
    row('hsubps', 'f2 0f 7d /r', 'Vdq,Wps'),
    row('addsubpd', '66 0f d0 /r', 'Vdq,Wpd'),
    row('addsubps', 'f2 0f d0 /r', 'Vdq,Wps'),
    row('lddqu', 'f2 0f f0 /r', 'Vdq,Mdq'),
  ]),
];
