/**
 * MOVS, STOS, LODS, CMPS, SCAS. A repeated one does a chunk at a time: as many elements as lie in the present page (of
 * both sides), which for MOVS and STOS is one copy or fill.
 */
import type { Instruction, MemoryOperand } from '../../isa/instruction.ts';
import type { Cpu } from '../cpu.ts';
import { flagKind } from '../language/flags.ts';
import type { Size } from '../language/expr.ts';
import { Access, S, STATE } from '../layout.ts';
import { operandAt } from './operands.ts';
import { repeated } from './repeat.ts';
import { routine } from './routine.ts';
import { StringPointer } from './stringPointer.ts';

const RAX = 0;
const ES = 0;
const source = new StringPointer(8 * 6);
const destination = new StringPointer(8 * 7);

function memoryAt(insn: Instruction, n: number): MemoryOperand {
  const operand = operandAt(insn, n);
  if (operand.kind !== 'mem') throw new Error(`${insn.encoding.mnemonic}: operand ${n} is not memory`);
  return operand;
}

/** Halves of an element at a host address. */
function lowAt(cpu: Cpu, host: number, bytes: number): number {
  if (bytes === 1) return cpu.view.getUint8(host);
  return bytes === 2 ? cpu.view.getUint16(host, true) : cpu.view.getInt32(host, true);
}
const highAt = (cpu: Cpu, host: number, bytes: number): number => (bytes === 8 ? cpu.view.getInt32(host + 4, true) : 0);

/** Writes an element through a host address that `access` gave for writing. */
function put(cpu: Cpu, host: number, bytes: number, low: number, high: number): void {
  const { view } = cpu;
  if (bytes === 1) view.setUint8(host, low);
  else if (bytes === 2) view.setUint16(host, low, true);
  else {
    view.setInt32(host, low, true);
    if (bytes === 8) view.setInt32(host + 4, high, true);
  }
  cpu.access.finishWrite(host);
}

/** The accumulator's halves as an element. */
function accumulatorLow(cpu: Cpu, bytes: number): number {
  const low = cpu.low(RAX);
  return bytes === 1 ? low & 0xff : bytes === 2 ? low & 0xffff : low;
}
const accumulatorHigh = (cpu: Cpu, bytes: number): number => (bytes === 8 ? cpu.high(RAX) : 0);

function move(cpu: Cpu, insn: Instruction, wanted: number, down: boolean): number {
  const from = memoryAt(insn, 1);
  const bytes = from.bits / 8;
  const { access } = cpu;
  const write = bytes | Access.write;
  source.locate(cpu, from.segment, insn.addressSize, bytes);
  const hostFrom = access.host(source.low, source.high, bytes);
  // The source may share BOUNCE with the destination.
  const low = lowAt(cpu, hostFrom, bytes);
  const high = highAt(cpu, hostFrom, bytes);
  destination.locate(cpu, ES, insn.addressSize, write);
  const hostTo = access.host(destination.low, destination.high, write);
  let there = wanted === 1 ? 1 : source.room(cpu, wanted, bytes, down, bytes);
  let here = there <= 1 ? 1 : destination.room(cpu, wanted, bytes, down, write);
  let n = 1;
  if (here > 1 && there > 1 && access.inOnePiece(hostFrom) && access.inOnePiece(hostTo)) {
    if (!down) {
      there = source.stretch(cpu, hostFrom, there, wanted, bytes, bytes);
      here = destination.stretch(cpu, hostTo, here, there, bytes, write);
    }
    n = Math.min(there, here);
    const back = down ? bytes * (n - 1) : 0;
    access.willWrite(hostTo - back, bytes * n);
    copy(cpu.bytes, hostTo - back, hostFrom - back, bytes * n, bytes, down);
  } else put(cpu, hostTo, bytes, low, high);
  const step = down ? -bytes * n : bytes * n;
  source.advance(cpu, step);
  destination.advance(cpu, step);
  return n;
}

/** Copies as element after element would, also where the ranges overlap. */
function copy(memory: Uint8Array, to: number, from: number, length: number, element: number, down: boolean): void {
  const ahead = down ? from - to : to - from;
  if (ahead <= 0 || ahead >= length) {
    memory.copyWithin(to, from, from + length);
    return;
  }
  // What is written is read again later: the first `ahead` bytes repeat.
  if (!down && ahead >= element) {
    for (let done = 0; done < length; ) {
      const piece = Math.min(done + ahead, length - done);
      memory.copyWithin(to + done, from, from + piece);
      done += piece;
    }
    return;
  }
  for (let done = 0; done < length; done += element) {
    const at = down ? length - done - element : done;
    memory.copyWithin(to + at, from + at, from + at + element);
  }
}

function fill(cpu: Cpu, insn: Instruction, wanted: number, down: boolean): number {
  const bytes = memoryAt(insn, 0).bits / 8;
  const { access } = cpu;
  const write = bytes | Access.write;
  destination.locate(cpu, ES, insn.addressSize, write);
  const room = wanted === 1 ? 1 : destination.room(cpu, wanted, bytes, down, write);
  const host = access.host(destination.low, destination.high, write);
  const low = accumulatorLow(cpu, bytes);
  let n = 1;
  if (room > 1 && access.inOnePiece(host)) {
    n = down ? room : destination.stretch(cpu, host, room, wanted, bytes, write);
    const start = host - (down ? bytes * (n - 1) : 0);
    access.willWrite(start, bytes * n);
    fillElements(cpu, start, bytes * n, bytes, low);
  } else put(cpu, host, bytes, low, accumulatorHigh(cpu, bytes));
  destination.advance(cpu, down ? -bytes * n : bytes * n);
  return n;
}

