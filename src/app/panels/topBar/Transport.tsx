import { ArrowLeft, Pause, Play, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Toolbar } from '../../components/Toolbar.tsx';
import { Control } from '../../components/Control.tsx';
import { Tip } from '../../components/Tip.tsx';
import { type Shortcut, shortcutOf } from '../../keyboard/shortcuts.ts';
import { reset } from '../../store/commands.ts';
import { canRun, canStep, canTravel, useMachine } from '../../store/machine.ts';
import { BackMenu } from '../history/BackMenu.tsx';
import styles from './Transport.module.css';

interface ActionProps {
  readonly id: Shortcut['id'];
  readonly tip: string;
  readonly disabled: boolean;
  /** Accessible name of a button with a symbol for a text. */
  readonly label?: string;
  readonly primary?: boolean;
  readonly children: ReactNode;
}

function Action({ id, tip, disabled, label, primary = false, children }: ActionProps) {
  const { keys, aria, act } = shortcutOf(id);
  return (
    <Tip tip={`${tip} (${keys})`}>
      <Control
        look={primary ? 'primary' : 'plain'}
        keys={label === undefined ? keys : undefined}
        {...(label !== undefined && { 'aria-label': label })}
        aria-keyshortcuts={aria}
        isDisabled={disabled}
        onPress={act}
      >
        {children}
      </Control>
    </Tip>
  );
}

/** Run, pause and every size of step. */
export function Transport() {
  const running = useMachine((state) => state.running !== null);
  const ready = useMachine(canStep);
  const runnable = useMachine(canRun);
  const travels = useMachine(canTravel);
  const booting = useMachine((state) => state.booting);
  return (
    <Toolbar aria-label="Machine" className={styles.transport ?? ''}>
      <Action id="back" tip="Back to before the last instruction" label="Step back" disabled={!travels}>
        <ArrowLeft size={15} aria-hidden />
      </Action>
      <BackMenu />
      <Action id="run" tip={running ? 'Stop the machine' : 'Run until paused'} disabled={!running && !runnable} primary>
        {running ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
        {running ? 'Pause' : 'Run'}
      </Action>
      <Action id="micro-step" tip="One check or effect of the instruction" disabled={!ready}>
        Micro-step
      </Action>
      <Action id="step" tip="One instruction" disabled={!ready}>
        Step
      </Action>
      <Action id="over" tip="One instruction, calls run to their return" disabled={!ready}>
        Over
      </Action>
      <Action id="syscall" tip="Run until just before the next SYSCALL or SYSRET" disabled={!ready}>
        <span className={styles.long}>Next </span>SYSCALL
      </Action>
      <Action id="ring" tip="Run until the privilege level changes" disabled={!ready}>
        <span className={styles.long}>Next </span>ring
      </Action>
      <Tip tip="Boot this kernel again">
        <Control aria-label="Reset" isDisabled={booting} onPress={reset}>
          <RotateCcw size={15} aria-hidden />
        </Control>
      </Tip>
    </Toolbar>
  );
}
