/** Checks on code segments that far transfers share (SDM vol. 2A, CALL; 2B, RET, IRET). */
import { ATTRIBUTE } from '../../registers/descriptor.ts';
import { EFER } from '../../registers/efer.ts';
import type { Cpu } from '../cpu.ts';
import { highOf } from '../cpu.ts';
import { isCanonical } from '../dataAccess.ts';
import { type Fault, generalProtection, hex, Vector } from '../fault.ts';
import { S } from '../layout.ts';
import {
  attributesOf,
  type Descriptor,
  dplOf,
  isCode,
  isConforming,
  isPresent,
  isWritableData,
  limitOf,
  readDescriptor,
  selectorFault,
} from '../segmentation.ts';

export const longActive = (cpu: Cpu): boolean => (cpu.low(S.efer) & EFER.LMA) !== 0;

/** Reads the descriptor of a selector that must not be null. */
export function requireDescriptor(cpu: Cpu, selector: number, what: string, manual: string): Descriptor {
  if ((selector & 0xfffc) === 0) {
    throw generalProtection(0, `${what} is not null`, 'a selector', hex(selector), manual, {
      kind: 'descriptor',
      selector,
      descriptor: null,
      field: 'Selector',
    });
  }
  const d = readDescriptor(cpu, selector);
  if (d === null) {
    throw selectorFault(Vector.GP, selector, null, 'Limit', {
      check: `${what} lies within its table`,
      expected: 'inside the limit',
      actual: hex(selector),
      manual,
    });
  }
  return d;
}

/** Builds faults about one selector. */
export const refusal =
  (selector: number, d: Descriptor | null, manual: string) =>
  (vector: number, field: string, check: string, expected: string, actual: string): Fault =>
    selectorFault(vector, selector, d, field, { check, expected, actual, manual });

/** L and D of code in IA-32e mode: both 1 is reserved. */
export function requireLongForm(cpu: Cpu, selector: number, d: Descriptor, manual: string): void {
  const a = attributesOf(d);
  const both = ATTRIBUTE.L | ATTRIBUTE.D;
  if (longActive(cpu) && (a & both) === both) {
    throw refusal(selector, d, manual)(
      Vector.GP,
      'D',
      'D = 0 in a 64-bit code segment',
      'L = 1 and D = 0',
      'L = 1 and D = 1',
    );
  }
}

/** A return to CS: code, RPL at least CPL, DPL fitting, present. */
export function checkReturnCode(cpu: Cpu, selector: number, d: Descriptor, manual: string): void {
  const refuse = refusal(selector, d, manual);
  const a = attributesOf(d);
  const rpl = selector & 3;
  if (!isCode(a)) throw refuse(Vector.GP, 'Type', 'the return CS is a code segment', 'code', `attributes ${hex(a)}`);
  if (rpl < cpu.cpl)
    throw refuse(Vector.GP, 'RPL', 'RPL of the return CS is at least CPL', `at least ${cpu.cpl}`, `${rpl}`);
  requireLongForm(cpu, selector, d, manual);
  if (isConforming(a) ? dplOf(a) > rpl : dplOf(a) !== rpl) {
    throw refuse(
      Vector.GP,
      'DPL',
      'DPL of the return CS fits its RPL',
      isConforming(a) ? `at most ${rpl}` : `${rpl}`,
      `${dplOf(a)}`,
    );
  }
  if (!isPresent(a)) throw refuse(Vector.NP, 'P', 'the return CS is present', 'P = 1', 'P = 0');
}

/** The SS of a return to `cpl`; `toLong`: to 64-bit mode, where null is allowed but for CPL 3. Null gives null. */
export function checkReturnStack(
  cpu: Cpu,
  selector: number,
  cpl: number,
  toLong: boolean,
  manual: string,
): Descriptor | null {
  if ((selector & 0xfffc) === 0 && toLong && cpl !== 3 && (selector & 3) === cpl) return null;
  const d = requireDescriptor(cpu, selector, 'the return SS', manual);
  const refuse = refusal(selector, d, manual);
  const a = attributesOf(d);
  if ((selector & 3) !== cpl)
    throw refuse(Vector.GP, 'RPL', 'RPL of the return SS = RPL of the return CS', `${cpl}`, `${selector & 3}`);
  if (!isWritableData(a))
    throw refuse(Vector.GP, 'Type', 'the return SS is writable data', 'writable data', `attributes ${hex(a)}`);
  if (dplOf(a) !== cpl)
    throw refuse(Vector.GP, 'DPL', 'DPL of the return SS = RPL of the return CS', `${cpl}`, `${dplOf(a)}`);
  if (!isPresent(a)) throw refuse(Vector.SS, 'P', 'the return SS is present', 'P = 1', 'P = 0');
  return d;
}

/** #GP(0) for a target outside its segment, or not canonical when the segment is 64-bit code. */
export function checkTarget(cpu: Cpu, d: Descriptor, target: bigint, manual: string, errorCode = 0): void {
  const long = longActive(cpu) && (attributesOf(d) & ATTRIBUTE.L) !== 0;
  const fine = long ? isCanonical(highOf(target)) : target <= BigInt(limitOf(d));
  if (fine) return;
  throw generalProtection(
    errorCode,
    long ? 'the target RIP is canonical' : 'the target is within the limit of its segment',
    long ? 'bits 63:47 equal' : `at most ${hex(limitOf(d))}`,
    hex(target),
    manual,
    { kind: 'address', linear: target },
  );
}
