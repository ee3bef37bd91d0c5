import { group, row, type RowSource } from './row.ts';

/** Two-operand instructions of the 66 0F38 map: opcode, name, then the width of memory when it is not 128 bits. */
const PLAIN = `
17 ptest|20 pmovsxbw q|21 pmovsxbd d|22 pmovsxbq w|23 pmovsxwd q|24 pmovsxwq d|25 pmovsxdq q|28 pmuldq|29 pcmpeqq
2b packusdw|30 pmovzxbw q|31 pmovzxbd d|32 pmovzxbq w|33 pmovzxwd q|34 pmovzxwq d|35 pmovzxdq q|38 pminsb|39 pminsd
3a pminuw|3b pminud|3c pmaxsb|3d pmaxsd|3e pmaxuw|3f pmaxud|40 pmulld|41 phminposuw`;

const plain = PLAIN.trim()
  .split(/[|\n]/)
  .map((entry): RowSource => {
    const [opcode = '', name = '', width = 'dq'] = entry.split(' ');
    return row(name, `66 0f38 ${opcode} /r`, `Vdq,W${width}`);
  });

/** SSE4.1, SSE4.2, AES-NI and PCLMULQDQ (SDM vol. 2D, tables ). */
export const sse4: readonly RowSource[] = [
  ...group('SSE4.1', [
    ...plain,
    row('pblendvb', '66 0f38 10 /r', 'Vdq,Wdq,XMM0'),
    row('blendvps', '66 0f38 14 /r', 'Vdq,Wps,XMM0'),
    row('blendvpd', '66 0f38 15 /r', 'Vdq,Wpd,XMM0'),
    row('movntdqa', '66 0f38 2a /r', 'Vdq,Mdq'),
    row('roundps', '66 0f3a 08 /r', 'Vdq,Wps,Ib'),
    row('roundpd', '66 0f3a 09 /r', 'Vdq,Wpd,Ib'),
    row('roundss', '66 0f3a 0a /r', 'Vdq,Wss,Ib'),
    row('roundsd', '66 0f3a 0b /r', 'Vdq,Wsd,Ib'),
    row('blendps', '66 0f3a 0c /r', 'Vdq,Wps,Ib'),
    row('blendpd', '66 0f3a 0d /r', 'Vdq,Wpd,Ib'),
    row('pblendw', '66 0f3a 0e /r', 'Vdq,Wdq,Ib'),
    row('pextrb', '66 0f3a 14 /r', 'Ry/Mb,Vdq,Ib'),
    row('pextrw', '66 0f3a 15 /r', 'Ry/Mw,Vdq,Ib'),
    row('pextrd', '66 w0 0f3a 16 /r', 'Ed,Vdq,Ib'),
    row('pextrq', '66 w1 0f3a 16 /r', 'Eq,Vdq,Ib'),
    row('extractps', '66 0f3a 17 /r', 'Ry/Md,Vdq,Ib'),
    row('pinsrb', '66 0f3a 20 /r', 'Vdq,Ry/Mb,Ib'),
    row('insertps', '66 0f3a 21 /r', 'Vdq,Wd,Ib'),
    row('pinsrd', '66 w0 0f3a 22 /r', 'Vdq,Ed,Ib'),
    row('pinsrq', '66 w1 0f3a 22 /r', 'Vdq,Eq,Ib'),
    row('dpps', '66 0f3a 40 /r', 'Vdq,Wps,Ib'),
    row('dppd', '66 0f3a 41 /r', 'Vdq,Wpd,Ib'),
    row('mpsadbw', '66 0f3a 42 /r', 'Vdq,Wdq,Ib'),
  ]),
  ...group('SSE4.2', [
    row('pcmpgtq', '66 0f38 37 /r', 'Vdq,Wdq'),
    row('pcmpestrm', '66 0f3a 60 /r', 'Vdq,Wdq,Ib', 'sw'),
    row('pcmpestri', '66 0f3a 61 /r', 'Vdq,Wdq,Ib', 'sw'),
    row('pcmpistrm', '66 0f3a 62 /r', 'Vdq,Wdq,Ib'),
    row('pcmpistri', '66 0f3a 63 /r', 'Vdq,Wdq,Ib'),
    row('crc32', 'f2 0f38 f0 /r', 'Gy,Eb'),
    row('crc32', 'f2 0f38 f1 /r', 'Gy,Ev'),
  ]),
  ...group('AES', [
    row('aesimc', '66 0f38 db /r', 'Vdq,Wdq'),
    row('aesenc', '66 0f38 dc /r', 'Vdq,Wdq'),
    row('aesenclast', '66 0f38 dd /r', 'Vdq,Wdq'),
    row('aesdec', '66 0f38 de /r', 'Vdq,Wdq'),
    row('aesdeclast', '66 0f38 df /r', 'Vdq,Wdq'),
    row('aeskeygenassist', '66 0f3a df /r', 'Vdq,Wdq,Ib'),
  ]),
  row('pclmulqdq', '66 0f3a 44 /r', 'Vdq,Wdq,Ib', 'PCLMULQDQ'),
];
