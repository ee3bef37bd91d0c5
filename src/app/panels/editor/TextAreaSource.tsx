import { useEffect, useRef, useState } from 'react';
import { fileName } from '../../store/sources.ts';
import type { SourceProps } from './sourceProps.ts';
import styles from './TextAreaSource.module.css';

/** A program in a plain text area: on phones, and for tools that read one better than Monaco. Tab leaves it. */
export function TextAreaSource({ file, text, cursor, problems, revision, onEdit, onCursor }: SourceProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  // The text is the area's own while it is typed, so that the browser's undo goes on working.
  const [start, setStart] = useState({ text, revision });
  if (start.revision !== revision) setStart({ text, revision });
  useEffect(() => {
    if (area.current !== null && area.current.value !== start.text) area.current.value = start.text;
  }, [start]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it is opened
  useEffect(() => {
    if (cursor === undefined || area.current === null) return;
    const at = offsetOf(text, cursor.line, cursor.column);
    area.current.setSelectionRange(at, at);
  }, []);
  return (
    <textarea
      ref={area}
      className={styles.area}
      defaultValue={text}
      aria-label={`Source of ${fileName(file)}`}
      aria-invalid={problems.length > 0}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      autoCorrect="off"
      wrap="off"
      onChange={(event) => onEdit(event.target.value)}
      onSelect={(event) => onCursor(placeIn(event.currentTarget.value, event.currentTarget.selectionStart))}
    />
  );
}

function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return Math.min(
    before.reduce((sum, l) => sum + l.length + 1, column - 1),
    text.length,
  );
}

function placeIn(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
