/** Descriptor-table registers and the instructions that look at descriptors (SDM vol. 2A, LGDT, LLDT, LAR, LSL; 2B, LTR, VERR). */
import { ATTRIBUTE, SystemType } from '../../registers/descriptor.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, highOf } from '../cpu.ts';
import { isCanonical } from '../dataAccess.ts';
import { generalProtection, hex, Vector } from '../fault.ts';
import { Access, LDTR, Outcome, S, TR } from '../layout.ts';
import { effectiveAddress, load, operandAt, read, store, write, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import {
  attributesOf,
  baseOf,
  type Descriptor,
  dplOf,
  isConforming,
  isPresent,
  isReadable,
  isWritableData,
  limitOf,
  markDescriptor,
  protectedMode,
  readDescriptor,
  readDescriptorTop,
  setSegment,
} from '../segmentation.ts';
import { longActive, refusal, requireDescriptor } from './codeSegment.ts';
import { requireProtected, requireRing0, requireUmip } from './privilege.ts';

function memoryOf(cpu: Cpu, insn: Instruction): { segment: number; at: bigint } {
  const operand = operandAt(insn, 0);
  if (operand.kind !== 'mem') throw new Error('a memory operand expected');
  return { segment: operand.segment, at: effectiveAddress(cpu, insn, operand) };
}

/** The operand of 6 or 10 bytes is aligned to 4 (SDM vol. 3A, table 6-7); all of it is checked before any is written. */
const storeTable = (op: string, base: number, limit: number): void =>
  routine(op, (cpu, insn) => {
    requireUmip(cpu, insn);
    const { segment, at } = memoryOf(cpu, insn);
    const place = (n: number): bigint => BigInt.asUintN(insn.addressSize, at + BigInt(n));
    const bytes = cpu.long ? 10 : 6;
    const change = Access.write | Access.update;
    load(cpu, segment, at, 4, change);
    load(cpu, segment, place(bytes - 2), 2, change);
    const value = (cpu.get(base) << 16n) | BigInt(cpu.low(limit));
    store(cpu, segment, at, 4, value);
    for (let n = 4; n < bytes; n += 2) store(cpu, segment, place(n), 2, value >> BigInt(8 * n));
    return Outcome.next;
  });
storeTable('sgdt', S.gdtrBase, S.gdtrLimit);
storeTable('sidt', S.idtrBase, S.idtrLimit);

const loadTable = (op: string, base: number, limit: number): void =>
  routine(op, (cpu, insn) => {
    requireRing0(cpu, insn);
    const { segment, at } = memoryOf(cpu, insn);
    const after = BigInt.asUintN(insn.addressSize, at + 2n);
    const newLimit = Number(load(cpu, segment, at, 2));
    let newBase = load(cpu, segment, after, cpu.long ? 8 : 4);
    if (cpu.long && !isCanonical(highOf(newBase))) {
      throw generalProtection(0, 'the table base is canonical', 'bits 63:47 equal', hex(newBase), 'SDM vol. 2A, LGDT');
    }
    if (!cpu.long && insn.operandSize === 16) newBase &= 0xffffffn;
    cpu.set(base, newBase);
    cpu.setLow(limit, newLimit);
    return Outcome.next;
  });
loadTable('lgdt', S.gdtrBase, S.gdtrLimit);
loadTable('lidt', S.idtrBase, S.idtrLimit);

const storeSelector = (op: string, n: number): void =>
  routine(op, (cpu, insn) => {
    requireProtected(cpu, insn, protectedMode(cpu));
    requireUmip(cpu, insn);
    write(cpu, insn, 0, BigInt(cpu.selector(n)));
    return Outcome.next;
  });
storeSelector('sldt', LDTR);
storeSelector('str', TR);

/** Base of a system descriptor: 64 bits, with its second half, in IA-32e mode. */
function systemBase(cpu: Cpu, selector: number, d: Descriptor, manual: string): bigint {
  if (!longActive(cpu)) return BigInt(baseOf(d));
  const top = readDescriptorTop(cpu, selector);
  const refuse = refusal(selector, d, manual);
  if (top === null)
    throw refuse(
      Vector.GP,
      'Limit',
      'both halves of the descriptor lie within the GDT',
      'inside the limit',
      hex(selector),
    );
  if ((top.high & 0x1f00) !== 0)
    throw refuse(Vector.GP, 'Type', "the descriptor's upper half has type 0", '0', hex((top.high >>> 8) & 31));
  const base = (BigInt(top.low >>> 0) << 32n) | BigInt(baseOf(d));
  if (!isCanonical(top.low)) throw refuse(Vector.GP, 'Base', 'the base is canonical', 'bits 63:47 equal', hex(base));
  return base;
}

routine('lldt', (cpu, insn) => {
  const manual = 'SDM vol. 2A, LLDT';
  requireProtected(cpu, insn, protectedMode(cpu));
  requireRing0(cpu, insn);
  const selector = Number(read(cpu, insn, 0) & 0xffffn);
  if ((selector & 0xfffc) === 0) {
    setSegment(cpu, LDTR, selector, 0n, 0, 0);
    return Outcome.next;
  }
  if ((selector & 4) !== 0)
    throw refusal(selector, null, manual)(Vector.GP, 'TI', 'LDTR is loaded from the GDT', 'TI = 0', 'TI = 1');
  const d = requireDescriptor(cpu, selector, 'the selector for LDTR', manual);
  const a = attributesOf(d);
  const refuse = refusal(selector, d, manual);
  if ((a & 0x1f) !== SystemType.ldt)
    throw refuse(Vector.GP, 'Type', 'the descriptor is an LDT', 'type 2h', hex(a & 0x1f));
  if (!isPresent(a)) throw refuse(Vector.NP, 'P', 'the LDT is present', 'P = 1', 'P = 0');
  setSegment(cpu, LDTR, selector, systemBase(cpu, selector, d, manual), limitOf(d), a);
  return Outcome.next;
});

routine('ltr', (cpu, insn) => {
  const manual = 'SDM vol. 2A, LTR';
  requireProtected(cpu, insn, protectedMode(cpu));
  requireRing0(cpu, insn);
  const selector = Number(read(cpu, insn, 0) & 0xffffn);
  if ((selector & 4) !== 0)
    throw refusal(selector, null, manual)(Vector.GP, 'TI', 'TR is loaded from the GDT', 'TI = 0', 'TI = 1');
  const d = requireDescriptor(cpu, selector, 'the selector for TR', manual);
  const a = attributesOf(d);
  const refuse = refusal(selector, d, manual);
  const type = a & 0x1f;
  const available = type === SystemType.tssAvailable || (type === SystemType.tss16Available && !longActive(cpu));
  if (!available) throw refuse(Vector.GP, 'Type', 'the descriptor is an available TSS', 'type 9h', hex(type));
  if (!isPresent(a)) throw refuse(Vector.NP, 'P', 'the TSS is present', 'P = 1', 'P = 0');
  const base = systemBase(cpu, selector, d, manual);
  const busy = SystemType.tssBusy & ~SystemType.tssAvailable;
  markDescriptor(cpu, selector, d, busy);
  setSegment(cpu, TR, selector, base, limitOf(d), a | busy);
  return Outcome.next;
});

/** Descriptor for LAR, LSL, VERR and VERW: null when the selector is null or outside its table. */
const peekDescriptor = (cpu: Cpu, selector: number): Descriptor | null =>
  (selector & 0xfffc) === 0 ? null : readDescriptor(cpu, selector);

const visible = (cpu: Cpu, selector: number, a: number): boolean =>
  isConforming(a) || (cpu.cpl <= dplOf(a) && (selector & 3) <= dplOf(a));

function setZero(cpu: Cpu, on: boolean): void {
  const flags = cpu.rflags;
  cpu.rflags = on ? flags | RFLAGS.ZF : flags & ~RFLAGS.ZF;
}

const LSL_TYPES = { legacy: [1, 2, 3, 9, 11], long: [2, 9, 11] };
const LAR_TYPES = { legacy: [1, 2, 3, 4, 5, 9, 11, 12], long: [2, 9, 11, 12] };

const look = (op: string, types: { legacy: number[]; long: number[] }, value: (d: Descriptor) => bigint): void =>
  routine(op, (cpu, insn) => {
    requireProtected(cpu, insn, protectedMode(cpu));
    const selector = Number(read(cpu, insn, 1) & 0xffffn);
    const d = peekDescriptor(cpu, selector);
    const a = d === null ? 0 : attributesOf(d);
    const known = (a & ATTRIBUTE.S) !== 0 || (longActive(cpu) ? types.long : types.legacy).includes(a & 15);
    const fine = d !== null && known && visible(cpu, selector, a);
    setZero(cpu, fine);
    const dst = operandAt(insn, 0);
    if (fine && dst.kind === 'reg') writeRegister(cpu, dst.index, insn.operandSize, false, value(d));
    return Outcome.next;
  });
look('lar', LAR_TYPES, (d) => BigInt((d.high & 0x00f0ff00) >>> 0));
look('lsl', LSL_TYPES, (d) => BigInt(limitOf(d)));

const verify = (op: string, allowed: (a: number) => boolean): void =>
  routine(op, (cpu, insn) => {
    requireProtected(cpu, insn, protectedMode(cpu));
    const selector = Number(read(cpu, insn, 0) & 0xffffn);
    const d = peekDescriptor(cpu, selector);
    const a = d === null ? 0 : attributesOf(d);
    setZero(cpu, d !== null && (a & ATTRIBUTE.S) !== 0 && visible(cpu, selector, a) && allowed(a));
    return Outcome.next;
  });
verify('verr', isReadable);
verify('verw', isWritableData);
