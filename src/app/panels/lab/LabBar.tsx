import { ArrowLeft, ChevronsRight, Flag, SkipForward, StepBack, StepForward, TriangleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { LabMove } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { closeLab, moveLab, useLab } from '../../store/lab.ts';
import { ThemeButton } from '../topBar/ThemeButton.tsx';
import styles from './LabBar.module.css';

const MOVES: readonly { readonly move: LabMove; readonly title: string; readonly Sign: typeof Flag }[] = [
  { move: 'step-back', title: 'Back', Sign: StepBack },
  { move: 'micro-step', title: 'Micro-step', Sign: StepForward },
  { move: 'step', title: 'Step', Sign: StepForward },
  { move: 'next-event', title: 'Next crossing', Sign: ChevronsRight },
  { move: 'fault', title: 'To the fault', Sign: TriangleAlert },
  { move: 'end', title: 'To the end', Sign: SkipForward },
];

/** What both machines do together. */
export function LabBar() {
  const ready = useLab((state) => state.view !== null && !state.busy);
  const heading = useRef<HTMLHeadingElement>(null);
  // What stood here before is gone: a screen reader goes on at the new page's heading.
  useEffect(() => heading.current?.focus(), []);
  return (
    <header className={styles.bar}>
      <Control look="framed" onPress={closeLab}>
        <ArrowLeft size={15} aria-hidden /> Playground
      </Control>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        Flaw lab
      </h1>
      <div role="toolbar" aria-label="Both machines" className={styles.moves}>
        <Control look="primary" isDisabled={!ready} onPress={() => moveLab('difference')}>
          <Flag size={15} aria-hidden /> First difference
        </Control>
        {MOVES.map(({ move, title, Sign }) => (
          <Control key={move} isDisabled={!ready} onPress={() => moveLab(move)}>
            <Sign size={15} aria-hidden /> {title}
          </Control>
        ))}
      </div>
      <ThemeButton />
    </header>
  );
}
