/**
 * Flags that need not be carried from block to block: those of an operation whose values are still in registers where they
 * could be asked for. Of such flags only their number is kept, and the values are taken from the registers on the way out.
 */
import type { Size } from '../../cpu/language/expr.ts';
import type { Block, Step } from './block.ts';
import { setsAll } from './deadFlags.ts';

/** A value of flags: a constant, or the low `size` bits of a register, to which the other value is to be added. */
export type FlagSource =
  | { readonly constant: bigint }
  | { readonly register: number; readonly size: Size; readonly plusOther?: boolean };
export interface FlagSources {
  readonly x: FlagSource;
  readonly y: FlagSource | undefined;
}

export const registersOf = ({ x, y }: FlagSources): number =>
  [x, y].reduce(
    (mask, source) => (source !== undefined && 'register' in source ? mask | (1 << source.register) : mask),
    0,
  );

/** As a mask. */
export const ALL_REGISTERS = 0xffff;
const RSP = 1 << 4;
/** These write no general register but, those of the stack, RSP. */
const WRITE_NOTHING = new Set(['cmp', 'test', 'bt', 'nop', 'push', 'call', 'ret', 'jmp', 'jcc']);
/** These write their first operand. All others that are no vector instructions are taken to write all registers. */
const WRITE_FIRST = new Set([
  ...['mov', 'movzx', 'movsx', 'movsxd', 'lea', 'pop', 'add', 'sub', 'and', 'or', 'xor', 'not', 'neg'],
  ...['shl', 'shr', 'sar', 'rol', 'ror', 'inc', 'dec', 'adc', 'sbb', 'cmovcc', 'setcc', 'bswap', 'imul'],
]);

/** Registers that a step may write, as a mask. */
function writes({ insn, definition }: Step): number {
  const { op } = insn.encoding;
  const stack = definition.stack === true ? RSP : 0;
  if (definition.op === 'nop' || (WRITE_NOTHING.has(op) && definition.op === op)) return stack;
  const first = insn.operands[0];
  // With one operand IMUL writes two registers.
  const plain = WRITE_FIRST.has(op) && definition.op === op && (op !== 'imul' || insn.operands.length > 1);
  if (!plain && definition.vector !== true) return ALL_REGISTERS;
  if (first?.kind !== 'reg' || first.file !== 'gpr') return stack;
  return stack | (1 << first.index);
}

/**
 * For each block, as a mask: registers that may be written from its beginning on until all flags are set, in it or behind
 * it; all where the flags may be read before.
 */
export function writtenUnderFlags(blocks: readonly Block[], successors: readonly (readonly number[])[]): Int32Array {
  const own = new Int32Array(blocks.length);
  const through = blocks.map(({ steps }, n) => {
    for (const step of steps) {
      if (step.definition.flags === 'reads' || step.definition.flags === 'partly') {
        own[n] = ALL_REGISTERS;
        return false;
      }
      if (setsAll(step)) return false;
      own[n] = (own[n] as number) | writes(step);
    }
    return true;
  });
  const all = own.slice();
  for (let changed = true; changed; ) {
    changed = false;
    for (let n = blocks.length - 1; n >= 0; n--) {
      if (through[n] !== true) continue;
      const mask = (successors[n] as readonly number[]).reduce(
        (sum, to) => sum | (all[to] as number),
        own[n] as number,
      );
      if (mask !== all[n]) changed = true;
      all[n] = mask;
    }
  }
  return all;
}
