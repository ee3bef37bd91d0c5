import { useEffect, useRef, useState } from 'react';
import { addressColumns, byteColumns } from '../../format/code.ts';
import { fileName } from '../../store/sources.ts';
import { registerLanguage } from './language/register.ts';
import styles from './MonacoSource.module.css';
import { editorOptions, followPageTheme, gutterText, markProblems, modelFor, monaco } from './monaco.ts';
import { addressesOf, type SourceProps, showsBytes } from './sourceProps.ts';
import { letTabLeave } from './tabKey.ts';

type Editor = monaco.editor.IStandaloneCodeEditor;

registerLanguage();
/** Where each file was left, so that its tab comes back as it was. */
const left = new Map<string, monaco.editor.ICodeEditorViewState>();

/** A source file in Monaco, with address and bytes beside each line. */
export function MonacoSource(props: SourceProps) {
  const { file, text, code, current, previous, note, editable, revision, problems, breakpoints } = props;
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (host.current === null) return;
    const created = monaco.editor.create(host.current, editorOptions);
    setEditor(created);
    const stops = [followPageTheme(), listen(created, latest), letTabLeave(created, () => latest.current.editable)];
    return () => {
      for (const stop of stops) stop();
      created.dispose();
    };
  }, []);

  // An editable text is Monaco's own while it is typed: only one that was changed elsewhere is taken over.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (editor === null) return;
    const model = modelFor(file, text, latest.current.earlier);
    if (editor.getModel() === model) return;
    editor.setModel(model);
    editor.updateOptions({
      readOnly: !editable,
      tabFocusMode: !editable,
      ariaLabel: `Source of ${fileName(file)}${editable ? '' : ', read only'}`,
    });
    const view = left.get(file);
    const { cursor } = latest.current;
    if (view !== undefined) editor.restoreViewState(view);
    else if (cursor !== undefined) {
      editor.setPosition({ lineNumber: cursor.line, column: cursor.column });
      editor.revealPositionInCenterIfOutsideViewport({ lineNumber: cursor.line, column: cursor.column });
    }
    return () => {
      const state = editor.saveViewState();
      if (state !== null) left.set(file, state);
    };
  }, [editor, file, editable, editable ? revision : text]);

  useEffect(() => {
    const model = editor?.getModel();
    if (model) markProblems(model, problems);
  }, [editor, problems]);

  useEffect(() => {
    const columns = { address: addressColumns(addressesOf(code)), bytes: showsBytes(file) };
    const set = new Set(breakpoints);
    editor?.updateOptions({
      lineNumbersMinChars: 7 + (columns.address === 0 ? 0 : columns.address + (columns.bytes ? byteColumns : 2)),
      lineNumbers: (line) => gutterText(line, code?.get(line), columns, set.has(line)),
    });
  }, [editor, code, file, breakpoints]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another file needs its marks set again
  useEffect(() => {
    if (editor === null || previous === null || previous === current) return;
    const mark = { isWholeLine: true, marginClassName: styles.previousMargin ?? '' };
    const marks = editor.createDecorationsCollection([
      { range: new monaco.Range(previous, 1, previous, 1), options: mark },
    ]);
    return () => marks.clear();
  }, [editor, file, previous, current]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another file needs its marks set again
  useEffect(() => {
    if (editor === null || current === null) return;
    const end = editor.getModel()?.getLineMaxColumn(Math.min(current, editor.getModel()?.getLineCount() ?? 1)) ?? 1;
    const marks = editor.createDecorationsCollection([
      {
        range: new monaco.Range(current, end, current, end),
        options: {
          isWholeLine: true,
          className: styles.current ?? '',
          marginClassName: styles.currentMargin ?? '',
          ...(note === null
            ? {}
            : { after: { content: `    ◂ ${note}`, inlineClassName: styles.note ?? '' }, showIfCollapsed: true }),
        },
      },
    ]);
    if (!editor.hasWidgetFocus() || !editable) {
      editor.revealLineInCenterIfOutsideViewport(current, monaco.editor.ScrollType.Immediate);
    }
    return () => marks.clear();
  }, [editor, file, editable ? revision : text, current, note]);

  return <div ref={host} className={styles.host} data-debugger-keys />;
}

/** Tells the page what the person does in the editor. Returns how to stop. */
function listen(editor: Editor, latest: { readonly current: SourceProps }): () => void {
  const target = monaco.editor.MouseTargetType;
  const places = [target.GUTTER_LINE_NUMBERS, target.GUTTER_LINE_DECORATIONS, target.GUTTER_GLYPH_MARGIN];
  const listeners = [
    editor.onDidChangeModelContent(() => {
      const { editable, file, onEdit } = latest.current;
      const model = editor.getModel();
      if (editable && model?.uri.path === `/${file}`) onEdit(model.getValue());
    }),
    editor.onMouseDown(({ target: { type, position }, event }) => {
      if (!event.leftButton || position === null || !places.includes(type)) return;
      latest.current.onToggleBreakpoint(position.lineNumber);
    }),
    editor.onKeyDown((event) => {
      const position = editor.getPosition();
      if (event.keyCode !== monaco.KeyCode.F9 || event.ctrlKey || event.shiftKey || position === null) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.onToggleBreakpoint(position.lineNumber);
    }),
    editor.onDidChangeCursorPosition(({ position }) => {
      latest.current.onCursor({ line: position.lineNumber, column: position.column });
    }),
  ];
  return () => {
    for (const listener of listeners) listener.dispose();
  };
}
