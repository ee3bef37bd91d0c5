import type { CodeSize } from '../../isa/instruction.ts';
import type { EncodingRow } from '../../isa/table/index.ts';
import { StatementError } from '../problem.ts';
import type { AssemblerOperand, RegisterRead } from './operand.ts';

/** Says why no form of an instruction takes these operands. */
export function mismatch(
  word: string,
  at: number,
  rows: readonly EncodingRow[],
  operands: readonly AssemblerOperand[],
  dialect: { readonly mode: CodeSize; readonly syntax: 'att' | 'intel' },
): StatementError {
  const fail = (message: string, hint: string): StatementError => new StatementError(message, at, word.length, hint);
  if (rows.length > 0 && rows.every((row) => (dialect.mode === 64 ? row.invalidIn64 : row.onlyIn64))) {
    return fail(`${word} does not exist in ${dialect.mode === 64 ? '64-bit mode' : `${dialect.mode}-bit code`}`, '');
  }
  const counts = [...new Set(rows.map((row) => row.operands.length))].sort();
  if (!counts.includes(operands.length) && operands.length > 0) {
    return fail(
      `${word} takes ${counts.join(' or ')} operand${counts.join() === '1' ? '' : 's'}, not ${operands.length}`,
      '',
    );
  }
  const registers = operands.filter(
    (operand): operand is RegisterRead => operand.kind === 'reg' && operand.file === 'gpr',
  );
  const [first, second] = registers;
  const sign = dialect.syntax === 'att' ? '%' : '';
  if (first !== undefined && second !== undefined && first.bits !== second.bits) {
    return new StatementError(
      `${sign}${first.name} is ${first.bits} bits wide and ${sign}${second.name} ${second.bits}`,
      second.at >= 0 ? second.at : at,
      Math.max(1, second.length),
      'Use registers of one width, or movzx or movsx to widen.',
    );
  }
  const suffix = dialect.syntax === 'att' ? { b: 8, w: 16, l: 32, q: 64 }[word.charAt(word.length - 1)] : undefined;
  if (first !== undefined && suffix !== undefined && first.bits !== suffix) {
    return new StatementError(
      `${sign}${first.name} is ${first.bits} bits wide, but the suffix of ${word} says ${suffix}`,
      first.at >= 0 ? first.at : at,
      Math.max(1, first.length),
      `Leave out the suffix, or use a ${suffix}-bit register.`,
    );
  }
  if (operands.filter((operand) => operand.kind === 'mem').length > 1) {
    return fail(`${word} cannot have two memory operands`, 'Load one into a register first.');
  }
  const destination = dialect.syntax === 'att' ? operands.at(-1) : operands[0];
  if (destination?.kind === 'imm' && operands.length > 1) {
    return new StatementError(
      'a constant cannot be the destination',
      destination.at,
      destination.length,
      dialect.syntax === 'att'
        ? 'In AT&T syntax the destination comes last.'
        : 'In Intel syntax the destination comes first.',
    );
  }
  return fail(
    `${word} cannot have these operands`,
    operands.length === 0 ? `It takes ${counts.join(' or ')}.` : 'Check their kinds and sizes.',
  );
}
