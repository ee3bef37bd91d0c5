/** Breakpoints in the debug registers (SDM vol. 3B, 17.2 and 17.3). */
import { CR4 } from '../registers/cr.ts';
import { DR6 } from '../registers/debug.ts';
import type { Cpu } from './cpu.ts';
import { Fault, hex, Vector } from './fault.ts';
import { S } from './layout.ts';

const DR6_FIELD = S.dr + 48;
const DR7_FIELD = S.dr + 56;
/** Conditions in the R/W fields of DR7. */
const Condition = { execute: 0, write: 1, port: 2, access: 3 } as const;
/** Bytes of the LEN encodings. */
const LENGTHS = [1, 2, 8, 4];

interface Breakpoint {
  readonly n: number;
  readonly condition: number;
  readonly bytes: number;
  readonly address: bigint;
}

/** Enabled breakpoints, locally or globally. */
export function enabledBreakpoints(cpu: Cpu): Breakpoint[] {
  const dr7 = cpu.low(DR7_FIELD);
  return [0, 1, 2, 3]
    .filter((n) => ((dr7 >> (2 * n)) & 3) !== 0)
    .map((n) => {
      const control = (dr7 >> (16 + 4 * n)) & 15;
      return { n, condition: control & 3, bytes: LENGTHS[control >> 2] ?? 1, address: cpu.get(S.dr + 8 * n) };
    });
}

/** Linear addresses of instruction breakpoints. */
export const instructionBreakpoints = (cpu: Cpu): bigint[] =>
  enabledBreakpoints(cpu)
    .filter((b) => b.condition === Condition.execute)
    .map((b) => b.address);

const overlaps = (b: Breakpoint, from: bigint, bytes: number): boolean => {
  const start = b.address & ~BigInt(b.bytes - 1);
  return from < start + BigInt(b.bytes) && start < from + BigInt(bytes);
};

/** Looks at debug registers anew after one changed. */
export function debugRegistersChanged(cpu: Cpu): void {
  const data = enabledBreakpoints(cpu).filter(
    (b) => b.condition === Condition.write || b.condition === Condition.access,
  );
  cpu.watching = data.length > 0;
  cpu.access.onChecked = cpu.watching
    ? (low, high, bytes, write) => {
        const at = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
        for (const b of data) {
          if ((write || b.condition === Condition.access) && overlaps(b, at, bytes)) met(cpu, b.n);
        }
      }
    : () => undefined;
  cpu.updateContext();
}

/** I/O breakpoints exist when CR4.DE is 1. */
export function portAccessed(cpu: Cpu, port: number, bytes: number): void {
  if ((cpu.low(S.cr4) & CR4.DE) === 0 || (cpu.low(DR7_FIELD) & 0xff) === 0) return;
  for (const b of enabledBreakpoints(cpu)) {
    if (b.condition === Condition.port && overlaps(b, BigInt(port), bytes)) met(cpu, b.n);
  }
}

function met(cpu: Cpu, n: number): void {
  cpu.debugHits |= 1 << n;
  cpu.attention = true;
}

/** The trap that follows the instruction for the conditions it met; DR6 takes them. */
export function debugTrap(cpu: Cpu): Fault {
  const hits = cpu.debugHits;
  cpu.debugHits = 0;
  cpu.setLow(DR6_FIELD, cpu.low(DR6_FIELD) | hits);
  const step = (hits & DR6.BS) !== 0;
  return new Fault(
    Vector.DB,
    null,
    {
      check: step ? 'RFLAGS.TF = 0 when the instruction began' : 'no enabled breakpoint matches the access',
      expected: step ? '0' : 'no match',
      actual: step ? '1: single-step trap' : `breakpoint ${[0, 1, 2, 3].filter((n) => hits & (1 << n)).join(', ')}`,
      manual: step ? 'SDM vol. 3B, 17.3.1.4' : 'SDM vol. 3B, 17.3.1.2',
      where: { kind: 'register', name: 'DR6', value: cpu.get(DR6_FIELD) },
    },
    { trap: true },
  );
}

/** The fault before an instruction at a breakpoint, if one is enabled there. */
export function instructionBreakpoint(cpu: Cpu, linear: bigint): Fault | undefined {
  const hits = enabledBreakpoints(cpu).filter((b) => b.condition === Condition.execute && b.address === linear);
  if (hits.length === 0) return undefined;
  cpu.setLow(
    DR6_FIELD,
    hits.reduce((bits, b) => bits | (1 << b.n), cpu.low(DR6_FIELD)),
  );
  return new Fault(Vector.DB, null, {
    check: 'no instruction breakpoint is enabled here',
    expected: 'no match',
    actual: `breakpoint ${hits.map((b) => b.n).join(', ')} at ${hex(linear)}`,
    manual: 'SDM vol. 3B, 17.3.1.1',
    where: { kind: 'register', name: 'DR6', value: cpu.get(DR6_FIELD) },
  });
}

const GD = 1 << 13;

/** DR7.GD: #DB before an instruction that touches a debug register (SDM vol. 3B, 17.2.4). */
export function generalDetect(cpu: Cpu): Fault | undefined {
  const dr7 = cpu.low(DR7_FIELD);
  if ((dr7 & GD) === 0) return undefined;
  cpu.setLow(DR6_FIELD, cpu.low(DR6_FIELD) | DR6.BD);
  cpu.setLow(DR7_FIELD, dr7 & ~GD);
  return new Fault(Vector.DB, null, {
    check: 'DR7.GD = 0 when a debug register is accessed',
    expected: '0',
    actual: '1',
    manual: 'SDM vol. 3B, 17.2.4',
    where: { kind: 'register', name: 'DR7', value: BigInt(dr7 >>> 0) },
  });
}
