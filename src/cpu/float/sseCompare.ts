/** SSE comparisons, dot products and sums of neighbours (SDM vol. 2A, CMPPS, COMISS, DPPS, HADDPS). */
import { CF, PF, ZF } from '../language/flags.ts';
import { Outcome } from '../layout.ts';
import { routine } from '../routines/routine.ts';
import { order } from './arithmetic.ts';
import { type Context, EX, F32, F64, type Format, isNan, Kind, operand } from './format.ts';
import { addLane, getLane, loadBoth, mulLane, setLane, subLane } from './sseArithmetic.ts';
import { settle, sseContext } from './sseContext.ts';
import { A, B, immediate, R } from './vectorOperands.ts';

const UNORDERED = 2;
/** -1, 0, 1 or UNORDERED. `signals`: quiet NaNs are invalid too. */
function compare(c: Context, f: Format, x: bigint, y: bigint, signals: boolean): number {
  const [a, b] = [operand(c, f, x), operand(c, f, y)];
  if (isNan(a) || isNan(b)) {
    if (signals || a.kind === Kind.signaling || b.kind === Kind.signaling) c.flags |= EX.I;
    return UNORDERED;
  }
  if (a.denormal || b.denormal) c.flags |= EX.D;
  return order(a, b);
}

/** Predicates 0 to 3 hold for these answers; 4 to 7 are their negations. LT and LE complain about quiet NaNs. */
const HOLDS: readonly (readonly number[])[] = [[0], [-1], [-1, 0], [UNORDERED]];
for (const [type, f, count] of [
  ['ps', F32, 4],
  ['pd', F64, 2],
  ['ss', F32, 1],
  ['sd', F64, 1],
] as const) {
  routine(`cmp${type}`, (cpu, insn) => {
    const c = sseContext(cpu);
    const to = loadBoth(cpu, insn, count === 1 ? f.bits / 8 : 16);
    const predicate = immediate(insn, 2) & 7;
    const signals = (predicate & 3) === 1 || (predicate & 3) === 2;
    for (let i = 0; i < count; i++) {
      const answer = compare(c, f, getLane(A, f, i), getLane(B, f, i), signals);
      const holds = (HOLDS[predicate & 3] as readonly number[]).includes(answer) !== predicate > 3;
      setLane(R, f, i, holds ? (1n << BigInt(f.bits)) - 1n : 0n);
    }
    settle(cpu, c);
    R.store(cpu, to, 16);
    return Outcome.next;
  });
}

/** Flags of an ordering, as COMISS and FCOMI set them; OF, SF and AF become 0. */
export const orderFlags = (answer: number): number =>
  answer === UNORDERED ? ZF | PF | CF : answer === 0 ? ZF : answer < 0 ? CF : 0;

for (const [op, f, signals] of [
  ['comiss', F32, true],
  ['comisd', F64, true],
  ['ucomiss', F32, false],
  ['ucomisd', F64, false],
] as const) {
  routine(op, (cpu, insn) => {
    const c = sseContext(cpu);
    loadBoth(cpu, insn, f.bits / 8);
    const answer = compare(c, f, getLane(A, f, 0), getLane(B, f, 0), signals);
    settle(cpu, c);
    cpu.setStatusFlags(orderFlags(answer));
    return Outcome.next;
  });
}

/** Runs `body` on A and B, which leaves its result in R. */
function wholeRegister(op: string, body: (c: Context) => void): void {
  routine(op, (cpu, insn) => {
    const c = sseContext(cpu);
    const to = loadBoth(cpu, insn, 16);
    body(c);
    settle(cpu, c);
    R.store(cpu, to, 16);
    return Outcome.next;
  });
}

for (const [type, f, count] of [
  ['ps', F32, 4],
  ['pd', F64, 2],
] as const) {
  const half = count / 2;
  for (const [name, op] of [
    ['hadd', addLane],
    ['hsub', subLane],
  ] as const) {
    wholeRegister(`${name}${type}`, (c) => {
      for (let i = 0; i < half; i++) {
        setLane(R, f, i, op(c, f, getLane(A, f, 2 * i), getLane(A, f, 2 * i + 1)));
        setLane(R, f, half + i, op(c, f, getLane(B, f, 2 * i), getLane(B, f, 2 * i + 1)));
      }
    });
  }
  wholeRegister(`addsub${type}`, (c) => {
    for (let i = 0; i < count; i++)
      setLane(R, f, i, ((i & 1) === 1 ? addLane : subLane)(c, f, getLane(A, f, i), getLane(B, f, i)));
  });
  routine(`dp${type}`, (cpu, insn) => {
    const c = sseContext(cpu);
    const to = loadBoth(cpu, insn, 16);
    const mask = immediate(insn, 2);
    let sums: bigint[] = [];
    for (let i = 0; i < count; i++)
      sums.push(((mask >> (4 + i)) & 1) !== 0 ? mulLane(c, f, getLane(A, f, i), getLane(B, f, i)) : 0n);
    // Each lane adds its neighbour, then the neighbouring pair: this decides which of two NaNs remains.
    for (let step = 1; step < count; step *= 2) {
      settle(cpu, c);
      const neighbourFirst = step === 1 && count === 4;
      sums = sums.map((own, i) => {
        const other = sums[i ^ step] as bigint;
        return neighbourFirst ? addLane(c, f, other, own) : addLane(c, f, own, other);
      });
    }
    settle(cpu, c);
    for (let i = 0; i < count; i++) setLane(R, f, i, ((mask >> i) & 1) !== 0 ? (sums[i] as bigint) : 0n);
    R.store(cpu, to, 16);
    return Outcome.next;
  });
}

export { compare, UNORDERED };
