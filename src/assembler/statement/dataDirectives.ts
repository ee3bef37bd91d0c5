import type { Expression } from '../expression/expression.ts';
import { parseExpression, parseOperand } from '../expression/parse.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import { ByteBuffer } from '../object/byteBuffer.ts';
import { lebBytes } from '../object/leb.ts';
import { StatementError } from '../problem.ts';
import type { Context } from './context.ts';
import { floatBytes } from './float.ts';
import type { Directive } from './directive.ts';

const SIZES: Readonly<Record<string, 1 | 2 | 4 | 8>> = {
  '.byte': 1,
  '.dc.b': 1,
  '.2byte': 2,
  '.short': 2,
  '.hword': 2,
  '.word': 2,
  '.value': 2,
  '.dc': 2,
  '.dc.w': 2,
  '.4byte': 4,
  '.int': 4,
  '.long': 4,
  '.dc.l': 4,
  '.8byte': 8,
  '.quad': 8,
  '.dc.a': 8,
};

const integers: Directive = (context, cursor, name) => {
  const size = SIZES[name] ?? 1;
  if (cursor.atEnd()) return;
  do {
    const { expression, specifier } = parseOperand(cursor, context.names);
    context.field(expression, size, specifier);
  } while (cursor.take(','));
};

const octa: Directive = (context, cursor) => {
  if (cursor.atEnd()) return;
  do {
    const start = cursor.at;
    const expression = parseExpression(cursor, context.names);
    if (expression.kind !== 'constant') throw new StatementError('.octa takes constants', start, cursor.at - start);
    const buffer = new ByteBuffer();
    buffer.pushInteger(expression.value, 8);
    buffer.pushInteger(expression.value >> 64n, 8);
    context.bytes(buffer.view());
  } while (cursor.take(','));
};

const STRING_WIDTHS: Readonly<Record<string, number>> = { '.string16': 2, '.string32': 4, '.string64': 8 };

const strings: Directive = (context, cursor, name) => {
  if (cursor.atEnd()) return;
  const width = STRING_WIDTHS[name] ?? 1;
  const ends = name !== '.ascii';
  do {
    const bytes = cursor.string();
    // Strings side by side are one, as in C.
    while (cursor.peek() === '"') {
      if (ends && name !== '.ascii') bytes.push(0);
      bytes.push(...cursor.string());
    }
    if (ends) bytes.push(0);
    if (width === 1) context.bytes(bytes);
    else {
      const buffer = new ByteBuffer();
      for (const byte of bytes) buffer.pushInteger(BigInt(byte), width);
      context.bytes(buffer.view());
    }
  } while (cursor.take(','));
};

const FLOATS: Readonly<Record<string, 4 | 8 | 10>> = {
  '.float': 4,
  '.single': 4,
  '.dc.s': 4,
  '.double': 8,
  '.dc.d': 8,
  '.tfloat': 10,
  '.dc.x': 10,
};

const floats: Directive = (context, cursor, name) => {
  const size = FLOATS[name] ?? 8;
  if (cursor.atEnd()) return;
  do {
    cursor.skipBlanks();
    const start = cursor.at;
    const text = cursor.match(
      /(?:0[a-zA-Z](?![xX]))?[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+]?(?:inf|nan|infinity)/iy,
    )?.[0];
    if (text === undefined) throw cursor.error('a decimal number expected');
    const value = text.replace(/^0[a-zA-Z]/, '');
    const bytes = floatBytes(value, size);
    if (bytes === null) throw new StatementError(`${text} cannot be written in ${size} bytes`, start, text.length);
    context.bytes(bytes);
  } while (cursor.take(','));
};

/** `.skip count, fill`, also where the count is known only after layout. */
const skip: Directive = (context, cursor, name) => {
  const start = cursor.at;
  const count = parseExpression(cursor, context.names);
  const fill = cursor.take(',') ? Number(BigInt.asUintN(8, context.constant(cursor, 'the fill'))) : 0;
  repeat(context, count, Uint8Array.of(fill), start, name);
};

function repeat(context: Context, count: Expression, unit: Uint8Array, start: number, name: string): void {
  const known = constantOf(count, fixedDistance);
  if (known === null) {
    const origin = context.here;
    context.fragment((base) => ({ ...base, kind: 'fill', count, unit, origin }));
    return;
  }
  if (known < 0n) throw new StatementError(`${name} cannot go back (${known})`, start, 1);
  if (known > 1n << 30n) throw new StatementError(`${name}: ${known} is too many`, start, 1);
  context.space(Number(known), unit);
}

