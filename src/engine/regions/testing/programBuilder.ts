/**
 * Random short programs of 64-bit code: loops of instructions on registers, flags and memory, with branches, calls and
 * indirect jumps in them, that the two engines are compared by.
 */
import { DEFINITIONS } from '../../../cpu/semantics/index.ts';
import type { Instruction } from '../../../isa/instruction.ts';
import { NO_REGISTER } from '../../../isa/instruction.ts';
import type { EncodingRow } from '../../../isa/table/encodingRow.ts';
import { rows } from '../../../isa/table/index.ts';
import { oracleRows } from '../../oracle/host/caseBuilder.ts';
import { encode } from '../../oracle/host/encode.ts';
import type { Choices } from '../../oracle/host/random.ts';

/** Registers that programs use as addresses: RSI and RDI into data, RSP the stack, R15 the loop's beginning. */
export const DATA_REGISTERS = [6, 7] as const;
const [RSP, R15] = [4, 15];
const ROOM = 200;
const TRIES = 60;
const UNSUITABLE = /^(call|ret|enter|j.*|loop.*|ud|hlt|lock.*)$/;

const general = rows().filter(
  (row) => !row.invalidIn64 && DEFINITIONS.get(row.op)?.vector === true && row.vex === null,
);
const integer = oracleRows(64, new Set(rows().map((row) => row.feature))).filter((row) => !UNSUITABLE.test(row.op));
/** On single floats and doubles, which regions keep apart from vectors. */
const floating = general.filter(({ op }) =>
  /^(add|sub|mul|div|sqrt|min|max|mov|u?comi|cvt.*)s[sd]|^mova?p[sd]|^movq$/.test(op),
);
/** Those that compilers touch fields of structures with. */
const near = [...integer, ...general].filter(({ op }) =>
  /^(mov|add|sub|xor|cmp|inc|neg|movzx|movsxd?|mova?ps|movdq[au]|movups|movs[sd]|(add|sub|mul)sd|movh?lpd|shl|cmovcc)$/.test(
    op,
  ),
);
const defined = integer.filter((row) => DEFINITIONS.has(row.op));

export class ProgramBuilder {
  private readonly choices: Choices;
  /** The present program is mostly of floats. */
  private floats = false;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  /** Code that begins at its first byte and mostly goes round and round; HLT may follow. */
  code(): Uint8Array {
    const { choices } = this;
    const code: number[] = [];
    this.floats = choices.oneIn(4);
    const length = 2 + choices.below(8);
    for (let n = 0; n < length && code.length < ROOM; n++) {
      const kind = choices.below(10);
      if (kind === 0) this.branch(code);
      else if (kind === 1) this.call(code);
      else if (kind === 2) this.neighbours(code);
      else this.append(code);
    }
    this.back(code);
    return Uint8Array.from(code);
  }

  private append(code: number[]): void {
    const source = this.choices.below(8);
    const often = this.floats ? floating : defined;
    this.appendOf(code, source === 0 ? integer : source <= 2 ? general : often, () => true);
  }
  private appendOf(code: number[], list: readonly EncodingRow[], wanted: (insn: Instruction) => boolean): void {
    const { choices } = this;
    for (let n = 0; n < TRIES; n++) {
      const encoded = encode(choices.pick(list), 64, choices);
      if (encoded === undefined || !wanted(encoded.insn) || !this.suits(encoded.insn)) continue;
      code.push(...encoded.bytes.subarray(0, encoded.insn.length));
      return;
    }
  }
  /** Accesses near each other, through a register that is moved by constants, if at all. */
  private neighbours(code: number[]): void {
    const { choices } = this;
    const register = choices.pick(DATA_REGISTERS);
    const reaches = (insn: Instruction): boolean =>
      insn.operands.some((operand) => operand.kind === 'mem' && operand.base === register);
    const count = 3 + choices.below(5);
    for (let n = 0; n < count; n++) {
      const kind = choices.below(8);
      // ADD, SUB or LEA of the register by a constant; PUSH and POP of RCX.
      if (kind === 0) code.push(0x48, 0x83, (choices.oneIn(2) ? 0xc0 : 0xe8) | register, choices.below(20));
      else if (kind === 1) code.push(0x48, 0x8d, 0x40 | (register << 3) | register, choices.below(256));
      else if (kind === 2) code.push(choices.oneIn(2) ? 0x51 : 0x59);
      else this.appendOf(code, near, (insn) => reaches(insn) || choices.oneIn(100));
    }
  }
  /** Memory operands are near what RSI, RDI or RSP point to, and those and R15 mostly keep their values. */
  private suits(insn: Instruction): boolean {
    const { choices } = this;
    for (const operand of insn.operands) {
      if (operand.kind !== 'mem' || insn.encoding.op === 'lea') continue;
      // That could be another program, which nobody puts right again before the second run.
      if (operand.index === R15 || (operand.base === R15 && operand.index !== NO_REGISTER)) return false;
      if (!choices.oneIn(50)) {
        const known = operand.base === 6 || operand.base === 7 || operand.base === RSP;
        if (!known || operand.index !== NO_REGISTER || Math.abs(operand.disp) > 200 || insn.addressSize !== 64)
          return false;
      }
    }
    const to = insn.operands[0];
    const kept =
      to?.kind === 'reg' &&
      to.file === 'gpr' &&
      [4, 6, 7, R15].includes(to.index) &&
      !/^(cmp|test)$/.test(insn.encoding.op);
    return !kept || choices.oneIn(30);
  }

  private some(): number[] {
    const code: number[] = [];
    this.append(code);
    if (this.choices.oneIn(2)) this.append(code);
    return code;
  }
  /** A conditional jump over an instruction or two, or to one of two ways. */
  private branch(code: number[]): void {
    const { choices } = this;
    const first = this.some();
    const second = choices.oneIn(2) ? this.some() : [];
    const jump = second.length > 0 ? [0xeb, second.length] : [];
    code.push(0x70 | choices.below(16), first.length + jump.length, ...first, ...jump, ...second);
  }
  /** CALL of a few instructions that stand behind it, and RET. */
  private call(code: number[]): void {
    const body = [...this.some(), 0xc3];
    code.push(0xe8, 2, 0, 0, 0, 0xeb, body.length, ...body);
  }
  /** Back to the beginning: always, under a condition, or through R15. */
  private back(code: number[]): void {
    const { choices } = this;
    const kind = choices.below(6);
    if (kind === 0) return;
    if (kind === 1) code.push(0x41, 0xff, 0xe7);
    else if (kind === 2) {
      const distance = -(code.length + 6);
      code.push(0x0f, 0x80 | choices.below(16), distance & 0xff, (distance >> 8) & 0xff, 0xff, 0xff);
    } else {
      const distance = -(code.length + 5);
      code.push(0xe9, distance & 0xff, (distance >> 8) & 0xff, 0xff, 0xff);
    }
  }
}
