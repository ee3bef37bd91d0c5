/** Gives Monaco hover, completion, layout and go to definition for assembly. */
import { loadSource } from '../../../store/commands.ts';
import { useMachine } from '../../../store/machine.ts';
import { useSources } from '../../../store/sources.ts';
import { monaco } from '../monaco.ts';
import { formatText } from './format.ts';
import { helpFor } from './help.ts';
import { helpedMnemonics } from './instructions.ts';
import { registerNames } from './registerValue.ts';
import { definitionOf, definitions, type HeaderConstant, headerConstants, isMnemonicPlace, wordAt } from './symbols.ts';

/** What user programs include for the numbers of system calls. */
const HEADER = 'arch/x86_64/include/syscall.h';

function constants(): readonly HeaderConstant[] {
  const text = useSources.getState().texts[HEADER];
  if (text === undefined) loadSource(HEADER);
  return headerConstants(text ?? '');
}

const DIRECTIVES = (
  '.text .data .bss .section .globl .ascii .asciz .string .byte .word .long .quad .skip .zero .fill .align .balign ' +
  '.set .equ .macro .endm .rept .endr .if .ifdef .else .endif .include .type .size'
).split(' ');

type Item = monaco.languages.CompletionItem;

function offer(before: string, text: string, range: monaco.IRange): Item[] {
  const { CompletionItemKind: kind } = monaco.languages;
  if (/%\w*$/.test(before)) {
    return registerNames.map((name) => ({ label: `%${name}`, insertText: `%${name}`, kind: kind.Variable, range }));
  }
  if (/(?:^|\s)\.\w*$/.test(before)) {
    return DIRECTIVES.map((name) => ({ label: name, insertText: name, kind: kind.Keyword, range }));
  }
  if (isMnemonicPlace(before)) {
    return helpedMnemonics().map(({ name, does, manual }) => ({
      label: name,
      insertText: name,
      kind: kind.Function,
      detail: manual,
      documentation: does,
      range,
    }));
  }
  const own = definitions(text).filter(({ name }) => !/^\d/.test(name));
  return [
    ...own.map(({ name, kind: what }) => ({
      label: name,
      insertText: name,
      kind: what === 'constant' ? kind.Constant : kind.Reference,
      range,
    })),
    ...constants().map(({ name, value, meaning }) => ({
      label: name,
      insertText: name,
      kind: kind.Constant,
      detail: value,
      documentation: meaning,
      range,
    })),
  ];
}

let registered = false;

export function registerLanguage(): void {
  if (registered) return;
  registered = true;
  monaco.languages.setLanguageConfiguration('gas', {
    comments: { lineComment: '#', blockComment: ['/*', '*/'] },
    brackets: [['(', ')']],
    autoClosingPairs: [{ open: '(', close: ')' }],
    wordPattern: /%?[A-Za-z_.$][\w.$]*|\d+\w*/,
  });
  monaco.languages.registerHoverProvider('gas', {
    provideHover(model, { lineNumber, column }) {
      const line = model.getLineContent(lineNumber);
      const word = wordAt(line, column);
      if (word === undefined) return null;
      const { view } = useMachine.getState();
      const context = { text: model.getValue(), line: lineNumber, view, constants: constants() };
      const help = helpFor(word, line.slice(0, word.start - 1), context);
      if (help === null) return null;
      return {
        range: new monaco.Range(lineNumber, word.start, lineNumber, word.end),
        contents: help.map((value) => ({ value })),
      };
    },
  });
  monaco.languages.registerCompletionItemProvider('gas', {
    triggerCharacters: ['%', '.', '$'],
    provideCompletionItems(model, position) {
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      if (/#|\/\/|"[^"]*$/.test(before)) return { suggestions: [] };
      const typed = /[%.]?\w*$/.exec(before)?.[0] ?? '';
      const { lineNumber, column } = position;
      const range = new monaco.Range(lineNumber, column - typed.length, lineNumber, column);
      return { suggestions: offer(before, model.getValue(), range) };
    },
  });
  monaco.languages.registerDocumentFormattingEditProvider('gas', {
    provideDocumentFormattingEdits: (model) => [
      { range: model.getFullModelRange(), text: formatText(model.getValue()) },
    ],
  });
  monaco.languages.registerDefinitionProvider('gas', {
    provideDefinition(model, { lineNumber, column }) {
      const word = wordAt(model.getLineContent(lineNumber), column);
      const place = word && definitionOf(model.getValue(), word.text, lineNumber);
      if (!place) return null;
      const { line, column: from, name } = place;
      return { uri: model.uri, range: new monaco.Range(line, from, line, from + name.length) };
    },
  });
}
