import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { MicrocodeView, WalkAccess } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { walkAt, walkEnd } from '../../format/walkPosition.ts';
import { useMachine } from '../../store/machine.ts';
import { readWalkSteps } from '../../store/paging.ts';
import { MicroStepRow } from '../happening/MicroStepRow.tsx';
import styles from './WalkStepper.module.css';

interface WalkStepperProps {
  readonly address: bigint;
  readonly access: Pick<WalkAccess, 'cpl' | 'kind'>;
}

/** The walk gone level by level, forward and back. The machine stands still: it makes its walks within an instruction. */
export function WalkStepper({ address, access: { cpl, kind } }: WalkStepperProps) {
  const view = useMachine((state) => state.view);
  const [walk, setWalk] = useState<MicrocodeView | null>(null);
  const [position, setPosition] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: walked again at every stop
  useEffect(() => {
    let wanted = true;
    readWalkSteps(address, cpl, kind).then((found) => {
      if (wanted) setWalk(found);
    });
    return () => {
      wanted = false;
    };
  }, [address, cpl, kind, view]);
  if (walk === null || view === null || walk.steps.length === 0) return null;
  const end = walkEnd(walk);
  const at = Math.min(position, end);
  const shown = walkAt(walk, at);
  const now = shown.steps[at - 1];
  return (
    <section className={styles.stepper} aria-label="Walk step by step">
      <header>
        <Control look="framed" aria-label="Walk back" isDisabled={at <= 0} onPress={() => setPosition(at - 1)}>
          <ChevronLeft size={15} aria-hidden />
        </Control>
        <Control look="framed" aria-label="Walk on" isDisabled={at >= end} onPress={() => setPosition(at + 1)}>
          <ChevronRight size={15} aria-hidden />
        </Control>
        <span role="status">
          step {at} of {end}
          <span className="visually-hidden">: {now === undefined ? 'not begun' : `${now.label}, ${now.state}`}</span>
        </span>
      </header>
      <ol aria-label={shown.name}>
        {shown.steps.map((step, index) => (
          <MicroStepRow
            // biome-ignore lint/suspicious/noArrayIndexKey: steps of one walk neither move nor vanish
            key={index}
            step={step}
            microcode={shown}
            focus={index === Math.max(at - 1, 0)}
            follow={false}
            now={view.registers}
            before={view.registers}
          />
        ))}
      </ol>
    </section>
  );
}
