import { SectionFlag, SectionType } from '../object/section.ts';
import { StatementError } from '../problem.ts';
import type { Cursor } from '../source/cursor.ts';
import type { Context } from './context.ts';
import type { Directive } from './directive.ts';
import { defaultKind } from './sectionNames.ts';

const FLAG_LETTERS: Readonly<Record<string, number>> = {
  a: SectionFlag.alloc,
  w: SectionFlag.write,
  x: SectionFlag.exec,
  M: SectionFlag.merge,
  S: SectionFlag.strings,
  G: SectionFlag.group,
  T: SectionFlag.tls,
  o: SectionFlag.linkOrder,
  e: SectionFlag.exclude,
  '?': 0,
  R: 0x200000,
  l: 0x10000000,
};
const TYPES: Readonly<Record<string, number>> = {
  progbits: SectionType.progbits,
  nobits: SectionType.nobits,
  note: SectionType.note,
  init_array: 14,
  fini_array: 15,
  preinit_array: 16,
  unwind: 0x70000001,
};

const plain: Directive = (context, cursor, name) => {
  if (!cursor.atEnd()) {
    const subsection = context.constant(cursor, 'the subsection');
    if (subsection !== 0n)
      throw new StatementError('subsections are not supported', -1, 1, 'Use a section of its own, such as .text.cold.');
  }
  context.enterSection(context.sectionNamed(name));
};

/** `.section name, "flags", @type, entsize or group`. */
function section(context: Context, cursor: Cursor, push: boolean): void {
  cursor.skipBlanks();
  const start = cursor.at;
  const name = cursor.peek() === '"' ? String.fromCharCode(...cursor.string()) : cursor.match(/[^\s,;"]+/y)?.[0];
  if (name === undefined || name === '') throw cursor.error('a section name expected');
  const kind = defaultKind(name);
  let { flags } = kind;
  let type: number | undefined;
  let entrySize = 0;
  let group = '';
  let spelled = false;
  if (cursor.take(',')) {
    if (cursor.peek() === '"') {
      flags = flagBits(cursor);
      spelled = true;
    }
    if (cursor.take(',')) {
      const named = cursor.match(/\s*[@%"]?([\w.]+)"?/y)?.[1] ?? '';
      type = TYPES[named] ?? (/^[0-9]/.test(named) ? Number(named) : undefined);
      if (type === undefined)
        throw cursor.error(`there is no section type ${named}`, 1, 'Use @progbits, @nobits or @note.');
      if ((flags & SectionFlag.merge) !== 0 && cursor.take(','))
        entrySize = Number(context.constant(cursor, 'the entry size'));
      if ((flags & SectionFlag.group) !== 0 && cursor.take(',')) {
        group = cursor.requireName('a group name');
        if (cursor.take(',')) cursor.name();
      }
    }
  }
  if ((flags & SectionFlag.merge) !== 0 && entrySize <= 0) {
    throw new StatementError(
      'a mergeable section needs the size of its entries',
      start,
      name.length,
      'Add it behind the type: "aMS", @progbits, 1.',
    );
  }
  const known = context.isSection(name);
  const found = context.sectionNamed(
    name,
    type ?? (spelled && kind.type === SectionType.nobits ? kind.type : (type ?? kind.type)),
    flags & ~SectionFlag.group,
    entrySize,
    group,
  );
  if (known && spelled && found.fragments.length > 0 && found.flags !== (flags & ~SectionFlag.group)) {
    context.warn(`${name} has other flags already; these are ignored`);
  }
  if (push) context.sectionStack.push({ section: context.section, previous: context.previous });
  context.enterSection(found);
}

function flagBits(cursor: Cursor): number {
  const at = cursor.at;
  let bits = 0;
  for (const byte of cursor.string()) {
    const letter = String.fromCharCode(byte);
    const bit = FLAG_LETTERS[letter];
    if (bit === undefined)
      throw new StatementError(
        `"${letter}" is not a section flag`,
        at,
        cursor.at - at,
        'Flags are a (in memory), w (writable), x (executable), M, S, T.',
      );
    bits |= bit;
  }
  return bits >>> 0;
}

export const sectionDirectives: Readonly<Record<string, Directive>> = {
  '.text': plain,
  '.data': plain,
  '.bss': plain,
  '.rodata': plain,
  '.section': (context, cursor) => section(context, cursor, false),
  '.pushsection': (context, cursor) => section(context, cursor, true),
  '.popsection': (context) => {
    const saved = context.sectionStack.pop();
    if (saved === undefined) throw new StatementError('.popsection without .pushsection');
    context.section = saved.section;
    context.previous = saved.previous;
  },
  '.previous': (context) => {
    context.enterSection(context.previous);
  },
};
