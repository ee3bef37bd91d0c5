import { constant, type Expression } from '../expression/expression.ts';
import { constantOf, evaluate, fixedDistance } from '../expression/evaluate.ts';
import { parseExpression } from '../expression/parse.ts';
import type { AssemblerSymbol, Binding, Visibility } from '../object/symbol.ts';
import { StatementError } from '../problem.ts';
import type { Cursor } from '../source/cursor.ts';
import type { Context } from './context.ts';
import type { Directive } from './directive.ts';

function eachName(context: Context, cursor: Cursor, act: (symbol: AssemblerSymbol, at: number) => void): void {
  do {
    cursor.skipBlanks();
    const at = cursor.at;
    act(context.symbolNamed(cursor.requireName('a symbol name')), at);
  } while (cursor.take(','));
}

const bind =
  (binding: Binding): Directive =>
  (context, cursor) => {
    eachName(context, cursor, (symbol) => {
      if (binding !== 'local' || symbol.state !== 'undefined' || symbol.binding === 'local') symbol.binding = binding;
      if (binding !== 'local') symbol.used = true;
    });
  };

const show =
  (visibility: Visibility): Directive =>
  (context, cursor) => {
    eachName(context, cursor, (symbol) => {
      symbol.visibility = visibility;
    });
  };

const TYPES: Readonly<Record<string, number>> = {
  notype: 0,
  object: 1,
  function: 2,
  tls_object: 6,
  common: 5,
  gnu_indirect_function: 10,
  gnu_unique_object: 1,
  STT_NOTYPE: 0,
  STT_OBJECT: 1,
  STT_FUNC: 2,
  STT_TLS: 6,
  STT_COMMON: 5,
  STT_GNU_IFUNC: 10,
};

const type: Directive = (context, cursor) => {
  const symbol = context.symbolNamed(cursor.requireName('a symbol name'));
  cursor.take(',');
  cursor.skipBlanks();
  const at = cursor.at;
  const named = cursor.match(/[@%#"]?(\w+)"?/y)?.[1] ?? '';
  const found = TYPES[named];
  if (found === undefined)
    throw new StatementError(
      `there is no symbol type ${named}`,
      at,
      Math.max(1, named.length),
      'Use @function or @object.',
    );
  symbol.type = found;
};

const size: Directive = (context, cursor) => {
  const symbol = context.symbolNamed(cursor.requireName('a symbol name'));
  cursor.requireComma();
  symbol.size = parseExpression(cursor, context.names);
};

/** `.set name, value`, `.equ`, `name = value`. */
export function assign(context: Context, name: string, at: number, value: Expression, once: boolean): void {
  let symbol = context.symbolNamed(name);
  if (symbol.state === 'label' || symbol.state === 'section' || (once && symbol.state !== 'undefined')) {
    throw new StatementError(`${name} is defined already`, at, name.length, 'Choose another name.');
  }
  const reduced = reduce(value);
  if (symbol.state === 'equated') symbol = context.replaceSymbol(symbol);
  if (reduced.kind === 'symbol' && reduced.symbol.state === 'label' && reduced.symbol.name === '') {
    // `name = .` is a label.
    symbol.state = 'label';
    symbol.section = reduced.symbol.section;
    symbol.fragment = reduced.symbol.fragment;
    symbol.offset = reduced.symbol.offset;
    return;
  }
  symbol.state = 'equated';
  symbol.value = reduced;
}

function reduce(value: Expression): Expression {
  const known = constantOf(value, fixedDistance);
  if (known !== null) return constant(known);
  if (value.kind === 'binary') {
    const sum = evaluate(value, fixedDistance);
    if (typeof sum !== 'string' && sum.sub === null && sum.add !== null && sum.constant === 0n)
      return { kind: 'symbol', symbol: sum.add };
  }
  return value;
}

const set: Directive = (context, cursor, name) => {
  cursor.skipBlanks();
  const at = cursor.at;
  const symbol = cursor.requireName('a symbol name');
  cursor.requireComma();
  const value = parseExpression(cursor, context.names);
  if (symbol === '.') throw new StatementError('use .org to move the place', at, 1);
  assign(context, symbol, at, value, name === '.equiv' || name === '.eqv');
};

const common: Directive = (context, cursor, name) => {
  cursor.skipBlanks();
  const at = cursor.at;
  const symbol = context.symbolNamed(cursor.requireName('a symbol name'));
  cursor.take(',');
  const bytes = context.constant(cursor, 'the size');
  const alignment = cursor.take(',')
    ? context.constant(cursor, 'the alignment')
    : name === '.lcomm'
      ? bytes >= 8n
        ? 8n
        : powerBelow(bytes)
      : bytes >= 32n
        ? 32n
        : powerBelow(bytes);
  if (bytes < 0n || bytes > 1n << 40n) throw new StatementError(`a size of ${bytes} is not possible`, at, 1);
  if (alignment < 0n || (alignment & (alignment - 1n)) !== 0n)
    throw new StatementError(`${alignment} is not a power of 2`, at, 1);
  if (symbol.state !== 'undefined' && symbol.state !== 'common') {
    throw new StatementError(`${symbol.name} is defined already`, at, symbol.name.length);
  }
  if (symbol.type === 0) symbol.type = 1;
  if (name === '.lcomm' || (symbol.binding === 'local' && localSymbols.has(symbol))) {
    allocate(context, symbol, bytes, alignment);
    return;
  }
  symbol.state = 'common';
  symbol.commonSize = bytes;
  symbol.commonAlignment = alignment === 0n ? 1n : alignment;
  symbol.binding = 'global';
  symbol.size = constant(bytes);
};

function powerBelow(bytes: bigint): bigint {
  let power = 1n;
  while (power * 2n <= bytes) power *= 2n;
  return power;
}

/** Symbols named by `.local`: their common storage is in .bss of this file. */
const localSymbols = new WeakSet<AssemblerSymbol>();

/** Local common storage lies behind all else in .bss; so it gets its place when the source has been read. */
function allocate(context: Context, symbol: AssemblerSymbol, bytes: bigint, alignment: bigint): void {
  if (bytes > 1n << 30n) throw new StatementError(`${bytes} bytes are too many`);
  symbol.state = 'label';
  symbol.section = context.sectionNamed('.bss');
  symbol.size = constant(bytes);
  context.localCommons.push({ symbol, bytes: Number(bytes), alignment: Math.max(1, Number(alignment)) });
}

export const symbolDirectives: Readonly<Record<string, Directive>> = {
  '.globl': bind('global'),
  '.global': bind('global'),
  '.weak': bind('weak'),
  '.local': (context, cursor) => {
    eachName(context, cursor, (symbol) => {
      symbol.binding = 'local';
      localSymbols.add(symbol);
    });
  },
  '.hidden': show(2),
  '.internal': show(1),
  '.protected': show(3),
  '.type': type,
  '.size': size,
  '.set': set,
  '.equ': set,
  '.equiv': set,
  '.eqv': set,
  '.comm': common,
  '.common': common,
  '.lcomm': common,
};
