/** SSE floating-point arithmetic (SDM vol. 1, 11.4 and 12.3). */
import type { Instruction } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { Outcome } from '../layout.ts';
import { operandAt } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { add, divide, multiply, order, squareRoot, subtract } from './arithmetic.ts';
import {
  type Context,
  EX,
  F32,
  F64,
  type Format,
  isNan,
  Kind,
  operand,
  packSpecial,
  quieted,
  type Value,
} from './format.ts';
import { settle, sseContext } from './sseContext.ts';
import { A, B, hostOf, type Lanes, R } from './vectorOperands.ts';

/** A computation of two lanes' bits. */
export type LaneOp = (c: Context, f: Format, a: bigint, b: bigint) => bigint;
type Exact = (c: Context, f: Format, a: Value, b: Value) => bigint;

/** The NaN result when an operand is a NaN: the first operand's, else the second's (SDM vol. 1, table 4-7). */
export function nanOf(c: Context, f: Format, a: Value, b: Value): bigint {
  if (a.kind === Kind.signaling || b.kind === Kind.signaling) c.flags |= EX.I;
  return packSpecial(f, quieted(isNan(a) ? a : b));
}
export const lane =
  (exact: Exact): LaneOp =>
  (c, f, x, y) => {
    const [a, b] = [operand(c, f, x), operand(c, f, y)];
    return isNan(a) || isNan(b) ? nanOf(c, f, a, b) : exact(c, f, a, b);
  };

export const getLane = (l: Lanes, f: Format, i: number): bigint =>
  f === F32 ? BigInt(l.u32[i] as number) : (l.u64[i] as bigint);
export function setLane(l: Lanes, f: Format, i: number, bits: bigint): void {
  if (f === F32) l.u32[i] = Number(bits);
  else l.u64[i] = bits;
}

/** Loads dst to A (and R) and the source to B; returns the destination's host address. */
export function loadBoth(cpu: Cpu, insn: Instruction, sourceBytes: number): number {
  const to = hostOf(cpu, insn, 0, 16);
  const source = operandAt(insn, 1);
  const width = source.kind === 'mem' ? sourceBytes : 16;
  B.load(cpu, hostOf(cpu, insn, 1, width), width);
  A.load(cpu, to, 16);
  R.u8.set(A.u8);
  return to;
}

/** The four types an operation comes in: ps, pd, ss, sd. */
const TYPES = [
  ['ps', F32, 4],
  ['pd', F64, 2],
  ['ss', F32, 1],
  ['sd', F64, 1],
] as const;

function arithmetic(name: string, op: LaneOp): void {
  for (const [type, f, count] of TYPES) {
    routine(`${name}${type}`, (cpu, insn) => {
      const c = sseContext(cpu);
      const to = loadBoth(cpu, insn, count === 1 ? f.bits / 8 : 16);
      for (let i = 0; i < count; i++) setLane(R, f, i, op(c, f, getLane(A, f, i), getLane(B, f, i)));
      settle(cpu, c);
      R.store(cpu, to, 16);
      return Outcome.next;
    });
  }
}

export const addLane = lane(add);
export const subLane = lane(subtract);
export const mulLane = lane(multiply);
arithmetic('add', addLane);
arithmetic('sub', subLane);
arithmetic('mul', mulLane);
arithmetic('div', lane(divide));
arithmetic('sqrt', (c, f, _x, y) => {
  const b = operand(c, f, y);
  return isNan(b) ? nanOf(c, f, b, b) : squareRoot(c, f, b);
});

/** MIN and MAX give the second operand where the order does not decide; any NaN is invalid (SDM vol. 2B, MINPS). */
const choose =
  (wanted: number): LaneOp =>
  (c, f, x, y) => {
    const [a, b] = [operand(c, f, x), operand(c, f, y)];
    if (isNan(a) || isNan(b)) {
      c.flags |= EX.I;
      return b.kind === Kind.zero ? packSpecial(f, b) : y;
    }
    if (a.denormal || b.denormal) c.flags |= EX.D;
    const [first, v] = order(a, b) === wanted ? [x, a] : [y, b];
    return v.kind === Kind.zero ? packSpecial(f, v) : first;
  };
arithmetic('min', choose(-1));
arithmetic('max', choose(1));
