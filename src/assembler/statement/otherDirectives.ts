import { fixedDistance } from '../expression/evaluate.ts';
import { constant } from '../expression/expression.ts';
import type { AssemblerSymbol } from '../object/symbol.ts';
import { StatementError } from '../problem.ts';
import type { Context } from './context.ts';
import type { Directive } from './directive.ts';

/** Takes the rest of the line and does nothing: what only debuggers and unwinders read. */
const ignored: Directive = (_context, cursor) => {
  cursor.at = cursor.end;
};

const mode =
  (bits: 16 | 32 | 64): Directive =>
  (context) => {
    context.mode = bits;
  };

const file: Directive = (context, cursor) => {
  const numbered = !cursor.atEnd() && cursor.peek() !== '"';
  if (!numbered && !cursor.atEnd()) context.sourceFiles.push(String.fromCharCode(...cursor.string()));
  cursor.at = cursor.end;
};

/**
 * Line tables are not made, but `view NAME` defines a symbol: how many line entries the same address had before (DWARF
 * proposal 170427.1).
 */
const loc: Directive = (context, cursor) => {
  const view = /\bview\s+(-?[\w.$]+)/.exec(cursor.rest())?.[1];
  cursor.at = cursor.end;
  const place = context.place('');
  const last = lastLine.get(context);
  const same = last !== undefined && view !== '-0' && fixedDistance(last.place, place) === 0n;
  const number = same ? last.view + 1n : 0n;
  lastLine.set(context, { place, view: number });
  if (view === undefined || /^-?[0-9]/.test(view)) return;
  const symbol = context.symbolNamed(view);
  symbol.state = 'equated';
  symbol.value = constant(number);
};

const lastLine = new WeakMap<Context, { readonly place: AssemblerSymbol; readonly view: bigint }>();

const ident: Directive = (context, cursor) => {
  const bytes = cursor.string();
  const saved = { section: context.section, previous: context.previous };
  context.section = context.sectionNamed('.comment', 1, 0x30, 1);
  if (context.section.fragments.length === 0) context.bytes([0]);
  context.bytes([...bytes, 0]);
  context.section = saved.section;
};

const syntax =
  (name: 'att' | 'intel'): Directive =>
  (context, cursor) => {
    context.syntax = name;
    context.registerPrefix = name === 'att';
    if (cursor.atEnd()) return;
    const word = cursor.match(/\w+/y)?.[0];
    if (word !== 'prefix' && word !== 'noprefix') throw cursor.error('prefix or noprefix expected');
    if (name === 'att' && word === 'noprefix') throw cursor.error('AT&T syntax without % is not supported', 8);
    context.registerPrefix = word === 'prefix';
  };

function message(context: Context, text: string, isError: boolean): void {
  if (isError) context.problem(text);
  else context.warn(text);
}

const NO_EFFECT = [
  ...'.ln .line .version .arch .cpu .symver .weakref .abort .linkonce .title .sbttl .list .nolist .psize .eject'.split(
    ' ',
  ),
  ...'.lflags .cv_file .cv_loc .gnu_attribute .addrsig .addrsig_sym .loc_mark_labels .largecomm'.split(' '),
  ...'.print .sframe .bundle_align_mode .bundle_lock .bundle_unlock .noaltmacro'.split(' '),
];

export const otherDirectives: Readonly<Record<string, Directive>> = {
  ...Object.fromEntries(NO_EFFECT.map((name) => [name, ignored])),
  '.file': file,
  '.loc': loc,
  '.ident': ident,
  '.code16': mode(16),
  '.code16gcc': mode(16),
  '.code32': mode(32),
  '.code64': mode(64),
  '.att_syntax': syntax('att'),
  '.intel_syntax': syntax('intel'),
  '.att_mnemonic': ignored,
  '.intel_mnemonic': () => {
    throw new StatementError(
      '.intel_mnemonic is not supported',
      -1,
      1,
      'It only exchanges FSUB and FSUBR; leave it out.',
    );
  },
  '.error': (context, cursor) =>
    message(context, cursor.atEnd() ? '.error' : String.fromCharCode(...cursor.string()), true),
  '.err': (context) => message(context, '.err', true),
  '.warning': (context, cursor) =>
    message(context, cursor.atEnd() ? '.warning' : String.fromCharCode(...cursor.string()), false),
};
