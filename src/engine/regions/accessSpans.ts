/**
 * Accesses of a block that are near each other whatever its registers hold: those through the same registers, which
 * nothing changes in between but by constants. Together they are a span, and one look at where its page is will do for
 * all of them.
 */
import { type Instruction, type MemoryOperand, NO_REGISTER, RIP_RELATIVE } from '../../isa/instruction.ts';
import type { Step } from './block.ts';
import { operandSizes } from './operands.ts';
import { groupOf, STACK } from './pageGroups.ts';

const RSP = 4;
/** A longer span would lie across pages too often. */
const LONGEST = 512;
/** Looks saved from which on a block is made twice: with its spans, and for spans that lie across pages. */
const WORTH = 2;
/** A longer block would take too long to compile twice. */
const MOST_STEPS = 100;
const MOST_SPANS = 6;

/** Registers that instructions change, by `op`; others change nothing known, and nothing is known behind them. */
const CHANGES_NONE = /^(cmp|test|nop|u?comis[sd]|push)$/;
const CHANGES_FIRST =
  /^(mov|movzx|movsxd?|lea|add|sub|adc|sbb|and|or|xor|inc|dec|neg|not|shl|shr|sar|rol|ror|cmovcc|setcc|bswap|pop)$/;
const CHANGES_RAX_RDX = /^(mul|cwd|cbw)$/;
/** Where it is written to; other memory operands are read. */
const WRITES_FIRST = /^(mov|add|sub|adc|sbb|and|or|xor|inc|dec|neg|not|shl|shr|sar|rol|ror|setcc|mov.*)$/;

/** What makes an access: a memory operand, or PUSH or POP. */
export type Accessor = MemoryOperand | Step;
/** An access, by its distance from where the span's registers point at the block's beginning. */
interface Access {
  readonly by: Accessor;
  readonly from: number;
  readonly bytes: number;
  readonly write: boolean;
  readonly step: Step;
}
export interface Span {
  /** The operand whose registers lead to it; undefined: the stack pointer does. */
  readonly through: MemoryOperand | undefined;
  readonly group: string;
  /** Distance of its first byte from where they point at the block's beginning. */
  readonly from: number;
  readonly bytes: number;
  readonly write: boolean;
  /** Distance of each access from the first byte. */
  readonly accesses: ReadonlyMap<Accessor, { readonly offset: number; readonly bytes: number }>;
}

/** Spans of the steps of a block, as far as making it twice is worth it. */
export function accessSpans(steps: readonly Step[]): readonly Span[] {
  if (steps.length > MOST_STEPS) return [];
  const found = [...collect(steps).values()].flatMap(cut).filter(({ accesses }) => accesses.size > 1);
  const spans = found.sort((a, b) => b.accesses.size - a.accesses.size).slice(0, MOST_SPANS);
  return spans.reduce((saved, { accesses }) => saved + accesses.size - 1, 0) < WORTH ? [] : spans;
}

/** Accesses by the registers they go through. */
function collect(steps: readonly Step[]): Map<string, Access[]> {
  const families = new Map<string, Access[]>();
  /** What was added to registers since the block's beginning; undefined when they have another value. */
  const moved: (number | undefined)[] = new Array<number>(16).fill(0);
  const distance = (register: number): number | undefined =>
    register === NO_REGISTER || register === RIP_RELATIVE ? 0 : moved[register];
  const add = (name: string, access: Access): void => {
    const family = families.get(name);
    if (family === undefined) families.set(name, [access]);
    else family.push(access);
  };
  for (const step of steps) {
    const { insn, definition } = step;
    const { op } = definition;
    const changed = changes(step);
    if (changed === undefined) break;
    const sizes = operandSizes(insn);
    for (const [n, operand] of insn.operands.entries()) {
      if (operand.kind !== 'mem' || op === 'lea' || op === 'nop' || insn.addressSize !== 64) continue;
      const { base, index, scale, segment, disp } = operand;
      const [a, b] = [distance(base), distance(index)];
      if (a === undefined || b === undefined || operand.dispHigh !== disp >> 31) continue;
      const bytes = (sizes[n] ?? 64) / 8;
      const from = a + b * 2 ** scale + disp + (base === RIP_RELATIVE ? step.place + insn.length : 0);
      const name = `${base} ${index} ${index === NO_REGISTER ? 0 : scale} ${segment}`;
      add(name, { by: operand, from, bytes, write: n === 0 && WRITES_FIRST.test(op), step });
    }
    const top = moved[RSP];
    if ((op === 'push' || op === 'pop') && top !== undefined) {
      const from = op === 'push' ? top - 8 : top;
      add('stack', { by: step, from, bytes: 8, write: op === 'push', step });
      moved[RSP] = op === 'push' ? from : from + 8;
    }
    for (const { register, by } of changed) {
      const before = moved[register];
      moved[register] = before === undefined || by === undefined ? undefined : before + by;
    }
  }
  return families;
}

interface Change {
  readonly register: number;
  /** What is added to it, if that is known. */
  readonly by: number | undefined;
}
function changes({ insn, definition }: Step): readonly Change[] | undefined {
  const { op } = definition;
  const to = insn.operands[0];
  if (op === 'push' || op === 'pop') {
    if (insn.operandSize !== 64 || (op === 'pop' && to?.kind !== 'reg')) return undefined;
  }
  if (CHANGES_NONE.test(op)) return [];
  if (CHANGES_RAX_RDX.test(op)) return [0, 2].map((register) => ({ register, by: undefined }));
  const several = op === 'imul' && insn.operands.length > 1;
  if (!CHANGES_FIRST.test(op) && definition.vector !== true && !several) return undefined;
  if (to?.kind !== 'reg' || to.file !== 'gpr') return [];
  return [{ register: to.index, by: to.bits === 64 ? added(op, insn) : undefined }];
}
/** The constant that an instruction adds to its first operand. */
function added(op: string, { operands, addressSize }: Instruction): number | undefined {
  const [to, from] = operands;
  if (op === 'inc') return 1;
  if (op === 'dec') return -1;
  if (from?.kind === 'imm' && from.high === from.low >> 31) {
    if (op === 'add') return from.low;
    if (op === 'sub') return -from.low;
  }
  const same = op === 'lea' && from?.kind === 'mem' && to?.kind === 'reg' && from.base === to.index;
  return same && addressSize === 64 && from.index === NO_REGISTER && from.dispHigh === from.disp >> 31
    ? from.disp
    : undefined;
}

/** Spans of at most LONGEST bytes. */
function cut(accesses: readonly Access[]): readonly Span[] {
  const spans: Span[] = [];
  let members: Access[] = [];
  const end = (): void => {
    const [first] = members;
    if (first === undefined) return;
    const last = Math.max(...members.map(({ from, bytes }) => from + bytes));
    const offsets = members.map(({ by, from, bytes }) => [by, { offset: from - first.from, bytes }] as const);
    const through = 'base' in first.by ? first.by : undefined;
    spans.push({
      through,
      group: through === undefined ? STACK : groupOf(first.step, through),
      from: first.from,
      bytes: last - first.from,
      write: members.some(({ write }) => write),
      accesses: new Map(offsets),
    });
    members = [];
  };
  for (const access of [...accesses].sort((a, b) => a.from - b.from)) {
    const [first] = members;
    if (first !== undefined && access.from + access.bytes - first.from > LONGEST) end();
    members.push(access);
  }
  end();
  return spans;
}
