/** Delivery outside IA-32e mode: the real-mode vector table, and gates of 16 and 32 bits (SDM vol. 3A, 6.12; vol. 2A, INT n). */
import { ATTRIBUTE, SystemType } from '../../registers/descriptor.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { Fault, generalProtection, hex, Vector } from '../fault.ts';
import { Access, S } from '../layout.ts';
import { checkedLinear, pushAll, setStackPointer, stackMask } from '../routines/operands.ts';
import {
  attributesOf,
  CS,
  type Descriptor,
  dplOf,
  isCode,
  isConforming,
  isPresent,
  isWritableData,
  limitOf,
  markDescriptor,
  readDescriptor,
  selectorFault,
  setRealSegment,
  setSegment,
  setSegmentFrom,
  SS,
} from '../segmentation.ts';
import type { Event } from './interruptLong.ts';
import { tssLegacyStack } from './stack.ts';

const MANUAL = 'SDM vol. 2A, INT n';
const DATA_SEGMENTS = [0, 3, 4, 5];

/** Real-address mode: four bytes per vector, IP then CS. */
export function deliverReal(cpu: Cpu, event: Event): void {
  if (event.vector * 4 + 3 > cpu.low(S.idtrLimit)) {
    throw generalProtection(
      0,
      'the vector lies within the interrupt table',
      `IDTR.limit at least ${hex(event.vector * 4 + 3)}`,
      hex(cpu.low(S.idtrLimit)),
      MANUAL,
    );
  }
  const entry = Number(cpu.readSystem(cpu.get(S.idtrBase) + BigInt(event.vector * 4), 4));
  pushAll(cpu, 2, [BigInt(cpu.rflags & 0xffff), BigInt(cpu.selector(CS)), cpu.rip & 0xffffn]);
  cpu.rflags = cpu.rflags & ~(RFLAGS.IF | RFLAGS.TF | RFLAGS.AC | RFLAGS.RF);
  setRealSegment(cpu, CS, entry >>> 16);
  cpu.rip = BigInt(entry & 0xffff);
}

