/** Moves between XMM and MMX registers, general registers and memory (SDM vol. 2). */
import { Access, Outcome } from '../layout.ts';
import { operandAt, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { finishMmx, hostOf, isMmx, isRegister, memoryHost } from './vectorOperands.ts';

/**
 * Copies `bytes` bytes of the source; what is above them in an XMM destination becomes 0 when `clears`, or only for
 * loads from memory ('load'). Stores go through the write check.
 */
function move(op: string, bytes: number, clears: 'always' | 'load' | 'never'): void {
  routine(op, (cpu, insn) => {
    if (!isRegister(insn, 0)) {
      const from = hostOf(cpu, insn, 1, bytes);
      const to = hostOf(cpu, insn, 0, bytes, Access.write);
      cpu.bytes.copyWithin(to, from, from + bytes);
      cpu.access.finishWrite(to);
    } else {
      const from = hostOf(cpu, insn, 1, bytes);
      const to = hostOf(cpu, insn, 0, 16);
      cpu.bytes.copyWithin(to, from, from + bytes);
      if (bytes < 16 && (clears === 'always' || (clears === 'load' && !isRegister(insn, 1))))
        cpu.bytes.fill(0, to + bytes, to + 16);
    }
    return Outcome.next;
  });
}
for (const op of 'movaps movapd movups movupd movdqa movdqu movntps movntpd movntdq movntdqa lddqu'.split(' '))
  move(op, 16, 'never');
move('movss', 4, 'load');

move('movsd', 8, 'load');

/** Loads and stores of one half. */
function half(op: string, at: 0 | 8): void {
  routine(op, (cpu, insn) => {
    if (isRegister(insn, 0)) {
      const from = memoryHost(cpu, insn, 1, 8, 0);
      const to = hostOf(cpu, insn, 0, 16) + at;
      cpu.bytes.copyWithin(to, from, from + 8);
    } else {
      const to = memoryHost(cpu, insn, 0, 8, Access.write);
      const from = hostOf(cpu, insn, 1, 16) + at;
      cpu.bytes.copyWithin(to, from, from + 8);
      cpu.access.finishWrite(to);
    }
    return Outcome.next;
  });
}
half('movlps', 0);
half('movlpd', 0);
half('movhps', 8);
half('movhpd', 8);

/** Halves of registers: where from, where to. */
function between(op: string, from: number, to: number): void {
  routine(op, (cpu, insn) => {
    const source = hostOf(cpu, insn, 1, 16) + from;
    cpu.bytes.copyWithin(hostOf(cpu, insn, 0, 16) + to, source, source + 8);
    return Outcome.next;
  });
}
between('movhlps', 8, 0);
between('movlhps', 0, 8);

/** Copies of dwords of the source, by number. */
function duplicate(op: string, order: readonly [number, number, number, number], bytes: number): void {
  routine(op, (cpu, insn) => {
    const from = hostOf(cpu, insn, 1, bytes);
    const { view } = cpu;
    const values = order.map((n) => view.getUint32(from + 4 * n, true));
    const to = hostOf(cpu, insn, 0, 16);
    values.forEach((v, i) => view.setUint32(to + 4 * i, v, true));
    return Outcome.next;
  });
}
duplicate('movsldup', [0, 0, 2, 2], 16);
duplicate('movshdup', [1, 1, 3, 3], 16);
duplicate('movddup', [0, 1, 0, 1], 8);

/** MOVD and MOVQ in all their forms: to a vector register with zeros above, or from one. */
function scalar(op: string, bytes: number): void {
  routine(op, (cpu, insn) => {
    const mmx = isMmx(insn);
    const to = operandAt(insn, 0);
    if (to.kind === 'mem') {
      const from = hostOf(cpu, insn, 1, bytes);
      const host = memoryHost(cpu, insn, 0, bytes, Access.write);
      cpu.bytes.copyWithin(host, from, from + bytes);
      cpu.access.finishWrite(host);
      if (mmx) finishMmx(cpu, insn, -1);
      return Outcome.next;
    }
    const from = hostOf(cpu, insn, 1, bytes);
    if (to.kind === 'reg' && to.file === 'gpr') writeRegister(cpu, to.index, 8 * bytes, false, cpu.readAt(from, bytes));
    else {
      const host = hostOf(cpu, insn, 0, 16);
      cpu.bytes.copyWithin(host, from, from + bytes);
      cpu.bytes.fill(0, host + bytes, host + (mmx ? 8 : 16));
    }
    if (mmx) finishMmx(cpu, insn, 0);
    return Outcome.next;
  });
}
scalar('movd', 4);
scalar('movq', 8);
scalar('movntq', 8);
scalar('movdq2q', 8);

routine('movq2dq', (cpu, insn) => {
  const from = hostOf(cpu, insn, 1, 8);
  const to = hostOf(cpu, insn, 0, 16);
  cpu.bytes.copyWithin(to, from, from + 8);
  cpu.bytes.fill(0, to + 8, to + 16);
  finishMmx(cpu, insn, -1);
  return Outcome.next;
});

routine('movnti', (cpu, insn) => {
  const bytes = insn.operandSize === 64 ? 8 : 4;
  const from = hostOf(cpu, insn, 1, bytes);
  const to = memoryHost(cpu, insn, 0, bytes, Access.write);
  cpu.bytes.copyWithin(to, from, from + bytes);
  cpu.access.finishWrite(to);
  return Outcome.next;
});
