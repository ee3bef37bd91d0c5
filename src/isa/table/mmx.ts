import { group, row, type RowSource } from './row.ts';

/**
 * Packed-integer instructions that exist on MMX registers and, with a 66 prefix, on XMM registers (SSE2): opcode, name,
 * then the set the MMX form came with when that is not MMX itself. "Qd": the MMX form reads only 32 bits of memory.
 */
const PACKED = `
60 punpcklbw Qd|61 punpcklwd Qd|62 punpckldq Qd|63 packsswb|64 pcmpgtb|65 pcmpgtw|66 pcmpgtd|67 packuswb
68 punpckhbw|69 punpckhwd|6a punpckhdq|6b packssdw|74 pcmpeqb|75 pcmpeqw|76 pcmpeqd
d1 psrlw|d2 psrld|d3 psrlq|d4 paddq SSE2|d5 pmullw|d8 psubusb|d9 psubusw|da pminub SSE|db pand|dc paddusb|dd paddusw
de pmaxub SSE|df pandn|e0 pavgb SSE|e1 psraw|e2 psrad|e3 pavgw SSE|e4 pmulhuw SSE|e5 pmulhw|e8 psubsb|e9 psubsw
ea pminsw SSE|eb por|ec paddsb|ed paddsw|ee pmaxsw SSE|ef pxor|f1 psllw|f2 pslld|f3 psllq|f4 pmuludq SSE2|f5 pmaddwd
f6 psadbw SSE|f8 psubb|f9 psubw|fa psubd|fb psubq SSE2|fc paddb|fd paddw|fe paddd`;

const packed = PACKED.trim()
  .split(/[|\n]/)
  .flatMap((entry): RowSource[] => {
    const [opcode = '', name = '', note = ''] = entry.split(' ');
    const half = note === 'Qd';
    return [
      row(name, `np 0f ${opcode} /r`, half ? 'Pq,Qd' : 'Pq,Qq', half || note === '' ? 'MMX' : note),
      row(name, `66 0f ${opcode} /r`, 'Vdq,Wdq', 'SSE2'),
    ];
  });

/** Groups 12 to 14: shifts by an immediate. */
const shifts = '71/2 psrlw|71/4 psraw|71/6 psllw|72/2 psrld|72/4 psrad|72/6 pslld|73/2 psrlq|73/6 psllq'
  .split('|')
  .flatMap((entry): RowSource[] => {
    const [place = '', name = ''] = entry.split(' ');
    const encoding = place.replace('/', ' /');
    return [row(name, `np 0f ${encoding}`, 'Nq,Ib', 'MMX'), row(name, `66 0f ${encoding}`, 'Udq,Ib', 'SSE2')];
  });

/** SSSE3: the same double existence, in the 0F38 map. */
const supplemental =
  '00 pshufb|01 phaddw|02 phaddd|03 phaddsw|04 pmaddubsw|05 phsubw|06 phsubd|07 phsubsw|08 psignb|09 psignw|0a psignd|0b pmulhrsw|1c pabsb|1d pabsw|1e pabsd'
    .split('|')
    .flatMap((entry): RowSource[] => {
      const [opcode = '', name = ''] = entry.split(' ');
      return [row(name, `np 0f38 ${opcode} /r`, 'Pq,Qq'), row(name, `66 0f38 ${opcode} /r`, 'Vdq,Wdq')];
    });

export const mmx: readonly RowSource[] = [
  ...packed,
  ...shifts,
  ...group('SSSE3', [
    ...supplemental,
    row('palignr', 'np 0f3a 0f /r', 'Pq,Qq,Ib'),
    row('palignr', '66 0f3a 0f /r', 'Vdq,Wdq,Ib'),
  ]),
  ...group('MMX', [
    row('movd', 'np w0 0f 6e /r', 'Pq,Ed'),
    row('movq', 'np w1 0f 6e /r', 'Pq,Eq'),
    row('movd', 'np w0 0f 7e /r', 'Ed,Pq'),
    row('movq', 'np w1 0f 7e /r', 'Eq,Pq'),
    row('movq', 'np 0f 6f /r', 'Pq,Qq'),
    row('movq', 'np 0f 7f /r', 'Qq,Pq'),
    row('emms', 'np 0f 77'),
  ]),
  ...group('SSE', [
    row('pshufw', 'np 0f 70 /r', 'Pq,Qq,Ib'),
    row('pinsrw', 'np 0f c4 /r', 'Pq,Ry/Mw,Ib'),
    row('pextrw', 'np 0f c5 /r', 'Gy,Nq,Ib'),
    row('pmovmskb', 'np 0f d7 /r', 'Gy,Nq'),
    row('movntq', 'np 0f e7 /r', 'Mq,Pq'),
    row('maskmovq', 'np 0f f7 /r', 'Pq,Nq'),
  ]),
];
