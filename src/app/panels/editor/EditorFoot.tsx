import { cx } from '../../components/cx.ts';
import { isProgram, usePrograms } from '../../store/programs.ts';
import styles from './EditorFoot.module.css';
import { useTabLeaves } from './tabLeaves.ts';

/** Under the editor: the first problem, what an edit does, and how to leave by keyboard. */
export function EditorFoot({ file, plain }: { readonly file: string; readonly plain: boolean }) {
  const problem = usePrograms((state) => state.problems[file]?.[0]);
  const runAfterEdit = usePrograms((state) => state.runAfterEdit);
  const rebootAfterEdit = usePrograms((state) => state.rebootAfterEdit);
  const leaves = useTabLeaves((state) => state.leaves);
  return (
    <div className={styles.foot}>
      <div role="status" aria-label="Problem" className={cx(problem && styles.problem)}>
        {problem && (
          <>
            <b>
              {problem.file === file ? '' : `${problem.file} `}line {problem.line}:
            </b>{' '}
            {problem.message}
            {problem.hint !== '' && <span className={styles.hint}> {problem.hint}</span>}
          </>
        )}
      </div>
      <div className={styles.row}>
        <label>
          <input
            type="checkbox"
            checked={runAfterEdit}
            onChange={(event) => usePrograms.setState({ runAfterEdit: event.target.checked })}
          />
          Run after edit
        </label>
        {isProgram(file) && (
          <label title="Otherwise it goes on from where the kernel is about to read the program">
            <input
              type="checkbox"
              checked={rebootAfterEdit}
              onChange={(event) => usePrograms.setState({ rebootAfterEdit: event.target.checked })}
            />
            Full reboot
          </label>
        )}
        {!plain && (
          <span>
            {leaves ? (
              <b>Tab now leaves the editor</b>
            ) : (
              <>
                <kbd>F9</kbd> breakpoint · <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves the editor
              </>
            )}
          </span>
        )}
      </div>
    </div>
  );
}
