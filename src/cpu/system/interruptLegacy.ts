/** Delivery outside IA-32e mode: the real-mode vector table, and gates of 16 and 32 bits (SDM vol. 3A, 6.12; vol. 2A, INT n). */
import { ATTRIBUTE, SystemType } from '../../registers/descriptor.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { Checks, Fault, generalProtection, hex, Vector, type Where } from '../fault.ts';
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
import { legacyStackAt, tssLegacyStack, WITHIN_TSS } from './stack.ts';

const MANUAL = 'SDM vol. 2A, INT n';
const DATA_SEGMENTS = [0, 3, 4, 5];

/** Real-address mode: four bytes per vector, IP then CS. */
export function deliverReal(cpu: Cpu, event: Event): void {
  const checks = new Checks();
  checks.noting(() => enterReal(cpu, event, checks));
}

const idtLimit = (cpu: Cpu, least: number): Where => ({
  kind: 'register',
  name: 'IDTR.limit',
  value: BigInt(cpu.low(S.idtrLimit)),
  least: BigInt(least),
});

function enterReal(cpu: Cpu, event: Event, checks: Checks): void {
  const last = event.vector * 4 + 3;
  const within = 'the vector lies within the interrupt table';
  checks.require(within, last <= cpu.low(S.idtrLimit), () =>
    generalProtection(
      0,
      within,
      `IDTR.limit at least ${hex(last)}`,
      hex(cpu.low(S.idtrLimit)),
      MANUAL,
      idtLimit(cpu, last),
    ),
  );
  const entry = Number(cpu.readSystem(cpu.get(S.idtrBase) + BigInt(event.vector * 4), 4));
  pushAll(cpu, 2, [BigInt(cpu.rflags & 0xffff), BigInt(cpu.selector(CS)), cpu.rip & 0xffffn]);
  cpu.rflags = cpu.rflags & ~(RFLAGS.IF | RFLAGS.TF | RFLAGS.AC | RFLAGS.RF);
  setRealSegment(cpu, CS, entry >>> 16);
  cpu.rip = BigInt(entry & 0xffff);
}

/** Protected and virtual-8086 mode. */
export function deliverProtected(cpu: Cpu, event: Event): void {
  const checks = new Checks();
  checks.noting(() => enterProtected(cpu, event, checks));
}