/** Protected and virtual-8086 mode. */
export function deliverProtected(cpu: Cpu, event: Event): void {
  const { vector } = event;
  const ext = event.software ? 0 : 1;
  const idtError = vector * 8 + 2 + ext;
  let gate: Descriptor = { low: 0, high: 0 };
  const gateFault = (faultVector: number, field: string, check: string, expected: string, actual: string): Fault =>
    new Fault(faultVector, idtError, {
      check,
      expected,
      actual,
      manual: MANUAL,
      where: {
        kind: 'descriptor',
        selector: vector * 8,
        descriptor: (BigInt(gate.high >>> 0) << 32n) | BigInt(gate.low >>> 0),
        field,
      },
    });
  if (vector * 8 + 7 > cpu.low(S.idtrLimit))
    throw gateFault(
      Vector.GP,
      'Limit',
      'the gate lies within the IDT',
      `limit at least ${hex(vector * 8 + 7)}`,
      hex(cpu.low(S.idtrLimit)),
    );
  const raw = cpu.readSystem(BigInt.asUintN(32, cpu.get(S.idtrBase) + BigInt(vector * 8)), 8);
  gate = { low: Number(BigInt.asIntN(32, raw)), high: Number(BigInt.asIntN(32, raw >> 32n)) };
  const a = attributesOf(gate);
  const type = a & 0x1f;
  const wide = type === SystemType.interruptGate || type === SystemType.trapGate;
  const narrow = type === SystemType.interruptGate16 || type === SystemType.trapGate16;
  if (type === SystemType.taskGate) {
    throw gateFault(
      Vector.GP,
      'Type',
      'the gate is no task gate: hardware task switching is not part of this machine',
      'an interrupt or trap gate',
      'a task gate',
    );
  }
  if (!wide && !narrow)
    throw gateFault(
      Vector.GP,
      'Type',
      'the IDT entry is an interrupt or trap gate',
      'type 6h, 7h, Eh or Fh',
      hex(type),
    );
  if (event.software && dplOf(a) < cpu.cpl)
    throw gateFault(Vector.GP, 'DPL', "the gate's DPL is at least CPL", `at least ${cpu.cpl}`, `${dplOf(a)}`);
  if (!isPresent(a)) throw gateFault(Vector.NP, 'P', 'the gate is present', 'P = 1', 'P = 0');

  const selector = gate.low >>> 16;
  if ((selector & 0xfffc) === 0)
    throw generalProtection(ext, "the gate's code selector is not null", 'a selector', '0h', MANUAL);
  const code = readDescriptor(cpu, selector);
  const refuse = (faultVector: number, field: string, check: string, expected: string): Fault =>
    selectorFault(
      faultVector,
      selector,
      code,
      field,
      {
        check,
        expected,
        actual: code === null ? 'outside its table' : `attributes ${hex(attributesOf(code))}`,
        manual: MANUAL,
      },
      ext,
    );
  if (code === null)
    throw refuse(Vector.GP, 'Limit', "the gate's code selector lies within its table", 'inside the limit');
  const ca = attributesOf(code);
  if (!isCode(ca) || dplOf(ca) > cpu.cpl)
    throw refuse(Vector.GP, 'DPL', 'the handler is code with DPL <= CPL', 'code, DPL <= CPL');
  if (!isPresent(ca)) throw refuse(Vector.NP, 'P', "the handler's segment is present", 'P = 1');
  const virtual8086 = (cpu.rflags & RFLAGS.VM) !== 0;
  const cpl = isConforming(ca) ? cpu.cpl : dplOf(ca);
  if (virtual8086 && cpl !== 0)
    throw refuse(Vector.GP, 'DPL', 'from virtual-8086 mode the handler runs at CPL 0', 'DPL = 0');
  const target = (gate.low & 0xffff) | (wide ? gate.high & 0xffff0000 : 0);
  // The stack is looked at before the target.
  const requireTarget = (): void => {
    if (target >>> 0 <= limitOf(code)) return;
    throw generalProtection(
      ext,
      "the handler's offset is within its segment",
      `at most ${hex(limitOf(code))}`,
      hex(target >>> 0),
      MANUAL,
    );
  };

  const bytes = wide ? 4 : 2;
  const flags = event.resume ? cpu.rflags | RFLAGS.RF : cpu.rflags;
  const frame = [BigInt(flags >>> 0), BigInt(cpu.selector(CS)), cpu.rip];
  if (event.errorCode !== null) frame.push(BigInt(event.errorCode >>> 0));
  if (cpl !== cpu.cpl || virtual8086) {
    const old = [BigInt(cpu.selector(SS)), cpu.reg(Reg.rsp)];
    const before = virtual8086 ? [5, 4, 3, 0].map((n) => BigInt(cpu.selector(n))) : [];
    pushOnInnerStack(cpu, cpl, ext, bytes, [...before, ...old, ...frame], requireTarget);
    if (virtual8086) for (const n of DATA_SEGMENTS) setSegment(cpu, n, 0, 0n, 0, 0);
  } else {
    requireRoom(cpu, bytes, frame.length, ext);
    requireTarget();
    pushAll(cpu, bytes, frame);
  }

  const interruptGate = type === SystemType.interruptGate || type === SystemType.interruptGate16;
  cpu.rflags = cpu.rflags & ~(RFLAGS.TF | RFLAGS.NT | RFLAGS.RF | RFLAGS.VM | (interruptGate ? RFLAGS.IF : 0));
  markDescriptor(cpu, selector, code, ATTRIBUTE.A);
  setSegmentFrom(cpu, CS, (selector & 0xfffc) | cpl, code);
  cpu.setCpl(cpl);
  cpu.rip = BigInt(target >>> 0);
}

/**
 * Switches to the stack of an inner level named by the TSS and pushes there; nothing changes when a check fails.
 * `requireTarget` looks at the target, which comes after the stack and before the first push.
 */
