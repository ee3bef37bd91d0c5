import { Check, ChevronRight, Equal, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { MicrocodeView, MicroStepState, MicroStepView, RegisterView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { scrollWithin } from '../../components/scrollWithin.ts';
import { Drawing } from './drawing/Drawing.tsx';
import styles from './MicroStepRow.module.css';

interface MicroStepRowProps {
  readonly step: MicroStepView;
  readonly microcode: MicrocodeView;
  /** Shown at large, with what flows where. */
  readonly focus: boolean;
  /** Scrolls into view when it becomes the one at large. */
  readonly follow: boolean;
  readonly now: RegisterView;
  readonly before: RegisterView;
}

const spoken: Record<MicroStepState, string> = { done: 'done', next: 'next', waiting: 'waiting', failed: 'failed' };

function StateMark({ step }: Pick<MicroStepRowProps, 'step'>) {
  if (step.state === 'failed') return <X size={15} aria-hidden />;
  if (step.state === 'next') return <ChevronRight size={15} aria-hidden />;
  if (step.state === 'waiting') return <span />;
  return step.kind === 'keeps' ? <Equal size={14} aria-hidden /> : <Check size={15} aria-hidden />;
}

/** A clause as a sentence of its own. */
function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}

/** A note's sentences, less what the label has said already: that a hidden part is fixed. */
function newIn(note: string, said: string): string {
  return said.includes('hidden part fixed') ? note.replace('The hidden part is fixed. ', '') : note;
}

/** What stands at the right: the value, or before it is known what a failed check would raise. */
function outcome({ value, otherwise, kind, state }: MicroStepView): string {
  if (kind === 'check' && otherwise !== null) return state === 'failed' ? otherwise : `else ${otherwise}`;
  return value ?? '';
}

export function MicroStepRow({ step, microcode, focus, follow, now, before }: MicroStepRowProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (focus && follow) scrollWithin(row.current, 'nearest');
  }, [focus, follow]);
  // A label's main clause stands alone until its step is looked at; the rest tells of hidden parts.
  const [main, ...rest] = step.label.split('; ');
  const written = focus && step.kind !== 'check' && step.to.length > 0;
  return (
    <li
      ref={row}
      className={cx(styles.row, styles[step.state], focus && styles.focus)}
      aria-current={focus ? 'step' : undefined}
      data-state={step.state}
    >
      <span className={styles.mark}>
        <StateMark step={step} />
        <span className="visually-hidden">{spoken[step.state]}: </span>
      </span>
      <span className={styles.label} data-label>
        {main}
      </span>
      {!written && <span className={styles.value}>{outcome(step)}</span>}
      {focus && <Drawing step={step} microcode={microcode} now={now} before={before} />}
      {focus && (rest.length > 0 || step.note !== null) && (
        <p className={styles.note}>
          {rest.length > 0 && sentence(rest.join('; '))} {step.note !== null && newIn(step.note, rest.join('; '))}
        </p>
      )}
      {focus && step.kind === 'check' && step.value !== null && <p className={styles.note}>Found: {step.value}</p>}
    </li>
  );
}
