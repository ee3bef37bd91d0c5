import { encodeInstruction } from '../encode/instruction.ts';
import { parseExpression } from '../expression/parse.ts';
import { type Problem, StatementError } from '../problem.ts';
import { Cursor } from '../source/cursor.ts';
import { columnOf, type Line } from '../source/line.ts';
import { nearest } from '../source/nearest.ts';
import { findFile, Preprocessor } from '../source/preprocess.ts';
import { Conditions } from './conditions.ts';
import { Context } from './context.ts';
import { dataDirectives } from './dataDirectives.ts';
import type { Directive } from './directive.ts';
import { type AssemblerMacro, expandBody, parseMacroHead, readArguments, readList } from './macro.ts';
import { otherDirectives } from './otherDirectives.ts';
import { firstWord, LineReader, splitStatements, takeBody } from './reader.ts';
import { sectionDirectives } from './sectionDirectives.ts';
import { assign, symbolDirectives } from './symbolDirectives.ts';

const DIRECTIVES: ReadonlyMap<string, Directive> = new Map(
  Object.entries({ ...dataDirectives, ...sectionDirectives, ...symbolDirectives, ...otherDirectives }),
);
const REPEATS: ReadonlySet<string> = new Set(['.rept', '.rep', '.irp', '.irep', '.irpc', '.irepc']);
const MACRO_STARTS: ReadonlySet<string> = new Set(['.macro']);
const MACRO_ENDS: ReadonlySet<string> = new Set(['.endm', '.endmacro']);
const REPEAT_ENDS: ReadonlySet<string> = new Set(['.endr', '.endrept']);
const OWN =
  '.macro .endm .exitm .purgem .include .incbin .end .altmacro .reloc .endr .rept .irp .irpc .if .else .endif';

