/** Stacks of other privilege levels and pushes the processor makes on them. */
import { ATTRIBUTE } from '../../registers/descriptor.ts';
import type { Cpu } from '../cpu.ts';
import { isCanonical } from '../dataAccess.ts';
import { Fault, hex, Vector, type Where } from '../fault.ts';
import { TR } from '../layout.ts';
import { highOf } from '../cpu.ts';

export const WITHIN_TSS = 'the stack pointer lies within the TSS';
export const CANONICAL_STACK = 'the addresses that are pushed to are canonical';

/** Reads a field of the running TSS; #TS(TR) when it lies past the limit (SDM vol. 3A, 6.15, interrupt 10). */
export function readTss(cpu: Cpu, offset: number, bytes: number, external: number): bigint {
  if (offset + bytes - 1 > cpu.limit(TR)) {
    throw new Fault(Vector.TS, (cpu.selector(TR) & 0xfffc) | external, {
      check: WITHIN_TSS,
      expected: `TR.limit at least ${hex(offset + bytes - 1)}`,
      actual: hex(cpu.limit(TR)),
      manual: 'SDM vol. 3A, 7.7',
      where: {
        kind: 'register',
        name: 'TR.limit',
        value: BigInt(cpu.limit(TR)),
        least: BigInt(offset + bytes - 1),
      },
    });
  }
  return cpu.readSystem(cpu.baseOf(TR) + BigInt(offset), bytes);
}

/** A stack pointer of a 64-bit TSS: its name and its offset. */
export interface StackField {
  readonly name: string;
  readonly offset: number;
}
/** A field of the running TSS that holds `value`, for a fault about it. */
export const stackFieldAt = (cpu: Cpu, { name, offset }: StackField, value: bigint): Where => ({
  kind: 'structure',
  name,
  of: 'the TSS',
  linear: BigInt.asUintN(64, cpu.baseOf(TR) + BigInt(offset)),
  bytes: 8,
  value,
});
/** RSP0..RSP2. */
export const rspField = (cpl: number): StackField => ({ name: `RSP${cpl}`, offset: 4 + 8 * cpl });
/** IST1..IST7. */
export const istField = (n: number): StackField => ({ name: `IST${n}`, offset: 0x24 + 8 * (n - 1) });

export const tssStack = (cpu: Cpu, cpl: number, external: number): bigint =>
  readTss(cpu, rspField(cpl).offset, 8, external);
export const tssIst = (cpu: Cpu, n: number, external: number): bigint => readTss(cpu, istField(n).offset, 8, external);

export const isTss32 = (attributes: number): boolean => (attributes & 0xd) === 9;

/** SS:ESP for an inner level from a 32- or 16-bit TSS. */
export function tssLegacyStack(cpu: Cpu, cpl: number, external: number): { selector: number; pointer: bigint } {
  const { at, bytes } = legacyStackPlace(cpu, cpl);
  return {
    pointer: readTss(cpu, at, bytes, external),
    selector: Number(readTss(cpu, at + bytes, 2, external)),
  };
}

/** Offset of the stack pointer of a level in a 32- or 16-bit TSS, and its bytes; the selector stands behind it. */
function legacyStackPlace(cpu: Cpu, cpl: number): { at: number; bytes: 2 | 4 } {
  const wide = (cpu.attributes(TR) & ATTRIBUTE.Type) > 3;
  return wide ? { at: 4 + 8 * cpl, bytes: 4 } : { at: 2 + 4 * cpl, bytes: 2 };
}

/** The field of the running TSS that holds the stack selector of a level, for a fault about it. */
export function legacyStackAt(cpu: Cpu, cpl: number, selector: number): Where {
  const { at, bytes } = legacyStackPlace(cpu, cpl);
  const linear = BigInt.asUintN(32, cpu.baseOf(TR) + BigInt(at + bytes));
  return { kind: 'structure', name: `SS${cpl}`, of: 'the TSS', linear, bytes: 2, value: BigInt(selector) };
}

/**
 * #SS when pushing `bytes` bytes from `pointer` down would use an address that is not canonical (SDM vol. 2A, CALL,
 * MORE-PRIVILEGE). `where`: what holds the pointer, when it is not the stack pointer itself.
 */
export function requireCanonicalStack(
  pointer: bigint,
  bytes: number,
  errorCode: number,
  manual: string,
  where?: Where,
): void {
  const lowest = BigInt.asUintN(64, pointer - BigInt(bytes));
  const highest = BigInt.asUintN(64, pointer - 1n);
  if (isCanonical(highOf(lowest)) && isCanonical(highOf(highest))) return;
  throw new Fault(Vector.SS, errorCode, {
    check: CANONICAL_STACK,
    expected: 'bits 63:47 equal',
    actual: hex(pointer),
    manual,
    where: where ?? { kind: 'address', linear: lowest },
  });
}
