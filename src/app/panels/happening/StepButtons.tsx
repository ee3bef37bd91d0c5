import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { microStep } from '../../store/commands.ts';
import { microStepBack } from '../../store/history.ts';
import { canStep, canTravel, useMachine } from '../../store/machine.ts';
import styles from './MicroSteps.module.css';

/** One micro-step back and one on, beside the steps themselves. */
export function StepButtons() {
  const steps = useMachine(canStep);
  const travels = useMachine(canTravel);
  return (
    <span className={styles.buttons}>
      <Control look="framed" aria-label="Micro-step back" isDisabled={!travels} onPress={() => microStepBack()}>
        <ChevronLeft size={15} aria-hidden />
      </Control>
      <Control look="framed" aria-label="Micro-step on" isDisabled={!steps} onPress={() => microStep()}>
        <ChevronRight size={15} aria-hidden />
      </Control>
    </span>
  );
}
