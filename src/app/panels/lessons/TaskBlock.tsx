import { CircleCheck, CircleDashed, Lightbulb } from 'lucide-react';
import { useId } from 'react';
import { Control } from '../../components/Control.tsx';
import type { Task } from '../../../lessons/lesson.ts';
import styles from './Blocks.module.css';
import { openHint, solve, useCourse } from './course.ts';
import { fresh, useProgress } from './progress.ts';
import { Texts } from './Texts.tsx';

/** Something to do, looked for in the machine's history after every stop. */
export function TaskBlock({ block, lesson }: { readonly block: Task; readonly lesson: string }) {
  const done = useProgress(({ lessons }) => (lessons[lesson] ?? fresh).done[block.id]);
  const verdict = useCourse(({ verdicts }) => verdicts[block.id]);
  const id = useId();
  return (
    <section className={styles.card} data-kind="task" data-done={done !== undefined} aria-labelledby={id}>
      <p className={styles.kind}>Task</p>
      <h4 id={id} className={styles.title}>
        {block.title}
      </h4>
      <div className={styles.texts}>
        <Texts texts={block.texts} />
      </div>
      <p role="status" className={styles.state} aria-label={`Task ${block.title}`}>
        {done === undefined ? <CircleDashed size={16} aria-hidden /> : <CircleCheck size={16} aria-hidden />}
        <span>
          <b>{done === undefined ? 'Not yet.' : 'Done.'}</b> {done ?? verdict?.why ?? ''}
        </span>
      </p>
      {done === undefined && <Help block={block} lesson={lesson} />}
    </section>
  );
}

function Help({ block, lesson }: { readonly block: Task; readonly lesson: string }) {
  const open = useProgress(({ lessons }) => (lessons[lesson] ?? fresh).hints[block.id] ?? 0);
  const { hints, solution } = block;
  const settingUp = useCourse((state) => state.settingUp);
  return (
    <div className={styles.help}>
      {hints.slice(0, open).map((hint, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hints of one fixed task
        <div key={index} role="note" className={styles.hint}>
          <Lightbulb size={15} aria-hidden />
          <div className={styles.texts}>
            <Texts texts={hint} />
          </div>
        </div>
      ))}
      {open < hints.length && (
        <Control look="plain" onPress={() => openHint(block)}>
          {open === 0 ? 'Give me a hint' : 'Another hint'}
        </Control>
      )}
      {open >= hints.length && solution !== null && (
        <Control look="plain" isDisabled={settingUp} onPress={() => solve(block)}>
          Do it for me
        </Control>
      )}
    </div>
  );
}
