import type { CodeSize } from '../../isa/instruction.ts';
import { Width } from '../../isa/table/operandSpec.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import { constant } from '../expression/expression.ts';
import type { Names } from '../expression/parse.ts';
import { StatementError } from '../problem.ts';
import type { Cursor } from '../source/cursor.ts';
import { nearest } from '../source/nearest.ts';
import { attOperands } from './attOperand.ts';
import { emit } from './emit.ts';
import type { EncodedInstruction, WrittenPrefixes } from './encoded.ts';
import { encodeForeign, encodeForeignText } from './foreign.ts';
import { intelOperands } from './intelOperand.ts';
import { bestMatch, type Match } from './match.ts';
import type { MatchRequest } from './sizes.ts';
import { mnemonics, type Named, named, STRING_OPS, type Syntax } from './names.ts';
import type { AssemblerOperand, Immediate, RegisterRead } from './operand.ts';
import { noPrefixes, prefixBytes, takePrefix } from './prefixes.ts';
import { registerNamed, SEGMENT_PREFIXES } from './registers.ts';
import { mismatch } from './mismatch.ts';

/** How a statement is to be read. */
export interface Dialect {
  readonly mode: CodeSize;
  readonly syntax: Syntax;
  /** Intel syntax with percent signs before registers. */
  readonly prefix: boolean;
}

const WORD = /[A-Za-z_.][\w.]*(?:,\s*p[nt]\b)?/y;
const HINTS: Readonly<Record<string, number>> = { pt: 3, pn: 1 };

/**
 * Encodes one instruction, prefixes included; the cursor stands at its first word. Throws StatementError with what is
 * wrong and what to write instead.
 */
export function encodeInstruction(cursor: Cursor, dialect: Dialect, names: Names): EncodedInstruction {
  const prefixes = noPrefixes();
  for (;;) {
    cursor.skipBlanks();
    const at = cursor.at;
    const text = cursor.match(WORD)?.[0];
    if (text === undefined) {
      if (cursor.atEnd())
        return { bytes: prefixBytes(prefixes, SEGMENT_PREFIXES), fixups: [], branch: null, warnings: [] };
      throw cursor.error(`an instruction expected, not "${cursor.rest()}"`, Math.max(1, cursor.end - cursor.at));
    }
    const [word = '', hint = ''] = text.toLowerCase().split(/,\s*/);
    if (takePrefix(word, prefixes, dialect.mode)) continue;
    if (hint !== '') prefixes.segment = HINTS[hint] ?? prefixes.segment;
    return encodeNamed(word, at, cursor, dialect, names, prefixes);
  }
}

function encodeNamed(
  word: string,
  at: number,
  cursor: Cursor,
  dialect: Dialect,
  names: Names,
  prefixes: WrittenPrefixes,
): EncodedInstruction {
  let readings = readingsOf(word, dialect.syntax);
  if (readings.length === 0 && !isForeign(word)) throw unknown(word, at, dialect);
  if (isForeign(word) && dialect.mode === 64 && cursor.rest().includes('{')) {
    const encoded = encodeForeignText(word, cursor.rest(), dialect.syntax === 'intel');
    if (encoded === null) throw mismatch(word, at, [], [], dialect);
    cursor.at = cursor.end;
    return encoded;
  }
  const written = dialect.syntax === 'att' ? attOperands(cursor, names) : intelOperands(cursor, names, word);
  // FADD alone is FADDP.
  if (written.length === 0 && X87_ARITHMETIC.test(word)) readings = readingsOf(`${word}p`, dialect.syntax);
  let match: Match | undefined;
  let chosen: Reading | undefined;
  for (const reading of readings) {
    chosen = reading;
    const request: MatchRequest = {
      mode: dialect.mode,
      suffix: reading.suffix,
      wide: reading.name === 'movabs',
      intel: dialect.syntax === 'intel',
    };
    const operands = arrange(reading, written, dialect.syntax);
    match = bestMatch(reading.named.rows, operands, request);
    if (match !== undefined) break;
  }
  if (match === undefined && isForeign(word) && dialect.mode === 64) {
    const foreign = encodeForeign(word, dialect.syntax === 'att' ? written : [...written].reverse());
    if (foreign !== null) return { ...foreign, bytes: [...prefixBytes(prefixes, SEGMENT_PREFIXES), ...foreign.bytes] };
    if (readings.length === 0) throw unknown(word, at, dialect);
  }
  if (match === undefined || chosen === undefined) {
    throw mismatch(
      word,
      at,
      readings.flatMap((reading) => reading.named.rows),
      written,
      dialect,
    );
  }
  if (match.guessed && dialect.syntax === 'intel' && hidesSize(match)) {
    throw new StatementError(
      `nothing tells the size of the operand of ${word}`,
      at,
      word.length,
      'Write BYTE, WORD, DWORD or QWORD PTR before the memory operand.',
    );
  }
  checkPrefixes(match, prefixes, word, at);
  prefixes.wait = chosen.named.wait;
  return emit(match, prefixes, dialect.mode);
}

