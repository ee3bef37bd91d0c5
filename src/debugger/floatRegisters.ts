/** The x87, MMX and SSE registers as pieces of state: read, shown, changed by hand. */
import type { Cpu } from '../cpu/cpu.ts';
import { F80, Kind, unpack } from '../cpu/float/format.ts';
import { requireMxcsr } from '../cpu/float/saveArea.ts';
import { fullTag, stackHost, topOf, updateSummary } from '../cpu/float/x87State.ts';
import { S, STATE } from '../cpu/layout.ts';
import { inDecimal } from './decimal.ts';
import type { FloatView, StackRegisterView } from './floatView.ts';

const XMM = Array.from({ length: 16 }, (_, n) => `xmm${n}`);
const ST = Array.from({ length: 8 }, (_, n) => `st${n}`);
/** Names of what a person may change, and its width. */
const WIDTHS = new Map<string, number>([
  ...XMM.map((name) => [name, 128] as const),
  ...ST.map((name) => [name, 80] as const),
  ['mxcsr', 32],
  ['fcw', 16],
  ['fsw', 16],
  ['ftw', 8],
  ['fop', 11],
  ['fip', 64],
  ['fdp', 64],
]);
export const FLOAT_REGISTERS: readonly string[] = [...WIDTHS.keys()];

/** Where those stand that hold what they are given: the abridged tags, and what the last instruction was. */
const PLAIN = { ftw: S.ftw, fop: S.fop, fip: S.fip, fdp: S.fdp } as const;
const isPlain = (name: string): name is keyof typeof PLAIN => Object.hasOwn(PLAIN, name);

/** Bits 12, 11:8 and 5:0; bit 6 reads as 1 (SDM vol. 1, 8.1.5). */
const FCW_BITS = 0x1f3f;
const FCW_ONE = 0x40;

function bytesOf(cpu: Cpu, host: number, bytes: number): bigint {
  let value = 0n;
  for (let i = bytes - 2; i >= 0; i -= 2) value = (value << 16n) | BigInt(cpu.view.getUint16(host + i, true));
  return value;
}
function putBytes(cpu: Cpu, host: number, bytes: number, value: bigint): void {
  for (let i = 0; i < bytes; i += 2) cpu.view.setUint16(host + i, Number((value >> BigInt(8 * i)) & 0xffffn), true);
}

const xmmHost = (n: number): number => STATE + S.xmm + 16 * n;

/** Value of a register of these by its small name; undefined when it is none of them. */
export function readFloatRegister(cpu: Cpu, name: string): bigint | undefined {
  const xmm = XMM.indexOf(name);
  if (xmm >= 0) return bytesOf(cpu, xmmHost(xmm), 16);
  const st = ST.indexOf(name);
  if (st >= 0) return bytesOf(cpu, stackHost(cpu, st), 10);
  if (name === 'mxcsr') return BigInt(cpu.low(S.mxcsr) >>> 0);
  if (name === 'fip' || name === 'fdp') return cpu.get(PLAIN[name]);
  if (isPlain(name)) return BigInt(cpu.low(PLAIN[name]));
  if (name === 'fcw') return BigInt(cpu.low(S.fcw));
  return name === 'fsw' ? BigInt(cpu.low(S.fsw)) : undefined;
}

/** Changes one; false when it is none of them. Throws the processor's Fault for reserved bits of MXCSR. */
export function pokeFloatRegister(cpu: Cpu, name: string, wide: bigint): boolean {
  const width = WIDTHS.get(name);
  if (width === undefined) return false;
  const value = BigInt.asUintN(width, wide);
  const [xmm, st] = [XMM.indexOf(name), ST.indexOf(name)];
  if (xmm >= 0) putBytes(cpu, xmmHost(xmm), 16, value);
  else if (st >= 0) {
    // What a person puts there is there to be used.
    putBytes(cpu, stackHost(cpu, st), 10, value);
    cpu.setLow(S.ftw, cpu.low(S.ftw) | (1 << ((topOf(cpu) + st) & 7)));
  } else if (name === 'fip' || name === 'fdp') cpu.set(PLAIN[name], value);
  else if (isPlain(name)) cpu.setLow(PLAIN[name], Number(value));
  else if (name === 'mxcsr') {
    requireMxcsr(Number(value), 'the editor');
    cpu.setLow(S.mxcsr, Number(value));
  } else {
    cpu.setLow(name === 'fcw' ? S.fcw : S.fsw, name === 'fcw' ? (Number(value) & FCW_BITS) | FCW_ONE : Number(value));
    updateSummary(cpu);
  }
  return true;
}

const TAGS = ['valid', 'zero', 'special', 'empty'] as const;
const PAYLOAD = (1n << 62n) - 1n;

function stackRegister(cpu: Cpu, i: number, tags: number): StackRegisterView {
  const bits = bytesOf(cpu, stackHost(cpu, i), 10);
  const tag = TAGS[(tags >> (2 * ((topOf(cpu) + i) & 7))) & 3] ?? 'empty';
  const value = unpack(F80, bits);
  const sign = value.sign === 1 ? '−' : '';
  switch (value.kind) {
    case Kind.zero:
      return { bits, tag, kind: 'zero', text: `${sign}0` };
    case Kind.infinity:
      return { bits, tag, kind: 'infinity', text: `${sign}∞` };
    case Kind.finite:
      return {
        bits,
        tag,
        kind: value.denormal ? 'denormal' : 'normal',
        // Numbers of thousands of digits take their time, and nobody is shown those of empty registers.
        text: tag === 'empty' ? '' : sign + inDecimal(value.sig, value.exp),
      };
    case Kind.unsupported:
      return { bits, tag, kind: 'unsupported', text: 'no number' };
    default: {
      const kind = value.kind === Kind.quiet ? 'quiet NaN' : 'signaling NaN';
      return { bits, tag, kind, text: `${sign}payload ${(bits & PAYLOAD).toString(16)}` };
    }
  }
}

export function floatViewOf(cpu: Cpu): FloatView {
  const tags = fullTag(cpu);
  return {
    xmm: XMM.map((_, n) => bytesOf(cpu, xmmHost(n), 16)),
    mxcsr: BigInt(cpu.low(S.mxcsr) >>> 0),
    st: ST.map((_, i) => stackRegister(cpu, i, tags)),
    fcw: BigInt(cpu.low(S.fcw)),
    fsw: BigInt(cpu.low(S.fsw)),
    tags: BigInt(tags),
    fop: BigInt(cpu.low(S.fop)),
    fip: cpu.get(S.fip),
    fdp: cpu.get(S.fdp),
  };
}
