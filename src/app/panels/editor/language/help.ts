/** What the editor says about the word under the pointer, as Markdown. */
import type { MachineView } from '../../../../worker/protocol.ts';
import { instructionHelp } from './instructions.ts';
import { registerText } from './registerValue.ts';
import { definitionOf, type HeaderConstant, type Word } from './symbols.ts';

export interface HelpContext {
  readonly text: string;
  readonly line: number;
  readonly view: MachineView | null;
  readonly constants: readonly HeaderConstant[];
}

function registerHelp(name: string, { view }: HelpContext): readonly string[] | null {
  const value = view && registerText(name, view.registers);
  return value ? [`**${name.toUpperCase()}** now`, `\`${value}\``] : null;
}

/** Paragraphs for a word, or null when there is nothing to say. */
export function helpFor(word: Word, before: string, context: HelpContext): readonly string[] | null {
  const name = word.text;
  if (name.startsWith('%')) return registerHelp(name.slice(1), context);
  const constant = context.constants.find((c) => c.name === name);
  if (constant !== undefined) return [`**${name}** = ${constant.value}`, constant.meaning].filter(Boolean);
  const place = definitionOf(context.text, name, context.line);
  if (place !== undefined && place.line !== context.line) return [`**${name}**: ${place.kind}, line ${place.line}`];
  const help = /^\s*(?:[\w.$]+:\s*)*(?:(?:rep\w*|lock)\s+)?$/.test(before) ? instructionHelp(name) : undefined;
  // In Intel's syntax registers have no %; nothing else in the text has such a name.
  if (help === undefined) return registerHelp(name, context);
  return [
    `**${help.name.toUpperCase()}** ${help.does}`,
    `Flags: ${help.flags}. Runs in: ${help.privilege}.`,
    help.manual,
  ];
}
