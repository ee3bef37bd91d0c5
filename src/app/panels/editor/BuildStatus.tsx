import { cx } from '../../components/cx.ts';
import panel from '../../components/Panel.module.css';
import { isEditable, isKernelAssembly, isKernelFile, usePrograms } from '../../store/programs.ts';
import styles from './EditorFoot.module.css';

const aside = cx(panel.aside, styles.status);

/** Beside the tabs: what became of the text, or that it cannot be changed. */
export function BuildStatus({ file }: { readonly file: string }) {
  const problems = usePrograms((state) => state.problems[file]);
  const size = usePrograms((state) => state.builds[file]?.size);
  if (!isEditable(file)) return <span className={aside}>{isKernelFile(file) ? 'kernel, read only' : 'read only'}</span>;
  if (isKernelAssembly(file) && problems === undefined) return <span className={aside}>kernel, as built</span>;
  if (problems === undefined) return <span className={panel.aside} />;
  if (problems.length === 0)
    return (
      <span className={aside}>
        <span className={styles.word}>{isKernelAssembly(file) ? 'kernel' : 'assembled'}, </span>
        {size} bytes
      </span>
    );
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return <span className={cx(aside, styles.bad)}>{count}, not run</span>;
}
