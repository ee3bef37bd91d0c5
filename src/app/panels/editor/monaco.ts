import * as monaco from 'monaco-editor/editor/editor.api.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/codicon/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/hover/register.js';
import { languageOf, languages } from '../../highlight/language.ts';
import type { LineState, TokenKind } from '../../highlight/tokens.ts';
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
    return other instanceof MonacoState && other.line.inComment === this.line.inComment;
  }
}

for (const { id, tokenize } of languages) {
  monaco.languages.register({ id });
  monaco.languages.setTokensProvider(id, {
    getInitialState: () => new MonacoState({ inComment: false }),
    tokenize: (text, state) => {
      const { tokens, end } = tokenize(text, state instanceof MonacoState ? state.line : { inComment: false });
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
  // Tab leaves the editor: there is nothing to indent while it is read only (WCAG 2.1.2).
  tabFocusMode: true,
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

/** The model of a file, made or brought up to date. */
export function modelFor(file: string, text: string): monaco.editor.ITextModel {
  const uri = monaco.Uri.file(`/${file}`);
  const present = monaco.editor.getModel(uri);
  if (present === null) return monaco.editor.createModel(text, languageOf(file).id, uri);
  if (present.getValue() !== text) present.setValue(text);
  return present;
}

/** The gutter of one line as markup, which Monaco puts in as it is; made of our own digits only. */
export function lineNumberText(line: number, code: LineCode | undefined, columns: number, withBytes: boolean): string {
  const number = `<span class="gutter-line">${line}</span>`;
  if (columns === 0) return number;
  const address = code === undefined ? '' : codeAddress(code.address);
  const bytes = code === undefined || !withBytes ? '' : codeBytes(code.bytes);
  return `${number}<span class="gutter-address">${address.padEnd(columns)}</span><span class="gutter-bytes">${bytes}</span>`;
}
