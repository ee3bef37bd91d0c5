import type { MicroStepView, RegisterView } from '../../../worker/protocol.ts';
import { hex } from '../../format/hex.ts';
import { namedPart, partDigits, partValue } from '../../format/namedValue.ts';
import styles from './Flow.module.css';
import { SourceWord } from './SourceWord.tsx';

interface FlowProps {
  readonly step: MicroStepView;
  readonly now: RegisterView;
  readonly before: RegisterView;
}

/** An effect drawn: the source field lit, an arrow, and each target with what it is and was. */
export function Flow({ step, now, before }: FlowProps) {
  const done = step.state === 'done';
  return (
    <div className={styles.flow}>
      {step.from.length > 0 && (
        <>
          <div className={styles.sources}>
            {step.from.map((name) => (
              <SourceWord key={name} part={namedPart(before, name)} />
            ))}
          </div>
          <svg className={styles.arrow} viewBox="0 0 64 30" width="38" height="20" aria-label="goes to" role="img">
            <path d="M2 15h54M48 7l9 8-9 8" />
          </svg>
        </>
      )}
      <div className={styles.targets}>
        {step.to.map((name) => (
          <Target key={name} name={name} now={now} before={before} done={done} />
        ))}
      </div>
    </div>
  );
}

function Target({
  name,
  now,
  before,
  done,
}: Omit<FlowProps, 'step'> & { readonly name: string; readonly done: boolean }) {
  const part = namedPart(now, name);
  const value = partValue(part);
  const old = partValue(namedPart(before, name));
  const digits = part.bits === 64 ? 1 : partDigits(part);
  return (
    <span className={styles.target}>
      <small>{part.name.toUpperCase()}</small>
      {value !== null && <b className={done ? styles.written : undefined}>{hex(value, digits)}</b>}
      {done && old !== null && <em>{old === value ? 'the same' : `was ${hex(old, digits)}`}</em>}
      {!done && <em>now</em>}
    </span>
  );
}
