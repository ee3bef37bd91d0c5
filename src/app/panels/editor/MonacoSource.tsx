import { useEffect, useRef, useState } from 'react';
import { fileName } from '../../store/sources.ts';
import { addressColumns, byteColumns } from '../../format/code.ts';
import styles from './MonacoSource.module.css';
import { editorOptions, followPageTheme, lineNumberText, modelFor, monaco } from './monaco.ts';
import { addressesOf, showsBytes, type SourceProps } from './sourceProps.ts';

type Editor = monaco.editor.IStandaloneCodeEditor;

/** A source file in Monaco, with address and bytes beside each line. */
export function MonacoSource({ file, text, code, current, note }: SourceProps) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);

  useEffect(() => {
    if (host.current === null) return;
    const created = monaco.editor.create(host.current, editorOptions);
    setEditor(created);
    const unfollow = followPageTheme();
    return () => {
      unfollow();
      created.dispose();
    };
  }, []);

  useEffect(() => {
    if (editor === null) return;
    editor.setModel(modelFor(file, text));
    editor.updateOptions({ ariaLabel: `Source of ${fileName(file)}, read only` });
  }, [editor, file, text]);

  useEffect(() => {
    const columns = addressColumns(addressesOf(code));
    const bytes = showsBytes(file);
    editor?.updateOptions({
      lineNumbersMinChars: 6 + (columns === 0 ? 0 : columns + (bytes ? byteColumns : 2)),
      lineNumbers: (line) => lineNumberText(line, code?.get(line), columns, bytes),
    });
  }, [editor, code, file]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text needs its marks set again
  useEffect(() => {
    if (editor === null || current === null) return;
    const end = editor.getModel()?.getLineMaxColumn(current) ?? 1;
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
    editor.revealLineInCenterIfOutsideViewport(current, monaco.editor.ScrollType.Immediate);
    return () => marks.clear();
  }, [editor, file, text, current, note]);

  return <div ref={host} className={styles.host} data-debugger-keys />;
}