export function pushOnInnerStack(
  cpu: Cpu,
  cpl: number,
  ext: number,
  bytes: number,
  values: readonly bigint[],
  requireTarget: () => void,
): void {
  const { selector, pointer } = tssLegacyStack(cpu, cpl, ext);
  const stack = requireInnerStack(cpu, selector, cpl, ext);
  const saved = saveStack(cpu);
  const before = cpu.cpl;
  setSegmentFrom(cpu, SS, selector, stack);
  cpu.setReg(Reg.rsp, pointer);
  cpu.setCpl(cpl);
  try {
    requireRoom(cpu, bytes, values.length, (selector & 0xfffc) | ext);
    requireTarget();
    const at = (i: number): bigint => (pointer - BigInt(bytes * (i + 1))) & stackMask(cpu);
    values.forEach((value, i) => {
      cpu.writeSystem(checkedLinear(cpu, SS, at(i), bytes, Access.write | Access.stack), bytes, value);
    });
    setStackPointer(cpu, at(values.length - 1));
    markDescriptor(cpu, selector, stack, ATTRIBUTE.A);
  } catch (e) {
    restoreStack(cpu, saved);
    cpu.setCpl(before);
    throw e;
  }
}

/** The descriptor of SSn of the TSS, which `cpl` may use (SDM vol. 2A, CALL, MORE-PRIVILEGE). */
function requireInnerStack(cpu: Cpu, selector: number, cpl: number, ext: number): Descriptor {
  const stack = (selector & 0xfffc) === 0 ? null : readDescriptor(cpu, selector);
  const refuse = (vector: number, field: string, check: string, expected: string): Fault =>
    selectorFault(
      vector,
      selector,
      stack,
      field,
      { check, expected, actual: hex(selector), manual: 'SDM vol. 3A, 5.8.5' },
      ext,
    );
  if ((selector & 0xfffc) === 0)
    throw refuse(Vector.TS, 'Selector', "the TSS's stack selector is not null", 'a selector');
  if (stack === null)
    throw refuse(Vector.TS, 'Limit', "the TSS's stack selector lies within its table", 'inside the limit');
  const a = attributesOf(stack);
  if ((selector & 3) !== cpl || dplOf(a) !== cpl)
    throw refuse(Vector.TS, 'DPL', 'RPL and DPL of the new stack are the new CPL', `${cpl}`);
  if (!isWritableData(a)) throw refuse(Vector.TS, 'Type', 'the new stack is writable data', 'writable data');
  if (!isPresent(a)) throw refuse(Vector.SS, 'P', 'the new stack is present', 'P = 1');
  return stack;
}

/** #SS with this error code unless `count` values of so many bytes fit on the running stack, by its limit and rights. */
export function requireRoom(cpu: Cpu, bytes: number, count: number, errorCode: number): void {
  const top = cpu.reg(Reg.rsp);
  try {
    for (let i = 1; i <= count; i++) {
      checkedLinear(cpu, SS, (top - BigInt(bytes * i)) & stackMask(cpu), bytes, Access.write | Access.stack);
    }
  } catch (e) {
    if (!(e instanceof Fault) || errorCode === 0) throw e;
    throw new Fault(e.vector, errorCode, e.why);
  }
}

interface SavedStack {
  readonly selector: number;
  readonly base: bigint;
  readonly limit: number;
  readonly attributes: number;
  readonly pointer: bigint;
}
function saveStack(cpu: Cpu): SavedStack {
  return {
    selector: cpu.selector(SS),
    base: cpu.baseOf(SS),
    limit: cpu.limit(SS),
    attributes: cpu.attributes(SS),
    pointer: cpu.reg(Reg.rsp),
  };
}
function restoreStack(cpu: Cpu, s: SavedStack): void {
  setSegment(cpu, SS, s.selector, s.base, s.limit, s.attributes);
  cpu.setReg(Reg.rsp, s.pointer);
}
