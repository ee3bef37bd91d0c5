import type { MicrocodeView, MicroStepView, RegisterView } from '../../../../worker/protocol.ts';
import { cx } from '../../../components/cx.ts';
import { type Box, drawingOf, drawingText } from '../../../format/drawing.ts';
import { Arrows } from './Arrows.tsx';
import styles from './Drawing.module.css';
import { FieldsBox } from './FieldsBox.tsx';
import { RegisterBox } from './RegisterBox.tsx';
import { registerValue } from './registerValue.ts';
import { StrikeRows } from './StrikeRows.tsx';
import { WordsBox } from './WordsBox.tsx';

interface DrawingProps {
  readonly step: MicroStepView;
  readonly microcode: MicrocodeView;
  readonly now: RegisterView;
  /** At the start of the instruction. */
  readonly before: RegisterView;
}

/** What a micro-step reads and writes, lit, with an arrow for everything that goes somewhere. */
export function Drawing({ step, microcode, now, before }: DrawingProps) {
  const isRegister = (name: string) => registerValue(now, microcode, name) !== null;
  const drawing = drawingOf(step, microcode.memory, isRegister);
  if (step.strikes !== null && step.state === 'done') {
    return <StrikeRows strikes={step.strikes} before={before.rflags} now={now.rflags} />;
  }
  if (drawing.boxes.length === 0) return null;
  const guilty = new Set(step.state === 'failed' ? (step.guilty ?? step.from) : []);
  const ranks = [...new Set(drawing.boxes.map(({ rank }) => rank))].sort((a, b) => a - b);
  const box = (one: Box) => {
    if (one.seen === null) {
      return <RegisterBox key={one.name} box={one} step={step} microcode={microcode} now={now} before={before} />;
    }
    if (one.seen.form === 'words') return <WordsBox key={one.name} box={one} seen={one.seen} />;
    return <FieldsBox key={one.name} box={one} seen={one.seen} guilty={guilty} />;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a drawing
    <div
      className={cx(styles.drawing, drawing.downwards && styles.downwards)}
      role="group"
      aria-label={drawing.arrows.length === 0 ? 'What it looks at' : `Drawing: ${drawingText(drawing)}`}
    >
      {ranks.map((rank) => (
        <div key={rank} className={styles.rank}>
          {drawing.boxes.filter((one) => one.rank === rank).map(box)}
        </div>
      ))}
      <Arrows arrows={drawing.arrows} downwards={drawing.downwards} drawn={microcode.position} />
    </div>
  );
}