const fill: Directive = (context, cursor, name) => {
  const start = cursor.at;
  const count = parseExpression(cursor, context.names);
  let size = 1n;
  let value = 0n;
  if (cursor.take(',')) {
    if (cursor.peek() !== ',') size = context.constant(cursor, 'the size');
    if (cursor.take(',')) value = context.constant(cursor, 'the value');
  }
  if (size < 0n) throw new StatementError('.fill needs a size of 0 to 8', start, 1);
  if (size > 8n) size = 8n;
  const unit = new Uint8Array(Number(size));
  // Only the low four bytes of the value count.
  const low = BigInt.asUintN(32, value);
  for (let n = 0; n < Math.min(4, unit.length); n++) unit[n] = Number((low >> BigInt(8 * n)) & 0xffn);
  if (unit.length === 0) return;
  repeat(context, count, unit, start, name);
};

const org: Directive = (context, cursor) => {
  const target = parseExpression(cursor, context.names);
  const value = cursor.take(',') ? Number(BigInt.asUintN(8, context.constant(cursor, 'the fill'))) : 0;
  const origin = context.here;
  context.fragment((base) => ({ ...base, kind: 'org', target, fill: value, origin }));
};

const ALIGN_UNITS: Readonly<Record<string, number>> = { w: 2, l: 4 };

/** `.align` counts bytes on x86, as `.balign`; `.p2align` counts bits. */
const align: Directive = (context, cursor, name) => {
  const power = name.startsWith('.p2align');
  const start = cursor.at;
  const amount = cursor.atEnd() ? 0n : context.constant(cursor, 'the alignment');
  const unit = /^\.(?:balign|p2align)([wl])$/.exec(name)?.[1] ?? '';
  let pattern: Uint8Array | null = null;
  let most = 0;
  if (cursor.take(',')) {
    if (cursor.peek() !== ',' && !cursor.atEnd()) {
      const size = ALIGN_UNITS[unit] ?? 1;
      const buffer = new ByteBuffer();
      buffer.pushInteger(context.constant(cursor, 'the fill'), size as 1);
      pattern = buffer.view().slice();
    }
    if (cursor.take(',')) most = Number(BigInt.asUintN(31, context.constant(cursor, 'the limit')));
  }
  if (amount < 0n || amount > (power ? 31n : 1n << 31n))
    throw new StatementError(`an alignment of ${amount} is not possible`, start, 1);
  const bytes = power ? 2 ** Number(amount) : Number(amount);
  if (bytes > 0 && (bytes & (bytes - 1)) !== 0 && bytes < 2 ** 31) {
    throw new StatementError(`${bytes} is not a power of 2`, start, 1, 'Use 2, 4, 8, 16, ...');
  }
  const code = (context.section.flags & 4) !== 0;
  const nops = code && (pattern === null || (pattern.length === 1 && pattern[0] === 0x90));
  context.align(Math.max(1, bytes), nops ? null : (pattern ?? Uint8Array.of(0)), most);
};

const leb: Directive = (context, cursor, name) => {
  const signed = name === '.sleb128';
  do {
    const value = parseExpression(cursor, context.names);
    const known = constantOf(value, fixedDistance);
    const origin = context.here;
    if (known !== null) context.bytes(lebBytes(known, signed));
    else context.fragment((base) => ({ ...base, kind: 'leb', value, signed, origin, size: 1 }));
  } while (cursor.take(','));
};

export const dataDirectives: Readonly<Record<string, Directive>> = {
  ...Object.fromEntries(Object.keys(SIZES).map((name) => [name, integers])),
  ...Object.fromEntries(Object.keys(FLOATS).map((name) => [name, floats])),
  ...Object.fromEntries(
    ['.ascii', '.asciz', '.string', '.string8', ...Object.keys(STRING_WIDTHS)].map((name) => [name, strings]),
  ),
  '.octa': octa,
  '.skip': skip,
  '.space': skip,
  '.zero': skip,
  '.ds.b': skip,
  '.fill': fill,
  '.org': org,
  ...Object.fromEntries(
    ['.align', '.balign', '.balignw', '.balignl', '.p2align', '.p2alignw', '.p2alignl'].map((name) => [name, align]),
  ),
  '.uleb128': leb,
  '.sleb128': leb,
};