const LABEL = /\s*(?:([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*|"[^"]*")|([0-9]+))\s*:(?!:)/y;
const ASSIGNMENT = /\s*([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*)\s*(==?)(?!=)/y;
const WORD = /\s*([A-Za-z_.$\u0080-\uffff][\w.$\u0080-\uffff]*)/y;

export interface StatementOptions {
  readonly include: (path: string) => string | null;
  readonly defines: Readonly<Record<string, string>>;
  readonly preprocess: boolean;
}

/** Reads a source to its end, statement by statement, into a context. */
export class StatementReader {
  readonly context = new Context();
  private readonly reader = new LineReader();
  private readonly conditions = new Conditions();
  private readonly macros = new Map<string, AssemblerMacro>();
  private readonly options: StatementOptions;
  private serial = 0;
  /** Instructions read so far. */
  private instructions = 0;
  private ended = false;
  private includes = 0;

  constructor(options: StatementOptions) {
    this.options = options;
  }

  run(source: string, file: string): void {
    this.reader.pushFile(this.preprocess(source, file), 0);
    while (!this.ended && !this.reader.exhausted) {
      const line = this.reader.next();
      if (line !== undefined) {
        if (line.text !== '') this.line(line);
      } else {
        const frame = this.reader.frames.pop();
        if (frame === undefined) break;
        const open = this.conditions.truncate(frame.conditions);
        if (open !== null) this.unclosed(open, '.if', '.endif');
      }
      if (this.context.problems.length >= 200) break;
    }
    this.atEnd(() => this.context.placeLocalCommons());
    for (const { text, origin } of this.context.pendingLabels.values()) {
      this.context.problemAt(
        origin,
        `there is no label ${text.slice(0, -1)}: after this line`,
        `Write ${text.slice(0, -1)}b for the one before, or define it.`,
      );
    }
  }

  private atEnd(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof StatementError)) throw error;
      this.context.problem(error.message, error.hint);
    }
  }

  private preprocess(source: string, file: string): readonly Line[] {
    const preprocessor = new Preprocessor({
      include: this.options.include,
      defines: this.options.defines,
      directives: this.options.preprocess,
      problem: (problem: Problem) => {
        if (this.context.problems.length < 200) this.context.problems.push(problem);
      },
    });
    preprocessor.run(source, file);
    return preprocessor.lines;
  }

  private unclosed(line: Line, what: string, end: string): void {
    const length = Math.max(1, line.text.trim().length);
    const column = columnOf(line, line.text.length - line.text.trimStart().length);
    this.context.problemAt(
      { file: line.file, line: line.line, column, length },
      `this ${what} has no ${end}`,
      `Add ${end}.`,
    );
  }

  private line(line: Line): void {
    const { context } = this;
    const call = this.reader.top?.call ?? null;
    for (const [start, end] of splitStatements(line.text)) {
      context.enterStatement(line, call, start, end);
      const from = context.mark();
      const before = this.instructions;
      try {
        this.statement(line, new Cursor(line.text, start, end));
      } catch (error) {
        if (!(error instanceof StatementError)) throw error;
        context.problem(error.message + context.macroLine, error.hint, error.at, error.length);
      }
      const to = context.mark();
      if (from.section === to.section && (from.fragment !== to.fragment || from.offset !== to.offset)) {
        const { file, line: number } = context.here;
        context.listing.push({ file, line: number, from, to, isInstruction: this.instructions > before });
      }
    }
  }

  private statement(line: Line, cursor: Cursor): void {
    const { context, conditions } = this;
    if (!conditions.active) {
      const word = firstWord(line.text.slice(cursor.at, cursor.end));
      if (!conditions.isConditional(word)) return;
    }
    for (let label = cursor.match(LABEL); label !== null; label = cursor.match(LABEL)) {
      if (!conditions.active) continue;
      const at = cursor.at - label[0].trimStart().length;
      if (label[2] !== undefined) context.defineLocalLabel(label[2]);
      else context.defineLabel((label[1] ?? '').replace(/^"(.*)"$/, '$1'), at);
    }
    if (cursor.atEnd()) return;
    const assignment = cursor.match(ASSIGNMENT);
    if (assignment !== null) {
      this.assignment(
        assignment[1] ?? '',
        cursor.at - assignment[0].trimStart().length,
        assignment[2] === '==',
        cursor,
      );
      return;
    }
    const at = cursor.at;
    const word = (cursor.match(WORD)?.[1] ?? '').toLowerCase();
    if (conditions.isConditional(word)) {
      conditions.handle(word, context, cursor, line);
      if (conditions.active) cursor.requireEnd();
      return;
    }
    const macro = this.macros.get(word);
    if (macro !== undefined) {
      const values = readArguments(macro, cursor);
      this.reader.pushExpansion(expandBody(macro.body, values, this.serial++), 'macro', word, line, conditions.depth);
      return;
    }
    if (word.startsWith('.')) this.directive(word, at, line, cursor);
    else {
      this.instructions += 1;
      this.instruction(cursor, at);
    }
  }

  private assignment(name: string, at: number, once: boolean, cursor: Cursor): void {
    const { context } = this;
    const value = parseExpression(cursor, context.names);
    cursor.requireEnd();
    if (name === '.') {
      const origin = context.here;
      context.fragment((base) => ({ ...base, kind: 'org', target: value, fill: 0, origin }));
    } else assign(context, name, at, value, once);
  }

  private directive(word: string, at: number, line: Line, cursor: Cursor): void {
    const { context } = this;
    const directive = DIRECTIVES.get(word);
    if (directive !== undefined) {
      directive(context, cursor, word);
      cursor.requireEnd();
      return;
    }
    if (word.startsWith('.cfi_')) return;
    if (REPEATS.has(word)) {
      this.repeat(word, line, cursor);
      return;
    }
    switch (word) {
      case '.macro':
        this.define(line, cursor);
        return;
      case '.purgem':
        if (!this.macros.delete(cursor.requireName('a macro name').toLowerCase()))
          throw new StatementError('there is no such macro');
        return;
      case '.exitm':
        this.exitMacro();
        return;
      case '.include':
        this.include(cursor, line);
        return;
      case '.incbin':
        this.incbin(cursor, line);
        return;
      case '.end':
        this.ended = true;
        return;
      default:
        throw unknownDirective(word, cursor.text.length > at ? at : -1);
    }
  }

  private define(line: Line, cursor: Cursor): void {
    let head: ReturnType<typeof parseMacroHead> | null = null;
    let failure: unknown = null;
    try {
      head = parseMacroHead(cursor);
    } catch (error) {
      failure = error;
    }
    // The body has to go even when the head is wrong.
    const body = takeBody(this.reader, MACRO_STARTS, MACRO_ENDS);
    if (body === null) this.unclosed(line, '.macro', '.endm');
    if (head === null) throw failure;
    const name = head.name.toLowerCase();
    if (this.macros.has(name))
      throw new StatementError(
        `there is a macro ${head.name} already`,
        -1,
        1,
        'Choose another name, or .purgem it first.',
      );
    this.macros.set(name, { name: head.name, parameters: head.parameters, body: body ?? [] });
  }

  private repeat(word: string, line: Line, cursor: Cursor): void {
    const { context } = this;
    let failure: unknown = null;
    let rounds: ReadonlyMap<string, string>[] = [];
    try {
      rounds = this.rounds(word, cursor);
    } catch (error) {
      failure = error;
    }
    const body = takeBody(this.reader, REPEATS, REPEAT_ENDS);
    if (body === null) this.unclosed(line, word, '.endr');
    if (failure !== null) throw failure;
    const lines: Line[] = [];
    this.reader.checkRoom(rounds.length * (body ?? []).length);
    for (const values of rounds)
      lines.push(...(values.size === 0 ? (body ?? []) : expandBody(body ?? [], values, this.serial)));
    this.reader.pushExpansion(lines, 'repeat', word, line, this.conditions.depth);
    context.enterStatement(line, this.reader.top?.call ?? null, 0, line.text.length);
  }

  private rounds(word: string, cursor: Cursor): ReadonlyMap<string, string>[] {
    if (word === '.rept' || word === '.rep') {
      const count = this.context.constant(cursor, 'the count');
      if (count < 0n) throw new StatementError(`.rept cannot repeat ${count} times`);
      this.reader.checkRoom(Number(count));
      return new Array<ReadonlyMap<string, string>>(Number(count)).fill(new Map());
    }
    const name = cursor.requireName('a symbol name');
    cursor.take(',');
    const values = word.startsWith('.irpc') || word === '.irepc' ? [...unquoted(cursor.rest())] : readList(cursor);
    return values.map((value) => new Map([[name, value]]));
  }

  private exitMacro(): void {
    const { frames } = this.reader;
    for (let n = frames.length - 1; n >= 0; n--) {
      const frame = frames[n];
      if (frame === undefined) break;
      frame.next = frame.lines.length;
      if (frame.kind === 'macro') {
        this.conditions.truncate(frame.conditions);
        return;
      }
    }
    throw new StatementError('.exitm outside of a macro');
  }

  private include(cursor: Cursor, line: Line): void {
    const path = String.fromCharCode(...cursor.string());
    cursor.requireEnd();
    if (++this.includes > 1000 || this.reader.frames.length > 64)
      throw new StatementError('files include each other without end');
    const found = findFile(path, line.file, true, this.options.include);
    if (found === null) throw new StatementError(`there is no file ${path}`);
    this.reader.pushFile(this.preprocess(found.text, found.path), this.conditions.depth);
  }

  private incbin(cursor: Cursor, line: Line): void {
    const path = String.fromCharCode(...cursor.string());
    const found = findFile(path, line.file, true, this.options.include);
    if (found === null) throw new StatementError(`there is no file ${path}`);
    const bytes = new TextEncoder().encode(found.text);
    const skip = cursor.take(',') ? Number(this.context.constant(cursor, 'the start')) : 0;
    const count = cursor.take(',') ? Number(this.context.constant(cursor, 'the count')) : bytes.length;
    cursor.requireEnd();
    this.context.bytes(bytes.subarray(skip, skip + count));
  }

  private instruction(cursor: Cursor, at: number): void {
    const { context } = this;
    cursor.at = at;
    const dialect = { mode: context.mode, syntax: context.syntax, prefix: context.registerPrefix };
    const encoded = encodeInstruction(cursor, dialect, context.names);
    for (const warning of encoded.warnings) context.warn(warning);
    if (encoded.branch !== null) {
      const { branch } = encoded;
      const origin = context.here;
      context.room(6);
      context.fragment((base) => ({ ...base, kind: 'branch', ...branch, isNear: false, origin }));
      return;
    }
    const start = context.section.buffer.length;
    context.bytes(encoded.bytes);
    const { length } = encoded.bytes;
    for (const fixup of encoded.fixups) {
      context.fixup({ ...fixup, at: start + fixup.at, distance: fixup.relative ? length - fixup.at : 0 });
    }
  }
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}

function unknownDirective(word: string, at: number): StatementError {
  const close = nearest(word, [...DIRECTIVES.keys(), ...OWN.split(' ')]);
  return new StatementError(
    `there is no directive ${word}`,
    at,
    word.length,
    close === '' ? '' : `Did you mean ${close}?`,
  );
}