const X87_ARITHMETIC = /^f(?:add|mul|subr?|divr?)$/;

/** AVX instructions and those on mask registers all start so; others of our processor's are in the table. */
function isForeign(word: string): boolean {
  return /^[vk][a-z]/.test(word);
}

/** One way to take a mnemonic apart: "movl" is MOV with suffix l; "movsb" MOVSB, or MOVSX with an inferred size. */
interface Reading {
  readonly name: string;
  readonly suffix: string;
  readonly named: Named;
}

const SUFFIX = /^(.+?)(ll|[bwlqst])$/;

function readingsOf(word: string, syntax: Syntax): Reading[] {
  const readings: Reading[] = [];
  const exact = named(word, syntax);
  if (exact !== undefined) readings.push({ name: word, suffix: '', named: exact });
  if (syntax === 'intel' && exact !== undefined) return readings;
  const split = SUFFIX.exec(word);
  if (split === null) return readings;
  for (const length of split[2] === 'll' ? [2, 1] : [1]) {
    const name = word.slice(0, -length);
    const suffixed = named(name, syntax);
    if (suffixed !== undefined) readings.push({ name, suffix: word.slice(-length), named: suffixed });
  }
  return readings;
}

function unknown(word: string, at: number, dialect: Dialect): StatementError {
  const close =
    nearest(word, mnemonics(dialect.syntax)) || nearest(word.replace(/[bwlq]$/, ''), mnemonics(dialect.syntax));
  const hint = close === '' ? 'Look for it in the instruction list.' : `Did you mean ${close}?`;
  if (dialect.syntax === 'att' && named(word, 'intel') !== undefined) {
    return new StatementError(
      `${word} is Intel syntax`,
      at,
      word.length,
      'Write .intel_syntax noprefix before it, or use the AT&T name.',
    );
  }
  return new StatementError(`there is no instruction ${word}`, at, word.length, hint);
}

/** Operands in the table's order (destination first), with those that may be left out filled in. */
function arrange(reading: Reading, written: readonly AssemblerOperand[], syntax: Syntax): AssemblerOperand[] {
  const { named: meaning, name } = reading;
  const first = meaning.rows[0];
  const op = first?.op ?? '';
  const keepsOrder = syntax === 'intel' || name === 'enter' || name === 'bound' || op === 'monitor' || op === 'mwait';
  let operands = keepsOrder ? [...written] : [...written].reverse();
  if (meaning.immediate >= 0) operands.push(number(meaning.immediate));
  if (operands.length === 2 && (op === 'callf' || op === 'jmpf')) operands = farPointer(operands, syntax);
  if (first?.feature === 'FPU') return x87(name, op, operands);
  if (op === 'imul' && operands.length === 2 && operands[1]?.kind === 'imm' && operands[0] !== undefined) {
    operands.splice(1, 0, operands[0]);
  }
  if ((op === 'in' || op === 'out') && operands.length === 1) {
    const accumulator = register({ b: 'al', w: 'ax', l: 'eax' }[reading.suffix] ?? 'eax');
    if (op === 'in') operands.unshift(accumulator);
    else operands.push(accumulator);
  }
  // INT 3 is INT3, which has a byte of its own.
  if (name === 'int' && operands[0]?.kind === 'imm' && constantOf(operands[0].expression, fixedDistance) === 3n)
    return [];
  if ((op === 'aam' || op === 'aad') && operands.length === 0) operands.push(number(10));
  if ((op === 'monitor' || op === 'mwait') && operands.every((operand) => operand.kind === 'reg')) return [];
  return operands;
}

