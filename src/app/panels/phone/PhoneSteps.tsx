import { Control } from '../../components/Control.tsx';
import { microStep, run, runOrPause, step } from '../../store/commands.ts';
import { stepBack } from '../../store/history.ts';
import { canRun, canStep, canTravel, useMachine } from '../../store/machine.ts';
import { Toolbar } from '../../components/Toolbar.tsx';
import styles from './PhoneSteps.module.css';

/** The steps, within reach of a thumb. */
export function PhoneSteps() {
  const running = useMachine((state) => state.running !== null);
  const ready = useMachine(canStep);
  const travels = useMachine(canTravel);
  const runnable = useMachine(canRun);
  return (
    <section aria-label="Steps">
      <Toolbar aria-label="Machine" className={styles.steps ?? ''}>
        <Control look="framed" isDisabled={!travels} onPress={stepBack} aria-label="Step back">
          Back
        </Control>
        <Control look="framed" isDisabled={!ready} onPress={() => run('ring-change')} aria-label="Next ring">
          Ring
        </Control>
        <Control look="framed" isDisabled={!ready} onPress={microStep} aria-label="Micro-step">
          Micro
        </Control>
        <Control look="primary" isDisabled={!ready} onPress={step}>
          Step
        </Control>
        <Control look="framed" isDisabled={!runnable && !running} onPress={runOrPause}>
          {running ? 'Pause' : 'Run'}
        </Control>
      </Toolbar>
    </section>
  );
}
