import { group, row, type RowSource } from './row.ts';

/**
 * MOV to and from control registers. CR1, CR5 to CR7 and CR9 up do not exist: #UD (SDM vol. 2B, "MOV: Move to/from
 * Control Registers"); REX.R makes CR8 of CR0.
 */
const controlMoves = [0, 2, 3, 4].flatMap((n): RowSource[] => {
  const flags = `mod* f64 op:movcr${n === 0 ? '' : ' nr'}`;
  return [row('mov', `0f 20 /${n}`, 'Rn,Cn', flags), row('mov', `0f 22 /${n}`, 'Cn,Rn', flags)];
});

/** System instructions: descriptor tables, control registers, model-specific registers, entry and exit, caches. */
export const system: readonly RowSource[] = [
  row('sldt', '0f 00 /0', 'Rv/Mw'),
  row('str', '0f 00 /1', 'Rv/Mw'),
  row('lldt', '0f 00 /2', 'Ew'),
  row('ltr', '0f 00 /3', 'Ew'),
  row('verr', '0f 00 /4', 'Ew'),
  row('verw', '0f 00 /5', 'Ew'),
  row('sgdt', '0f 01 /0', 'M', 'f64 sz'),
  row('sidt', '0f 01 /1', 'M', 'f64 sz'),
  row('lgdt', '0f 01 /2', 'M', 'f64 sz'),
  row('lidt', '0f 01 /3', 'M', 'f64 sz'),
  row('smsw', '0f 01 /4', 'Rv/Mw'),
  row('lmsw', '0f 01 /6', 'Ew'),
  row('invlpg', '0f 01 /7', 'M'),
  row('invpcid', '66 0f38 82 /r', 'Gn,Mdq', 'INVPCID'),
  row('lar', '0f 02 /r', 'Gv,Rv/Mw'),
  row('lsl', '0f 03 /r', 'Gv,Rv/Mw'),
  row('arpl', '63 /r', 'Ew,Gw', 'i64'),
  row('les', 'c4 /r', 'Gv,Mp', 'i64'),
  row('lds', 'c5 /r', 'Gv,Mp', 'i64'),
  row('lss', '0f b2 /r', 'Gv,Mp', 'far'),
  row('lfs', '0f b4 /r', 'Gv,Mp', 'far'),
  row('lgs', '0f b5 /r', 'Gv,Mp', 'far'),
  ...controlMoves,
  row('mov', '0f 21 /r', 'Rn,Dn', 'mod* f64 nr op:movdr'),
  row('mov', '0f 23 /r', 'Dn,Rn', 'mod* f64 nr op:movdr'),
  row('clts', '0f 06'),
  row('hlt', 'f4'),
  row('invd', '0f 08'),
  row('wbinvd', '0f 09'),
  row('wrmsr', '0f 30'),
  row('rdtsc', '0f 31'),
  row('rdmsr', '0f 32'),
  row('rdpmc', '0f 33'),
  row('cpuid', '0f a2'),
  row('rsm', '0f aa'),
  row('syscall', '0f 05'),
  row('sysret', 'w0 0f 07', '', 'op:sysret'),
  row('sysretq', 'w1 0f 07', '', 'op:sysret'),
  row('sysenter', '0f 34', '', 'SEP'),
  row('sysexit', 'w0 0f 35', '', 'op:sysexit SEP'),
  row('sysexitq', 'w1 0f 35', '', 'op:sysexit SEP'),
  row('swapgs', '0f 01 f8', '', 'o64'),
  row('rdtscp', '0f 01 f9', '', 'RDTSCP'),
  row('monitor', 'np 0f 01 c8', '', 'MONITOR'),
  row('mwait', 'np 0f 01 c9', '', 'MONITOR'),
  row('xgetbv', 'np 0f 01 d0', '', 'XSAVE'),
  row('xsetbv', 'np 0f 01 d1', '', 'XSAVE'),
  row('rdpid', 'f3 0f c7 /7', 'Rn', 'RDPID'),
  row('rdrand', 'nf 0f c7 /6', 'Rv', 'RDRAND'),
  row('rdseed', 'nf 0f c7 /7', 'Rv', 'RDSEED'),
  ...group('FSGSBASE o64', [
    row('rdfsbase', 'f3 0f ae /0', 'Ry', 'reg'),
    row('rdgsbase', 'f3 0f ae /1', 'Ry', 'reg'),
    row('wrfsbase', 'f3 0f ae /2', 'Ry', 'reg'),
    row('wrgsbase', 'f3 0f ae /3', 'Ry', 'reg'),
  ]),
];