function fillElements(cpu: Cpu, start: number, length: number, element: number, low: number): void {
  const { bytes } = cpu;
  if (element === 1) {
    bytes.fill(low, start, start + length);
    return;
  }
  bytes.copyWithin(start, STATE + 8 * RAX, STATE + 8 * RAX + element);
  for (let done = element; done < length; done *= 2) {
    bytes.copyWithin(start + done, start, start + Math.min(done, length - done));
  }
}

function load(cpu: Cpu, insn: Instruction, wanted: number, down: boolean): number {
  const from = memoryAt(insn, 1);
  const bytes = from.bits / 8;
  source.locate(cpu, from.segment, insn.addressSize, bytes);
  const room = wanted === 1 ? 1 : source.room(cpu, wanted, bytes, down, bytes);
  let host = cpu.access.host(source.low, source.high, bytes);
  const n = room > 1 && cpu.access.inOnePiece(host) ? room : 1;
  const step = down ? -bytes : bytes;
  host += step * (n - 1);
  const low = lowAt(cpu, host, bytes);
  if (bytes === 8) cpu.set64(RAX, low, highAt(cpu, host, bytes));
  else if (bytes === 4) cpu.set64(RAX, low, 0);
  else if (bytes === 2) cpu.view.setUint16(STATE + RAX, low, true);
  else cpu.view.setUint8(STATE + RAX, low);
  source.advance(cpu, step * n);
  return n;
}

/** Flags of `left - right`, as CMP leaves them. */
function setCompareFlags(
  cpu: Cpu,
  bytes: number,
  low: number,
  high: number,
  rightLow: number,
  rightHigh: number,
): void {
  cpu.setLow(S.flagKind, flagKind('sub', (bytes * 8) as Size));
  cpu.set64(S.flagX, low, high);
  cpu.set64(S.flagY, rightLow, rightHigh);
}

const REPNE = 0xf2;

/** Compares up to `n` pairs from `left` and `right` on; `leftStep` is 0 for the accumulator's copy. Returns how many. */
function compareRun(
  cpu: Cpu,
  bytes: number,
  n: number,
  untilEqual: boolean,
  left: number,
  leftStep: number,
  right: number,
  step: number,
): number {
  for (let i = 1; ; i++) {
    const equal =
      lowAt(cpu, left, bytes) === lowAt(cpu, right, bytes) && highAt(cpu, left, bytes) === highAt(cpu, right, bytes);
    if (equal === untilEqual || i === n) {
      setCompareFlags(
        cpu,
        bytes,
        lowAt(cpu, left, bytes),
        highAt(cpu, left, bytes),
        lowAt(cpu, right, bytes),
        highAt(cpu, right, bytes),
      );
      return equal === untilEqual ? -i : i;
    }
    left += leftStep;
    right += step;
  }
}

function compare(cpu: Cpu, insn: Instruction, wanted: number, down: boolean): number {
  const from = memoryAt(insn, 0);
  const bytes = from.bits / 8;
  const { access } = cpu;
  // ES:rDI is read first.
  destination.locate(cpu, ES, insn.addressSize, bytes);
  const right = access.host(destination.low, destination.high, bytes);
  const rightLow = lowAt(cpu, right, bytes);
  const rightHigh = highAt(cpu, right, bytes);
  source.locate(cpu, from.segment, insn.addressSize, bytes);
  const left = access.host(source.low, source.high, bytes);
  const there = wanted === 1 ? 1 : source.room(cpu, wanted, bytes, down, bytes);
  const room = there <= 1 ? 1 : destination.room(cpu, there, bytes, down, bytes);
  const step = down ? -bytes : bytes;
  const untilEqual = insn.repeat === REPNE;
  let done: number;
  if (access.inOnePiece(left) && access.inOnePiece(right)) {
    done = compareRun(cpu, bytes, Math.max(room, 1), untilEqual, left, step, right, step);
  } else {
    const low = lowAt(cpu, left, bytes);
    const high = highAt(cpu, left, bytes);
    setCompareFlags(cpu, bytes, low, high, rightLow, rightHigh);
    done = (low === rightLow && high === rightHigh) === untilEqual ? -1 : 1;
  }
  const moved = step * Math.abs(done);
  source.advance(cpu, moved);
  destination.advance(cpu, moved);
  return done;
}

function scan(cpu: Cpu, insn: Instruction, wanted: number, down: boolean): number {
  const bytes = memoryAt(insn, 1).bits / 8;
  destination.locate(cpu, ES, insn.addressSize, bytes);
  const room = wanted === 1 ? 1 : destination.room(cpu, wanted, bytes, down, bytes);
  const step = down ? -bytes : bytes;
  const host = cpu.access.host(destination.low, destination.high, bytes);
  const n = cpu.access.inOnePiece(host) ? Math.max(room, 1) : 1;
  const done = compareRun(cpu, bytes, n, insn.repeat === REPNE, STATE + 8 * RAX, 0, host, step);
  destination.advance(cpu, step * Math.abs(done));
  return done;
}

for (const [op, chunk] of [
  ['movs', move],
  ['stos', fill],
  ['lods', load],
  ['cmps', compare],
  ['scas', scan],
] as const) {
  routine(op, (cpu, insn) => repeated(cpu, insn, chunk));
}
