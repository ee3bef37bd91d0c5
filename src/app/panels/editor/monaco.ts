import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/codeEditor/register.js';
import 'monaco-editor/features/codicon/register.js';
import 'monaco-editor/features/comment/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/format/register.js';
import 'monaco-editor/features/gotoError/register.js';
import 'monaco-editor/features/gotoSymbol/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/features/suggest/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import { languageOf, languages } from '../../highlight/language.ts';
import type { SourceProblem } from '../../../worker/protocol.ts';
import { type LineState, startState, type TokenKind } from '../../highlight/tokens.ts';
import { resolvedTheme, useSettings } from '../../store/settings.ts';
import type { LineCode } from '../../store/sources.ts';
import { pageColor } from '../../styles/pageColor.ts';
import { codeAddress, codeBytes } from '../../format/code.ts';

export { monaco };

globalThis.MonacoEnvironment = {
  getWorker: () =>
    new Worker(new URL('../../../../node_modules/monaco-editor/esm/vs/editor/editor.worker.js', import.meta.url), {
      type: 'module',
    }),
};

class MonacoState implements monaco.languages.IState {
  readonly line: LineState;
  constructor(line: LineState) {
    this.line = line;
  }
  clone(): MonacoState {
    return this;
  }
  equals(other: monaco.languages.IState): boolean {
    if (!(other instanceof MonacoState)) return false;
    return other.line.inComment === this.line.inComment && other.line.intel === this.line.intel;
  }
}

for (const { id, tokenize } of languages) {
  monaco.languages.register({ id });
  monaco.languages.setTokensProvider(id, {
    getInitialState: () => new MonacoState(startState),
    tokenize: (text, state) => {
      const { tokens, end } = tokenize(text, state instanceof MonacoState ? state.line : startState);
      return {
        tokens: tokens.map(({ kind, start }) => ({ scopes: kind, startIndex: start })),
        endState: new MonacoState(end),
      };
    },
  });
}

const kinds: readonly TokenKind[] = ['mnemonic', 'register', 'number', 'string', 'directive', 'label', 'comment'];
const fontStyles: Partial<Record<TokenKind, string>> = { mnemonic: 'bold', comment: 'italic' };

/** Monaco wants colours, not variables: they are read from the page's tokens. */
function defineTheme(): void {
  monaco.editor.defineTheme('playground', {
    base: resolvedTheme(useSettings.getState().theme) === 'light' ? 'vs' : 'vs-dark',
    inherit: true,
    rules: kinds.map((token) => ({
      token,
      foreground: pageColor(`--code-${token}`).slice(1),
      fontStyle: fontStyles[token] ?? '',
    })),
    colors: {
      'editor.background': pageColor('--panel'),
      'editor.foreground': pageColor('--text'),
      'editorGutter.background': pageColor('--panel'),
      'editorLineNumber.foreground': pageColor('--faint'),
      'editorCursor.foreground': pageColor('--text'),
      'editorWidget.background': pageColor('--raised'),
      'editorWidget.border': pageColor('--control-line'),
      'input.background': pageColor('--panel'),
      focusBorder: pageColor('--focus'),
      'editorError.foreground': pageColor('--fault'),
      'editorHoverWidget.background': pageColor('--raised'),
      'editorHoverWidget.border': pageColor('--control-line'),
      'editorSuggestWidget.background': pageColor('--raised'),
      'editorSuggestWidget.border': pageColor('--control-line'),
    },
  });
  monaco.editor.setTheme('playground');
}

/** Draws Monaco in the page's theme, now and whenever it changes. Returns how to stop. */
export function followPageTheme(): () => void {
  defineTheme();
  const observer = new MutationObserver(defineTheme);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  document.fonts.load('12.5px "JetBrains Mono Variable"').then(() => monaco.editor.remeasureFonts());
  return () => observer.disconnect();
}

