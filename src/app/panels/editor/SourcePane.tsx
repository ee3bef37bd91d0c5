import { instructionView, isInside, useMachine } from '../../store/machine.ts';
import { fileName, useSources } from '../../store/sources.ts';
import { CodeTab } from '../system/CodeTab.tsx';
import type { SourceProps } from './sourceProps.ts';
import { SourceListing } from './SourceListing.tsx';
import styles from './SourcePane.module.css';
import { useMonaco } from './useMonaco.ts';

interface SourcePaneProps {
  readonly file: string;
  /** Never loads Monaco: on phones the listing does the same and scrolls better. */
  readonly plain: boolean;
}

/** One file: as a plain listing at first, in Monaco as soon as it is there. */
export function SourcePane({ file, plain }: SourcePaneProps) {
  const text = useSources((state) => state.texts[file]);
  const code = useSources((state) => state.code[file]);
  const source = useMachine((state) => instructionView(state)?.source ?? null);
  const note = useMachine(stepNote);
  const Monaco = useMonaco(!plain);
  if (text === undefined) return <p className={styles.empty}>Loading {fileName(file)}…</p>;
  if (text === null) {
    return (
      <>
        <p className={styles.empty}>
          There is no source of {fileName(file)} for this kernel; here is what it was made into.
        </p>
        <CodeTab />
      </>
    );
  }
  const props: SourceProps = { file, text, code, current: source?.file === file ? source.line : null, note };
  return Monaco === null ? <SourceListing {...props} /> : <Monaco {...props} />;
}

/** Written behind the current line: how far the instruction has been micro-stepped. */
function stepNote({ view }: ReturnType<typeof useMachine.getState>): string | null {
  if (view === null || view.microcode === null || !isInside(view)) return null;
  const { microcode } = view;
  return `step ${microcode.position} of ${microcode.steps.length}`;
}
