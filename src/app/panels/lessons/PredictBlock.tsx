import { Check, TriangleAlert, X } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { Control } from '../../components/Control.tsx';
import type { Predict } from '../../../lessons/lesson.ts';
import type { Problem } from '../../../worker/protocol.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import styles from './Blocks.module.css';
import { predict, setUp, useCourse } from './course.ts';
import { fresh, type GivenAnswer, useProgress } from './progress.ts';
import { Texts } from './Texts.tsx';

/** Asks what the machine will do next. The machine itself has the answer. */
export function PredictBlock({ block, lesson }: { readonly block: Predict; readonly lesson: string }) {
  const given = useProgress(({ lessons }) => (lessons[lesson] ?? fresh).answers[block.id]);
  const id = useId();
  return (
    <section className={styles.card} data-kind="predict" aria-labelledby={id}>
      <p className={styles.kind}>Predict</p>
      <div id={id} className={styles.texts}>
        <Texts texts={block.texts} />
      </div>
      {given === undefined ? <Question block={block} labelledBy={id} /> : <Answered given={given} />}
    </section>
  );
}

function Question({ block, labelledBy }: { readonly block: Predict; readonly labelledBy: string }) {
  const [answer, setAnswer] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const stands = useMachine(canTravel);
  const settingUp = useCourse((state) => state.settingUp);
  const problemId = useId();
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (answer.trim() === '' || busy) return;
    setBusy(true);
    setProblem(await predict(block, answer));
    setBusy(false);
  };
  return (
    <form onSubmit={ask} className={styles.question}>
      {block.choices.length > 0 ? (
        <Choices choices={block.choices} labelledBy={labelledBy} chosen={answer} choose={setAnswer} />
      ) : (
        <label className={styles.answerLabel}>
          Your answer
          <input
            className={styles.input}
            aria-describedby={problem === null ? labelledBy : `${labelledBy} ${problemId}`}
            aria-invalid={problem !== null}
            value={answer}
            onChange={(event) => setAnswer(event.target.value)}
            placeholder="0x23, 35, RSP or a symbol"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </label>
      )}
      <Control type="submit" look="framed" isDisabled={answer.trim() === '' || !stands || settingUp || busy}>
        Check my answer
      </Control>
      {problem !== null && (
        <p id={problemId} role="alert" className={styles.problem}>
          <TriangleAlert size={15} aria-hidden />
          <span>
            <b>{problem.title}.</b> {problem.detail}{' '}
            <button type="button" className={styles.textButton} onClick={() => setUp().then(() => setProblem(null))}>
              Set the machine up again
            </button>
          </span>
        </p>
      )}
    </form>
  );
}

interface ChoicesProps {
  readonly choices: readonly string[];
  readonly labelledBy: string;
  readonly chosen: string;
  readonly choose: (choice: string) => void;
}

function Choices({ choices, labelledBy, chosen, choose }: ChoicesProps) {
  const name = useId();
  return (
    <div role="radiogroup" aria-labelledby={labelledBy} className={styles.choices}>
      {choices.map((choice) => (
        <label key={choice}>
          <input type="radio" name={name} checked={chosen === choice} onChange={() => choose(choice)} />
          {choice}
        </label>
      ))}
    </div>
  );
}

function Answered({ given }: { readonly given: GivenAnswer }) {
  const { right, typed, actual, name, because } = given;
  const shown = name === null || name === actual ? actual : `${actual} (${name})`;
  return (
    <div role="status" className={styles.answer} data-right={right}>
      <p className={styles.result}>
        {right ? <Check size={16} aria-hidden /> : <X size={16} aria-hidden />}
        <span>
          <b>{right ? 'Right.' : 'Not this time.'}</b> {right ? '' : `You said ${typed}. `}The machine says{' '}
          <code>{shown}</code>.
        </span>
      </p>
      {because.length > 0 && (
        <ul className={styles.because}>
          {because.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
