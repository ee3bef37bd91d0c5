/** A micro-step as sentences, for those who listen. */
import type { MicrocodeView, MicroStepView } from '../../worker/protocol.ts';

/** Arrows and bit ranges in words; clauses about hidden parts become sentences of their own. */
function inWords(text: string): string {
  const words = text
    .replaceAll(' ← ', ' becomes ')
    .replace(/(\w)\[(\d+):(\d+)\]/g, '$1 bits $2 to $3')
    .replace(/≠/g, 'is not');
  return words
    .split('; ')
    .map((clause) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`)
    .join(' ');
}

function outcome({ kind, state, value, otherwise }: MicroStepView): string {
  if (state === 'failed')
    return `This fails${value === null ? '' : `, found ${value}`}: ${otherwise ?? 'an exception'}.`;
  if (kind === 'check') return value === null ? 'This holds.' : `This holds, found ${value}.`;
  return value === null ? '' : `It is ${value}${kind === 'keeps' ? ', unchanged' : ' now'}.`;
}

/** The step that was just made, and how far the instruction is; null before the first. */
export function spokenStep({ name, steps, position }: MicrocodeView): string | null {
  const failed = steps.findIndex(({ state }) => state === 'failed');
  const index = failed >= 0 ? failed : position - 1;
  const step = steps[index];
  if (step === undefined) return null;
  const note = step.note === null || index + 1 < steps.length ? '' : ` ${step.note}`;
  const text = `${name}, step ${index + 1} of ${steps.length}. ${inWords(step.label)} ${outcome(step)}`.trim();
  return `${text}${note}`;
}
