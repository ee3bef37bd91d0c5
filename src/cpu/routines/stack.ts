/** PUSHA, POPA and ENTER. */
import type { Cpu } from '../cpu.ts';
import { highOf, lowOf } from '../cpu.ts';
import { Access, Outcome } from '../layout.ts';
import { checkedLinear, peekStack, pushAll, setStackPointer, stackMask, store, writeRegister } from './operands.ts';
import { routine } from './routine.ts';

const SS = 2;
const RSP = 4;
const RBP = 5;

routine('pusha', (cpu, insn) => {
  const bits = insn.operandSize;
  pushAll(
    cpu,
    bits / 8,
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => BigInt.asUintN(bits, cpu.reg(n))),
  );
  return Outcome.next;
});

routine('popa', (cpu, insn) => {
  const bits = insn.operandSize;
  const bytes = bits / 8;
  const values = [7, 6, 5, 4, 3, 2, 1, 0].map((n, i) => ({ n, value: peekStack(cpu, bytes, i * bytes) }));
  const past = cpu.reg(RSP) + BigInt(8 * bytes);
  for (const { n, value } of values) if (n !== RSP) writeRegister(cpu, n, bits, false, value);
  setStackPointer(cpu, past);
  return Outcome.next;
});

/** ENTER copies up to 30 frame pointers of enclosing frames (SDM vol. 2A, ENTER; vol. 1, 6.6). */
routine('enter', (cpu, insn) => {
  const [space, nesting] = insn.operands;
  if (space?.kind !== 'imm' || nesting?.kind !== 'imm') throw new Error('ENTER takes two immediates');
  const bits = insn.operandSize;
  const bytes = BigInt(bits / 8);
  const mask = stackMask(cpu);
  const level = nesting.low & 31;
  const top = cpu.reg(RSP);
  let pointer = top;
  const push = (value: bigint): void => {
    pointer = (pointer - bytes) & mask;
    store(cpu, SS, pointer, Number(bytes), BigInt.asUintN(bits, value), Access.stack);
  };
  push(cpu.reg(RBP));
  // All of ESP, also where SP alone addresses the stack.
  const frame = (top & ~mask) | pointer;
  for (let i = 1; i < level; i++) push(outerFrame(cpu, i, Number(bytes)));
  if (level > 0) push(frame);
  pointer = (pointer - BigInt(space.low & 0xffff)) & mask;
  // The new top of the stack must be writable, although nothing is written there.
  const linear = checkedLinear(cpu, SS, pointer, Number(bytes), Access.write | Access.stack);
  cpu.access.host(lowOf(linear), highOf(linear), Number(bytes) | Access.write | Access.update | Access.stack);
  setStackPointer(cpu, pointer);
  writeRegister(cpu, RBP, bits, false, BigInt.asUintN(bits, frame));
  return Outcome.next;
});

/** Frame pointer `i` of the enclosing frame's display. */
function outerFrame(cpu: Cpu, i: number, bytes: number): bigint {
  const at = (cpu.reg(RBP) - BigInt(i * bytes)) & stackMask(cpu);
  const linear = checkedLinear(cpu, SS, at, bytes, Access.stack);
  return cpu.readAt(cpu.access.host(lowOf(linear), highOf(linear), bytes | Access.stack), bytes);
}
