import { ArrowLeft, Pause, Play, RotateCcw } from 'lucide-react';
import { Toolbar } from '../components/Toolbar.tsx';
import { Control } from '../components/Control.tsx';
import { microStep, reset, run, runOrPause, step } from '../store/commands.ts';
import { stepBack } from '../store/history.ts';
import { canRun, canStep, canTravel, useMachine } from '../store/machine.ts';
import styles from './EmbedPage.module.css';

/** The steps that a frame has room for. */
export function EmbedSteps() {
  const running = useMachine((state) => state.running !== null);
  const ready = useMachine(canStep);
  const runnable = useMachine(canRun);
  const travels = useMachine(canTravel);
  return (
    <Toolbar aria-label="Machine" className={styles.steps ?? ''}>
      <Control aria-label="Step back" isDisabled={!travels} onPress={stepBack}>
        <ArrowLeft size={15} aria-hidden />
      </Control>
      <Control look="primary" isDisabled={!running && !runnable} onPress={runOrPause}>
        {running ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
        {running ? 'Pause' : 'Run'}
      </Control>
      <Control isDisabled={!ready} onPress={microStep} aria-label="Micro-step">
        Micro
      </Control>
      <Control isDisabled={!ready} onPress={step}>
        Step
      </Control>
      <Control isDisabled={!ready} onPress={() => run('ring-change')} aria-label="Next ring">
        Ring
      </Control>
      <Control aria-label="Reset" isDisabled={!travels && !running} onPress={reset}>
        <RotateCcw size={15} aria-hidden />
      </Control>
    </Toolbar>
  );
}
