/** The frame of a string instruction: how often it runs, and what one execution of it does. */
import type { Instruction } from '../../isa/instruction.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import type { Cpu } from '../cpu.ts';
import { Outcome, S } from '../layout.ts';
import { addTo } from './stringPointer.ts';

const RCX = 8;
/**
 * Elements of one execution, after which interrupts get their turn. Nothing else ends an execution early: how memory is
 * cut into chunks depends on what is watched and cached, and the count of retired instructions must not.
 */
const MANY = 0x40000;
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
 * With 32-bit addresses in 64-bit mode, repetition begins by clearing the upper halves of RCX and, for MOVS and STOS, of
 * the pointers: seen on Intel processors when the count is 0 and when the first element faults.
 */
function clearUpperHalves(cpu: Cpu, insn: Instruction): void {
  cpu.set64(RCX, cpu.low(RCX), 0);
  if (insn.encoding.op !== 'movs' && insn.encoding.op !== 'stos') return;
  for (const operand of insn.operands) {
    if (operand.kind === 'mem') cpu.set64(8 * operand.base, cpu.low(8 * operand.base), 0);
  }
}

/**
 * Runs some chunks of a string instruction. One execution of a repeated one retires as one instruction and, while the
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
  if (insn.code === 64 && addressSize === 32) clearUpperHalves(cpu, insn);
  const wanted = remaining(cpu, addressSize);
  if (wanted === 0) return Outcome.next;
  // CMPS and SCAS change the flags when they end: until then a fault finds the old ones (SDM vol. 2B, REP).
  const kind = cpu.low(S.flagKind);
  const xLow = cpu.low(S.flagX);
  const xHigh = cpu.high(S.flagX);
  const yLow = cpu.low(S.flagY);
  const yHigh = cpu.high(S.flagY);
  const restoreFlags = (): void => {
    cpu.setLow(S.flagKind, kind);
    cpu.set64(S.flagX, xLow, xHigh);
    cpu.set64(S.flagY, yLow, yHigh);
  };
  const stepping = (flags & RFLAGS.TF) !== 0 || cpu.watching;
  try {
    for (let budget = stepping ? 1 : Math.min(wanted, MANY); budget > 0; ) {
      const done = chunk(cpu, insn, budget, down);
      addTo(cpu, RCX, -Math.abs(done), addressSize);
      if (done < 0 || remaining(cpu, addressSize) === 0) return Outcome.next;
      budget -= done;
    }
  } catch (e) {
    restoreFlags();
    throw e;
  }
  restoreFlags();
  return Outcome.jump;
}
