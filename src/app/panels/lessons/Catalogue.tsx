import { Check, Clock, FileText, FolderOpen } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { PanelBody } from '../../components/Panel.tsx';
import { catalogue } from '../../../lessons/catalogue.ts';
import { chooseLessonFile } from '../../store/lessonFile.ts';
import styles from './Catalogue.module.css';
import { openWanted, useCourse } from './course.ts';
import { fresh, type LessonProgress, useProgress } from './progress.ts';

function stateOf({ finished, reached, answers, done }: LessonProgress, sections: number): string {
  if (finished) return 'finished';
  const begun = Object.keys(answers).length + Object.keys(done).length + reached > 0;
  return begun ? `section ${reached + 1} of ${sections}` : '';
}

/** All lessons, with how far one has come in each. */
export function Catalogue() {
  const lessons = useProgress((state) => state.lessons);
  const own = useProgress((state) => state.own);
  const finished = catalogue.filter(({ name }) => lessons[name]?.finished).length;
  return (
    <PanelBody className={styles.body} label="Lessons, the list">
      <Refused />
      <p className={styles.lead}>
        Each lesson sets the machine up, asks what will happen, and gives you something to do. {finished} of{' '}
        {catalogue.length} finished.
      </p>
      <ol className={styles.list}>
        {catalogue.map(({ name, title, minutes, summary, sections }, n) => (
          <Entry
            key={name}
            number={n + 1}
            title={title}
            summary={summary}
            minutes={minutes}
            progress={stateOf(lessons[name] ?? fresh, sections)}
            open={() => openWanted({ kind: 'built-in', name })}
          />
        ))}
      </ol>
      <h3 className={styles.heading}>Lesson files</h3>
      {own.length > 0 && (
        <ul className={styles.list}>
          {own.map(({ key, title, text }) => (
            <Entry
              key={key}
              title={title}
              progress={lessons[key]?.finished ? 'finished' : ''}
              open={() => openWanted({ kind: 'text', text })}
            />
          ))}
        </ul>
      )}
      <p className={styles.soft}>Teachers write their own: a text file with steps, questions and tasks.</p>
      <Control look="framed" onPress={chooseLessonFile}>
        <FolderOpen size={15} aria-hidden />
        Open a lesson file…
      </Control>
    </PanelBody>
  );
}

interface EntryProps {
  readonly number?: number;
  readonly title: string;
  readonly summary?: string;
  readonly minutes?: number;
  readonly progress: string;
  readonly open: () => void;
}

function Entry({ number, title, summary, minutes, progress, open }: EntryProps) {
  const done = progress === 'finished';
  return (
    <li>
      <button type="button" className={styles.entry} data-done={done} onClick={open}>
        <span className={styles.number} aria-hidden>
          {done ? <Check size={15} /> : (number ?? <FileText size={14} />)}
        </span>
        <span className={styles.words}>
          <b>{title}</b>
          {summary !== undefined && <span>{summary}</span>}
        </span>
        <span className={styles.facts}>
          {minutes !== undefined && (
            <span>
              <Clock size={12} aria-hidden /> {minutes} min
            </span>
          )}
          {progress !== '' && <span className={styles.progress}>{progress}</span>}
        </span>
      </button>
    </li>
  );
}

/** Why a lesson file could not be opened, place by place. */
function Refused() {
  const refused = useCourse((state) => state.refused);
  if (refused === null) return null;
  return (
    <div role="alert" className={styles.refused}>
      <p>
        <b>{refused.title}</b>
      </p>
      <ul>
        {refused.problems.slice(0, 10).map(({ line, column, message, hint }) => (
          <li key={`${line}:${column}:${message}`}>
            <code>
              line {line}, column {column}
            </code>{' '}
            {message}. {hint}
          </li>
        ))}
      </ul>
      {refused.problems.length > 10 && <p>And {refused.problems.length - 10} more.</p>}
    </div>
  );
}