export const editorOptions: monaco.editor.IStandaloneEditorConstructionOptions = {
  model: null,
  readOnly: true,
  // Tab leaves the editor while there is nothing to indent (WCAG 2.1.2); see useEscape.
  tabFocusMode: true,
  quickSuggestions: true,
  suggest: { showWords: false, preview: false, showStatusBar: false },
  wordBasedSuggestions: 'off',
  acceptSuggestionOnEnter: 'smart',
  fixedOverflowWidgets: true,
  insertSpaces: true,
  detectIndentation: false,
  autoIndent: 'keep',
  cursorSurroundingLines: 2,
  automaticLayout: true,
  fontFamily: '"JetBrains Mono Variable", "JetBrains Mono", monospace',
  fontSize: 12.5,
  lineHeight: 20,
  tabSize: 8,
  padding: { top: 8, bottom: 8 },
  minimap: { enabled: false },
  glyphMargin: false,
  folding: false,
  lineDecorationsWidth: 6,
  renderLineHighlight: 'none',
  overviewRulerLanes: 0,
  overviewRulerBorder: false,
  hideCursorInOverviewRuler: true,
  scrollBeyondLastLine: false,
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  matchBrackets: 'never',
  guides: { indentation: false },
  stickyScroll: { enabled: false },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false },
};

/** Makes `text` of a model's content, as one edit that can be undone. */
function replaceWith(model: monaco.editor.ITextModel, text: string): void {
  const before = model.getValue();
  if (before === text) return;
  const least = Math.min(before.length, text.length);
  let head = 0;
  while (head < least && before[head] === text[head]) head++;
  let tail = 0;
  while (tail < least - head && before.at(-1 - tail) === text.at(-1 - tail)) tail++;
  const [from, to] = [model.getPositionAt(head), model.getPositionAt(before.length - tail)];
  model.pushStackElement();
  const range = monaco.Range.fromPositions(from, to);
  model.pushEditOperations([], [{ range, text: text.slice(head, text.length - tail) }], () => null);
  model.pushStackElement();
}

/**
 * The model of a file, made or brought up to date in a way that can be undone; `earlier` is what it was before the page
 * was loaded, which can be gone back to as well.
 */
export function modelFor(file: string, text: string, earlier: readonly string[]): monaco.editor.ITextModel {
  const uri = monaco.Uri.file(`/${file}`);
  const present = monaco.editor.getModel(uri);
  if (present === null) {
    const made = monaco.editor.createModel(earlier[0] ?? text, languageOf(file).id, uri);
    made.updateOptions({ tabSize: 4, insertSpaces: true });
    for (const next of [...earlier.slice(1), text]) replaceWith(made, next);
    return made;
  }
  replaceWith(present, text);
  return present;
}

/** Underlines what is wrong with a file; its message comes on hover, and with F8. */
export function markProblems(model: monaco.editor.ITextModel, problems: readonly SourceProblem[]): void {
  monaco.editor.setModelMarkers(
    model,
    'assembler',
    problems.map(({ line, column, length, message, hint }) => ({
      severity: monaco.MarkerSeverity.Error,
      message: hint === '' ? message : `${message}\n${hint}`,
      startLineNumber: line,
      startColumn: column,
      endLineNumber: line,
      endColumn: column + Math.max(length, 1),
    })),
  );
}

export interface GutterColumns {
  /** Width of the widest address; 0 for none. */
  readonly address: number;
  readonly bytes: boolean;
}

/** The gutter of one line as markup, which Monaco puts in as it is; made of our own digits and words only. */
export function gutterText(
  line: number,
  code: LineCode | undefined,
  columns: GutterColumns,
  breakpoint: boolean,
): string {
  const number = `<span class="gutter-line">${line}</span>`;
  const dot = `<span class="gutter-break"${breakpoint ? ' data-set title="Breakpoint"' : ''}></span>`;
  if (columns.address === 0) return number + dot;
  const address = code === undefined ? '' : codeAddress(code.address);
  const bytes = code === undefined || !columns.bytes ? '' : codeBytes(code.bytes);
  return `${number}${dot}<span class="gutter-address">${address.padEnd(columns.address)}</span><span class="gutter-bytes">${bytes}</span>`;
}
