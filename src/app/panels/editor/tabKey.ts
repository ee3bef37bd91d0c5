/** Keyboard users must be able to leave the editor (WCAG 2.1.2): Tab indents, but after Escape it leaves. */
import { monaco } from './monaco.ts';
import { useTabLeaves } from './tabLeaves.ts';

/** Escape, when it has nothing to close, lets the next Tab leave; typing anything else takes that back. */
export function letTabLeave(editor: monaco.editor.IStandaloneCodeEditor, editable: () => boolean): () => void {
  const set = (leaves: boolean) => {
    if (useTabLeaves.getState().leaves === leaves) return;
    useTabLeaves.setState({ leaves });
    editor.updateOptions({ tabFocusMode: leaves || !editable() });
  };
  const listeners = [
    editor.onKeyDown(({ keyCode }) => {
      if (keyCode === monaco.KeyCode.Escape) set(true);
      else if (keyCode !== monaco.KeyCode.Tab && keyCode !== monaco.KeyCode.Shift) set(false);
    }),
    editor.onDidBlurEditorWidget(() => set(false)),
  ];
  return () => {
    for (const listener of listeners) listener.dispose();
  };
}
