import type { Instruction, MemoryOperand } from '../instruction.ts';
import { Place } from '../table/operandSpec.ts';
import { hasDefaultSize, offDefaultSuffix, SUFFIXES } from './defaultSize.ts';

/** Mnemonics AT&T syntax spells differently. */
const NAMES: Readonly<Record<string, string>> = {
  cbw: 'cbtw',
  cwde: 'cwtl',
  cdqe: 'cltq',
  cwd: 'cwtd',
  cdq: 'cltd',
  cqo: 'cqto',
  callf: 'lcall',
  jmpf: 'ljmp',
  retf: 'lret',
  pushad: 'pusha',
  popad: 'popa',
  pushfd: 'pushf',
  pushfq: 'pushf',
  popfd: 'popf',
  popfq: 'popf',
  iretd: 'iret',
  iretq: 'iret',
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
/** Ops with a size suffix when their operand is memory and no register beside it tells the size. */
const SUFFIXED = words('add or adc sbb and sub xor cmp test mov not neg mul imul div idiv inc dec bt bts btr btc nop');
/** The same, but CL beside the memory operand is a count and tells nothing. */
const SHIFTS = words('rol ror rcl rcr shl shr sar');
const STRINGS = words('movs cmps ins outs');
/** String ops whose AT&T form shows the accumulator, which tells the size. */
const ACCUMULATOR_STRINGS = words('stos lods scas');
const X87_REVERSED = words('fsub fsubr fdiv fdivr fsubp fsubrp fdivp fdivrp');
const LOOPS = words('loop loope loopne');
const CONVERSIONS = words('cvtsi2ss cvtsi2sd crc32');
/** REX.W makes these take 64-bit lengths. */
export const EXPLICIT_LENGTH = words('pcmpestrm pcmpestri');
const X87_REAL = words('fadd fmul fcom fcomp fsub fsubr fdiv fdivr fld fst fstp');
const X87_INTEGER = words('fiadd fimul ficom ficomp fisub fisubr fidiv fidivr fild fist fistp fisttp');
export const X87_ENVIRONMENT = words('fldenv fnstenv frstor fnsave');
const REAL_SUFFIXES: Readonly<Record<number, string>> = { 32: 's', 64: 'l', 80: 't' };
const INTEGER_SUFFIXES: Readonly<Record<number, string>> = { 16: 's', 32: 'l', 64: 'll' };

/** The mnemonic in AT&T spelling, without prefixes: "addl", "movzbl", "lcall", "fildll". */
export function attMnemonic(insn: Instruction): string {
  const { mnemonic, op } = insn.encoding;
  if (hasDefaultSize(insn)) return (NAMES[mnemonic] ?? mnemonic) + offDefaultSuffix(insn);
  const source = insn.operands[1];
  if (op === 'movzx' || op === 'movsx') {
    return `mov${op.charAt(3)}${SUFFIXES[source?.bits ?? 0] ?? ''}${SUFFIXES[insn.operandSize] ?? ''}`;
  }
  if (op === 'movsxd') return insn.operandSize === 64 ? 'movslq' : 'movsxd';
  if (op === 'sysret' || op === 'sysexit') return op + (insn.code === 64 ? (SUFFIXES[insn.operandSize] ?? '') : '');
  if (X87_REVERSED.has(op) && isStackDestination(insn)) return reversed(mnemonic);
  if (EXPLICIT_LENGTH.has(op)) return mnemonic + (insn.operandSize === 64 ? 'q' : '');
  if (isMovabs(insn)) return 'movabs';
  if (LOOPS.has(op)) return op + loopSuffix(insn);
  if (ACCUMULATOR_STRINGS.has(op)) return op;
  const memory = insn.operands.find((operand) => operand.kind === 'mem');
  if (memory !== undefined) return memoryMnemonic(insn, memory);
  return NAMES[mnemonic] ?? mnemonic;
}

function memoryMnemonic(insn: Instruction, memory: MemoryOperand): string {
  const { mnemonic, op } = insn.encoding;
  const suffix = SUFFIXES[memory.bits] ?? '';
  if (X87_ENVIRONMENT.has(op)) return mnemonic + environmentSuffix(insn, 's', 'l');
  if (STRINGS.has(op)) return op + suffix;
  if (CONVERSIONS.has(op)) return mnemonic + suffix;
  if (X87_REAL.has(op)) return mnemonic + (REAL_SUFFIXES[memory.bits] ?? '');
  if (X87_INTEGER.has(op)) return mnemonic + (INTEGER_SUFFIXES[memory.bits] ?? '');
  const sizeShown = insn.operands.some((operand) => operand.kind === 'reg');
  if (SHIFTS.has(op) && insn.operands[0] === memory) return mnemonic + suffix;
  if (SUFFIXED.has(op) && !sizeShown) return mnemonic + suffix;
  return NAMES[mnemonic] ?? mnemonic;
}

/** A register form whose destination is ST(i), i.e. opcodes DC and DE. */
function isStackDestination(insn: Instruction): boolean {
  return insn.encoding.operands[0]?.place === Place.sti && insn.operands.length === 2;
}

/** AT&T assemblers have always had these pairs the other way round, and objdump prints what they take. */
function reversed(mnemonic: string): string {
  return mnemonic.includes('r') ? mnemonic.replace('r', '') : mnemonic.replace(/^(f(?:sub|div))/, '$1r');
}

/** MOV with a 64-bit immediate or a 64-bit moffs. */
export function isMovabs(insn: Instruction): boolean {
  const { op, opcode, map } = insn.encoding;
  if (op !== 'mov' || map !== 0 || insn.code !== 64) return false;
  if (opcode >= 0xa0 && opcode <= 0xa3) return insn.addressSize === 64;
  return opcode >= 0xb0 && opcode <= 0xbf && insn.operandSize === 64;
}

/** LOOP counts in the register of the address size; a suffix names it when that is not the mode's. */
function loopSuffix(insn: Instruction): string {
  return insn.addressSize === insn.code ? '' : (SUFFIXES[insn.addressSize] ?? '');
}

/** The 14- or 28-byte layout (94 or 108 with registers) when it is not the mode's own: `short` or `long`, else "". */
export function environmentSuffix(insn: Instruction, short: string, long: string): string {
  const is16 = insn.operandSize === 16;
  return is16 === (insn.code === 16) ? '' : is16 ? short : long;
}
