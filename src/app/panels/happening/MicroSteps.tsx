import type { ReactNode } from 'react';
import type { MachineView, MicrocodeView } from '../../../worker/protocol.ts';
import { MicroStepRow } from './MicroStepRow.tsx';
import styles from './MicroSteps.module.css';

interface MicroStepsProps {
  readonly microcode: MicrocodeView;
  readonly view: MachineView;
  readonly baseline: MachineView | null;
  /** Keeps the step at large in view; off while something above it matters more. */
  readonly follow: boolean;
  /** Buttons to go through the steps with. */
  readonly controls?: ReactNode;
}

/** The step to show at large: the one that failed, the one just done, or at the start the first. */
function focusOf({ steps, position }: MicrocodeView): number {
  const failed = steps.findIndex(({ state }) => state === 'failed');
  return failed >= 0 ? failed : Math.max(0, position - 1);
}

function leadText({ position, steps }: MicrocodeView): string {
  if (position === 0) return ` is next: ${steps.length} steps`;
  return position === steps.length ? ' is done' : ` after step ${position} of ${steps.length}`;
}

/** The checks and effects of the instruction at RIP, in the order the processor makes them. */
export function MicroSteps({ microcode, view, baseline, follow, controls }: MicroStepsProps) {
  const focus = focusOf(microcode);
  const inside = microcode.position > 0;
  const before = inside && baseline !== null ? baseline.registers : view.registers;
  return (
    <>
      <div className={styles.lead}>
        <p>
          <b>{microcode.name}</b>
          {leadText(microcode)}
        </p>
        {controls}
      </div>
      {!inside && (
        <p className={styles.stop}>
          {view.stop.text} Micro-step{' '}
          <span className={styles.key}>
            (<kbd>M</kbd>){' '}
          </span>
          goes through it one check or effect at a time.
        </p>
      )}
      <ol className={styles.steps} aria-label={`Micro-steps of ${microcode.name}`}>
        {microcode.steps.map((step, index) => (
          <MicroStepRow
            // biome-ignore lint/suspicious/noArrayIndexKey: steps of one instruction neither move nor vanish
            key={index}
            step={step}
            microcode={microcode}
            focus={index === focus}
            follow={follow}
            now={view.registers}
            before={before}
          />
        ))}
      </ol>
    </>
  );
}