const NOWHERE = { at: -1, length: 1 };

function number(value: number): Immediate {
  return { kind: 'imm', expression: constant(BigInt(value)), specifier: '', ...NOWHERE };
}

function register(name: string): RegisterRead {
  const found = registerNamed(name);
  if (found === undefined) throw new Error(`no register ${name}`);
  return { ...found, ...NOWHERE };
}

function farPointer(operands: AssemblerOperand[], syntax: Syntax): AssemblerOperand[] {
  const [selector, offset] = syntax === 'att' ? [operands[1], operands[0]] : operands;
  if (selector?.kind !== 'imm' || offset?.kind !== 'imm') return operands;
  return [{ kind: 'far', selector, offset, at: selector.at, length: selector.length }];
}

/** FADD is FADDP ST(1),ST; FXCH is FXCH ST(1); FUCOMI ST(1) is FUCOMI ST,ST(1), and so on. */
function x87(name: string, op: string, operands: AssemblerOperand[]): AssemblerOperand[] {
  if (operands.some((operand) => operand.kind === 'mem')) return operands;
  const st = (n: number): RegisterRead => register(`st(${n})`);
  if (/^f(?:add|mul|subr?|divr?)p$/.test(name)) {
    if (operands.length === 0) return [st(1), st(0)];
    return operands.length === 1 ? [...operands, st(0)] : operands;
  }
  if (/^f(?:add|mul|subr?|divr?)$/.test(name) || /^f(?:cmov\w+|u?comip?)$/.test(op)) {
    if (operands.length === 0) return [st(0), st(1)];
    return operands.length === 1 ? [st(0), ...operands] : operands;
  }
  if (/^f(?:xch|u?comp?)$/.test(op) && operands.length === 0) return [st(1)];
  if (op === 'fnstsw' && operands.length === 0) return [register('ax')];
  return operands;
}

/** A memory operand of several possible widths, which Intel syntax has to tell. */
function hidesSize(match: Match): boolean {
  return match.operands.some(
    (operand, n) => operand.kind === 'mem' && match.row.operands[n]?.memoryWidth !== Width.none,
  );
}

const REPEATABLE: ReadonlySet<string> = new Set([
  ...STRING_OPS,
  'ret',
  'jmp',
  'jcc',
  'call',
  'bsf',
  'bsr',
  'nop',
  'loop',
]);

function checkPrefixes(match: Match, prefixes: WrittenPrefixes, word: string, at: number): void {
  const { row, operands } = match;
  if (prefixes.lock) {
    const memory = operands.some((operand) => operand.kind === 'mem');
    if (!row.lockable || !memory) {
      throw new StatementError(
        `lock cannot stand before this ${word}`,
        at,
        word.length,
        'LOCK is for ADD, AND, BTS, CMPXCHG, DEC, INC, NEG, NOT, OR, SBB, SUB, XADD, XCHG, XOR and the like with a memory destination.',
      );
    }
  }
  if (
    prefixes.repeat !== 0 &&
    !REPEATABLE.has(row.op) &&
    !(prefixes.lock && row.lockable) &&
    !(row.lockable && operands.some((o) => o.kind === 'mem')) &&
    row.op !== 'mov'
  ) {
    throw new StatementError(
      `rep cannot stand before ${word}`,
      at,
      word.length,
      'REP is for string instructions: MOVS, STOS, LODS, CMPS, SCAS, INS, OUTS.',
    );
  }
}
