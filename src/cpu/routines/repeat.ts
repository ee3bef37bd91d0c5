/** The frame of a string instruction: how often it runs, and what one execution of it does. */
import type { Instruction } from '../../isa/instruction.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import type { Cpu } from '../cpu.ts';
import { Outcome } from '../layout.ts';
import { addTo } from './stringPointer.ts';

const RCX = 8;
/** More elements than fit a page: as good as any larger count. */
const MANY = 0x10000;

/**
 * Does at least one and at most `wanted` elements and returns how many; CMPS and SCAS return the negative of it when
 * ZF ends the repetition. Throws before it has changed anything.
 */
export type Chunk = (cpu: Cpu, insn: Instruction, wanted: number, down: boolean) => number;

/** Elements still to do, as far as a chunk can care. */
function remaining(cpu: Cpu, size: 16 | 32 | 64): number {
  const low = cpu.low(RCX);
  if (size === 16) return low & 0xffff;
  return (size === 64 && cpu.high(RCX) !== 0) || low >>> 0 > MANY ? MANY : low;
}

/**
 * Runs one chunk of a string instruction. One execution of a repeated one retires as one instruction and, while the
 * count is not 0, leaves RIP at it (SDM vol. 2B, REP: interrupts and traps come between iterations).
 */
export function repeated(cpu: Cpu, insn: Instruction, chunk: Chunk): number {
  const flags = cpu.systemFlags;
  const down = (flags & RFLAGS.DF) !== 0;
  if (insn.repeat === 0) {
    chunk(cpu, insn, 1, down);
    return Outcome.next;
  }
  const { addressSize } = insn;
  const wanted = remaining(cpu, addressSize);
  if (wanted === 0) return Outcome.next;
  const done = chunk(cpu, insn, (flags & RFLAGS.TF) !== 0 ? 1 : wanted, down);
  addTo(cpu, RCX, -Math.abs(done), addressSize);
  return done < 0 || remaining(cpu, addressSize) === 0 ? Outcome.next : Outcome.jump;
}