function enterProtected(cpu: Cpu, event: Event, checks: Checks): void {
  const ext = event.software ? 0 : 1;
  const gate = readGate(cpu, event, checks);
  const type = attributesOf(gate) & 0x1f;
  const wide = type === SystemType.interruptGate || type === SystemType.trapGate;
  const selector = gate.low >>> 16;
  const code = readHandler(cpu, selector, ext, checks);
  const ca = attributesOf(code);
  const virtual8086 = (cpu.rflags & RFLAGS.VM) !== 0;
  const cpl = isConforming(ca) ? cpu.cpl : dplOf(ca);
  if (virtual8086) {
    const inner = 'from virtual-8086 mode the handler runs at CPL 0';
    checks.require(inner, cpl === 0, () => handlerFault(Vector.GP, selector, code, 'DPL', inner, 'DPL = 0', ext));
  }
  const target = (gate.low & 0xffff) | (wide ? gate.high & 0xffff0000 : 0);
  // The stack is looked at before the target.
  const requireTarget = (): void => {
    const within = "the handler's offset is within its segment";
    checks.require(within, target >>> 0 <= limitOf(code), () =>
      generalProtection(
        ext,
        within,
        `at most ${hex(limitOf(code))}`,
        hex(target >>> 0),
        MANUAL,
        gateWhere(gate, event.vector, 'Offset'),
      ),
    );
  };

  const bytes = wide ? 4 : 2;
  const flags = event.resume ? cpu.rflags | RFLAGS.RF : cpu.rflags;
  const frame = [BigInt(flags >>> 0), BigInt(cpu.selector(CS)), cpu.rip];
  if (event.errorCode !== null) frame.push(BigInt(event.errorCode >>> 0));
  if (cpl !== cpu.cpl || virtual8086) {
    const old = [BigInt(cpu.selector(SS)), cpu.reg(Reg.rsp)];
    const before = virtual8086 ? [5, 4, 3, 0].map((n) => BigInt(cpu.selector(n))) : [];
    pushOnInnerStack(cpu, cpl, ext, bytes, [...before, ...old, ...frame], requireTarget, checks);
    if (virtual8086) for (const n of DATA_SEGMENTS) setSegment(cpu, n, 0, 0n, 0, 0);
  } else {
    requireRoom(cpu, bytes, frame.length, ext, checks);
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

const gateWhere = ({ low, high }: Descriptor, vector: number, field: string): Where => ({
  kind: 'descriptor',
  selector: vector * 8,
  descriptor: (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0),
  field,
  gateBytes: 8,
});

/** The gate of an event, which the event may use. */
function readGate(cpu: Cpu, { vector, software }: Event, checks: Checks): Descriptor {
  const idtError = vector * 8 + 2 + (software ? 0 : 1);
  const last = vector * 8 + 7;
  const refuse = (faultVector: number, check: string, expected: string, actual: string, where: Where): Fault =>
    new Fault(faultVector, idtError, { check, expected, actual, manual: MANUAL, where });
  const within = 'the gate lies within the IDT';
  checks.require(within, last <= cpu.low(S.idtrLimit), () =>
    refuse(Vector.GP, within, `IDTR.limit at least ${hex(last)}`, hex(cpu.low(S.idtrLimit)), idtLimit(cpu, last)),
  );
  const raw = cpu.readSystem(BigInt.asUintN(32, cpu.get(S.idtrBase) + BigInt(vector * 8)), 8);
  const gate = { low: Number(BigInt.asIntN(32, raw)), high: Number(BigInt.asIntN(32, raw >> 32n)) };
  const a = attributesOf(gate);
  const type = a & 0x1f;
  const where = (field: string): Where => gateWhere(gate, vector, field);
  const noTask = 'the gate is no task gate: hardware task switching is not part of this machine';
  checks.require(noTask, type !== SystemType.taskGate, () =>
    refuse(Vector.GP, noTask, 'an interrupt or trap gate', 'a task gate', where('Type')),
  );
  const kind = 'the IDT entry is an interrupt or trap gate';
  checks.require(kind, ENTERED.has(type), () =>
    refuse(Vector.GP, kind, 'type 6h, 7h, Eh or Fh', hex(type), where('Type')),
  );
  if (software) {
    const allowed = "the gate's DPL is at least CPL";
    checks.require(allowed, dplOf(a) >= cpu.cpl, () =>
      refuse(Vector.GP, allowed, `at least ${cpu.cpl}`, `${dplOf(a)}`, where('DPL')),
    );
  }
  const present = 'the gate is present';
  checks.require(present, isPresent(a), () => refuse(Vector.NP, present, 'P = 1', 'P = 0', where('P')));
  const named = "the gate's code selector is not null";
  checks.require(named, ((gate.low >>> 16) & 0xfffc) !== 0, () =>
    generalProtection(software ? 0 : 1, named, 'a selector', '0h', MANUAL, where('Selector')),
  );
  return gate;
}

/** Gates that events go through. */
const ENTERED: ReadonlySet<number> = new Set([
  SystemType.interruptGate,
  SystemType.trapGate,
  SystemType.interruptGate16,
  SystemType.trapGate16,
]);

function handlerFault(
  vector: number,
  selector: number,
  code: Descriptor | null,
  field: string,
  check: string,
  expected: string,
  ext: number,
): Fault {
  const actual = code === null ? 'outside its table' : `attributes ${hex(attributesOf(code))}`;
  return selectorFault(vector, selector, code, field, { check, expected, actual, manual: MANUAL }, ext);
}

/** The code segment that a gate names, which may run the handler. */
function readHandler(cpu: Cpu, selector: number, ext: number, checks: Checks): Descriptor {
  const code = readDescriptor(cpu, selector);
  const refuse = (vector: number, field: string, check: string, expected: string) => (): Fault =>
    handlerFault(vector, selector, code, field, check, expected, ext);
  const within = "the gate's code selector lies within its table";
  if (code === null) throw refuse(Vector.GP, 'Limit', within, 'inside the limit')();
  checks.note(within);
  const a = attributesOf(code);
  const inner = 'the handler is code with DPL <= CPL';
  checks.require(inner, isCode(a) && dplOf(a) <= cpu.cpl, refuse(Vector.GP, 'DPL', inner, 'code, DPL <= CPL'));
  const present = "the handler's segment is present";
  checks.require(present, isPresent(a), refuse(Vector.NP, 'P', present, 'P = 1'));
  return code;
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
  checks = new Checks(),
): void {
  const { selector, pointer } = tssLegacyStack(cpu, cpl, ext);
  checks.note(WITHIN_TSS);
  const stack = requireInnerStack(cpu, selector, cpl, ext, checks);
  const saved = saveStack(cpu);
  const before = cpu.cpl;
  setSegmentFrom(cpu, SS, selector, stack);
  cpu.setReg(Reg.rsp, pointer);
  cpu.setCpl(cpl);
  try {
    requireRoom(cpu, bytes, values.length, (selector & 0xfffc) | ext, checks);
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
function requireInnerStack(cpu: Cpu, selector: number, cpl: number, ext: number, checks: Checks): Descriptor {
  const stack = (selector & 0xfffc) === 0 ? null : readDescriptor(cpu, selector);
  const texts = (check: string, expected: string) => ({
    check,
    expected,
    actual: hex(selector),
    manual: 'SDM vol. 3A, 5.8.5',
  });
  const hold = (holds: boolean, vector: number, field: string, check: string, expected: string): void =>
    checks.require(check, holds, () => selectorFault(vector, selector, stack, field, texts(check, expected), ext));
  // There is no descriptor to tell of: the field of the TSS is what was looked at.
  const name = (holds: boolean, check: string, expected: string): void =>
    checks.require(check, holds, () => {
      const where = legacyStackAt(cpu, cpl, selector);
      return new Fault(Vector.TS, (selector & 0xfffc) | ext, { ...texts(check, expected), where });
    });
  name((selector & 0xfffc) !== 0, "the TSS's stack selector is not null", 'a selector');
  name(stack !== null, "the TSS's stack selector lies within its table", 'inside the limit');
  const found = stack as Descriptor;
  const a = attributesOf(found);
  const level = (selector & 3) === cpl && dplOf(a) === cpl;
  hold(level, Vector.TS, 'DPL', 'RPL and DPL of the new stack are the new CPL', `${cpl}`);
  hold(isWritableData(a), Vector.TS, 'Type', 'the new stack is writable data', 'writable data');
  hold(isPresent(a), Vector.SS, 'P', 'the new stack is present', 'P = 1');
  return found;
}

/** #SS with this error code unless `count` values of so many bytes fit on the running stack, by its limit and rights. */
export function requireRoom(cpu: Cpu, bytes: number, count: number, errorCode: number, checks = new Checks()): void {
  const top = cpu.reg(Reg.rsp);
  try {
    for (let i = 1; i <= count; i++) {
      checkedLinear(cpu, SS, (top - BigInt(bytes * i)) & stackMask(cpu), bytes, Access.write | Access.stack);
    }
  } catch (e) {
    if (!(e instanceof Fault) || errorCode === 0) throw e;
    throw new Fault(e.vector, errorCode, e.why);
  }
  checks.note('what is pushed lies within the stack segment');
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
