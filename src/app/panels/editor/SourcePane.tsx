import { useEffect, useMemo } from 'react';
import { lazyPart } from '../../components/lazyPart.tsx';
import { toggleBreakpoint } from '../../store/breakpoints.ts';
import { editText, look } from '../../store/editing.ts';
import { instructionView, isInside, useMachine } from '../../store/machine.ts';
import { type Cursor, isEditable, usePrograms } from '../../store/programs.ts';
import { codeOf, placeOf } from '../../store/sourcePlace.ts';
import { fileName, useSources } from '../../store/sources.ts';
import styles from './SourcePane.module.css';
import type { SourceProps } from './sourceProps.ts';
import { SourceListing } from './SourceListing.tsx';
import { TextAreaSource } from './TextAreaSource.tsx';
import { useMonaco } from './useMonaco.ts';

interface SourcePaneProps {
  readonly file: string;
  /** Never loads Monaco: on phones the listing and a text area do the same. */
  readonly plain: boolean;
  /** Without Monaco: type in a text area rather than read the listing. */
  readonly typing: boolean;
}

const CodeTab = lazyPart(async () => (await import('../system/CodeTab.tsx')).CodeTab);

const nothing: readonly never[] = [];

/** One file: as a plain listing at first, in Monaco as soon as it is there. */
export function SourcePane({ file, plain, typing }: SourcePaneProps) {
  const props = useSourceProps(file);
  const note = useMachine(stepNote);
  const Monaco = useMonaco(!plain);
  const shown = useMachine((state) => state.view !== null);
  const { text } = props;
  const known = typeof text === 'string';
  useEffect(() => {
    // The assembler is fetched after the first machine is shown, and no sooner than something can be assembled.
    if (known && shown) look(file);
  }, [file, known, shown]);
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
  const all: SourceProps = { ...props, text, note };
  if (Monaco !== null) return <Monaco {...all} />;
  return typing && props.editable ? <TextAreaSource key={file} {...all} /> : <SourceListing {...all} />;
}

function useSourceProps(file: string): Omit<SourceProps, 'text' | 'note'> & { text: string | null | undefined } {
  const program = usePrograms((state) => state.programs[file]);
  const build = usePrograms((state) => state.builds[file]);
  const problems = usePrograms((state) => state.problems[file] ?? nothing);
  const breakpoints = usePrograms((state) => state.breakpoints[file] ?? nothing);
  const cursor = usePrograms((state) => state.cursors[file]);
  const served = useSources((state) => state.texts[file]);
  const visited = useSources((state) => state.lines[file] ?? state.code[file]);
  const current = useMachine((state) => lineOf(instructionView(state), file));
  const previous = useMachine((state) => lineOf(state.baseline, file));
  const text = program?.text ?? served;
  const code = useMemo(
    () => (build !== undefined && typeof text === 'string' ? codeOf(build, text) : visited),
    [build, text, visited],
  );
  return {
    file,
    text,
    code,
    current,
    previous,
    editable: isEditable(file),
    revision: program?.revision ?? 0,
    earlier: program?.earlier ?? nothing,
    problems,
    breakpoints,
    cursor,
    onEdit: (edited) => editText(file, edited),
    onToggleBreakpoint: (line) => toggleBreakpoint(file, line),
    onCursor: (place: Cursor) => usePrograms.setState(({ cursors }) => ({ cursors: { ...cursors, [file]: place } })),
  };
}

function lineOf(view: ReturnType<typeof useMachine.getState>['view'], file: string): number | null {
  const place = view && placeOf(view);
  return place?.file === file ? place.line : null;
}

/** Written behind the current line: how far the instruction has been micro-stepped. */
function stepNote({ view }: ReturnType<typeof useMachine.getState>): string | null {
  if (view === null || view.microcode === null || !isInside(view)) return null;
  const { microcode } = view;
  return `step ${microcode.position} of ${microcode.steps.length}`;
}
