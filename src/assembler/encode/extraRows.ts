import type { EncodingRow } from '../../isa/table/index.ts';
import { parseRow } from '../../isa/table/parseRow.ts';
import { row, type RowSource } from '../../isa/table/row.ts';

/** Instructions of other processors that GNU as knows: ours raises #UD for them. */
const SOURCES: readonly RowSource[] = [
  // Undefined everywhere, but GNU as writes it.
  row('mov', '8e /1', 'Sw,Rv/Mw'),
  row('xend', 'np 0f 01 d5'),
  row('xtest', 'np 0f 01 d6'),
  row('xabort', 'c6 f8', 'Ib'),
  row('xbegin', 'c7 f8', 'Jz', 'near'),
  row('rdpkru', 'np 0f 01 ee'),
  row('wrpkru', 'np 0f 01 ef'),
  row('vmcall', 'np 0f 01 c1'),
  row('vmlaunch', 'np 0f 01 c2'),
  row('vmresume', 'np 0f 01 c3'),
  row('vmxoff', 'np 0f 01 c4'),
  row('vmmcall', 'np 0f 01 d9'),
  row('serialize', 'np 0f 01 e8'),
  row('incsspd', 'w0 f3 0f ae /5', 'Rd', 'reg'),
  row('incsspq', 'w1 f3 0f ae /5', 'Rq', 'reg'),
  row('rdsspd', 'w0 f3 0f 1e /1', 'Rd', 'reg'),
  row('rdsspq', 'w1 f3 0f 1e /1', 'Rq', 'reg'),
  row('ptwrite', 'f3 0f ae /4', 'Ey'),
  row('cldemote', 'np 0f 1c /0', 'Mb'),
  row('sha1nexte', 'np 0f38 c8 /r', 'Vdq,Wdq'),
  row('sha1msg1', 'np 0f38 c9 /r', 'Vdq,Wdq'),
  row('sha1msg2', 'np 0f38 ca /r', 'Vdq,Wdq'),
  row('sha256rnds2', 'np 0f38 cb /r', 'Vdq,Wdq,XMM0'),
  row('sha256msg1', 'np 0f38 cc /r', 'Vdq,Wdq'),
  row('sha256msg2', 'np 0f38 cd /r', 'Vdq,Wdq'),
  row('sha1rnds4', 'np 0f3a cc /r', 'Vdq,Wdq,Ib'),
  row('gf2p8mulb', '66 0f38 cf /r', 'Vdq,Wdq'),
  row('gf2p8affineqb', '66 0f3a ce /r', 'Vdq,Wdq,Ib'),
  row('gf2p8affineinvqb', '66 0f3a cf /r', 'Vdq,Wdq,Ib'),
];

let parsed: readonly EncodingRow[] | undefined;

export function extraRows(): readonly EncodingRow[] {
  // Negative: no position in the decoder's table.
  parsed ??= SOURCES.map((source, n) => parseRow(source, -1 - n));
  return parsed;
}
