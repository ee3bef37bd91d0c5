import { ArrowLeft, ArrowRight, Link2, RotateCcw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Control } from '../../components/Control.tsx';
import { PanelBody } from '../../components/Panel.tsx';
import { Tip } from '../../components/Tip.tsx';
import { type Block, type Lesson, setupOf } from '../../../lessons/lesson.ts';
import styles from './LessonView.module.css';
import { closeLesson, goToSection, resetProgram, sectionDone, setUp, sourceFile, useCourse } from './course.ts';
import { copyLessonLink } from './lessonLink.ts';
import { HintBlock, ShowBlock, StepBlock } from './OtherBlocks.tsx';
import { PredictBlock } from './PredictBlock.tsx';
import { fresh, useProgress } from './progress.ts';
import { TaskBlock } from './TaskBlock.tsx';
import { TextBlock } from './Texts.tsx';

interface LessonViewProps {
  readonly lesson: Lesson;
  /** What its progress is kept under. */
  readonly name: string;
}

/** One section of a lesson, and the way to the others. */
export function LessonView({ lesson, name }: LessonViewProps) {
  const index = useCourse(({ section }) => section);
  const settingUp = useCourse((state) => state.settingUp);
  const finished = useProgress(({ lessons }) => (lessons[name] ?? fresh).finished);
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(index);
  useEffect(() => {
    // A new section begins at its heading, for eyes and for screen readers.
    if (shown.current === index) return;
    shown.current = index;
    heading.current?.focus();
    heading.current?.closest('[role=group]')?.scrollTo(0, 0);
  }, [index]);
  const section = lesson.sections[index];
  if (section === undefined) return null;
  const last = index === lesson.sections.length - 1;
  return (
    <>
      <Steps lesson={lesson} name={name} index={index} />
      <PanelBody className={styles.body} label="Lesson text">
        <h3 ref={heading} tabIndex={-1} className={styles.heading}>
          {section.title}
        </h3>
        {settingUp && (
          <p role="status" className={styles.setting}>
            The machine is being set up…
          </p>
        )}
        {section.blocks.map((block, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one fixed section
          <BlockView key={`${index}-${n}`} block={block} lesson={name} />
        ))}
        {last && finished && (
          <p role="status" className={styles.finished}>
            <b>Lesson finished.</b> Every prediction is answered and every task is done.
          </p>
        )}
        <Foot lesson={lesson} index={index} last={last} />
      </PanelBody>
    </>
  );
}

function BlockView({ block, lesson }: { readonly block: Block; readonly lesson: string }) {
  switch (block.kind) {
    case 'predict':
      return <PredictBlock block={block} lesson={lesson} />;
    case 'task':
      return <TaskBlock block={block} lesson={lesson} />;
    case 'step':
      return <StepBlock block={block} />;
    case 'show':
      return <ShowBlock block={block} />;
    case 'hint':
      return <HintBlock block={block} />;
    default:
      return <TextBlock text={block} />;
  }
}

function Steps({ lesson, name, index }: LessonViewProps & { readonly index: number }) {
  // What is done is read from the progress, whose change draws this anew.
  useProgress(({ lessons }) => lessons[name]);
  const settingUp = useCourse((state) => state.settingUp);
  return (
    <nav aria-label="Sections" className={styles.steps}>
      <ol>
        {lesson.sections.map((section, n) => {
          const done = sectionDone(name, section);
          return (
            <li key={section.title}>
              <button
                type="button"
                aria-current={n === index ? 'step' : undefined}
                aria-label={`${n + 1}: ${section.title}${done ? ', done' : ''}`}
                title={section.title}
                data-done={done}
                disabled={settingUp}
                onClick={() => goToSection(n, true)}
              >
                {done ? '✓' : n + 1}
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Foot({ lesson, index, last }: { readonly lesson: Lesson; readonly index: number; readonly last: boolean }) {
  const settingUp = useCourse((state) => state.settingUp);
  const text = useCourse((state) => state.text);
  const file = sourceFile(setupOf(lesson, index));
  return (
    <div className={styles.foot}>
      <Control look="framed" isDisabled={index === 0 || settingUp} onPress={() => goToSection(index - 1, true)}>
        <ArrowLeft size={15} aria-hidden />
        Back
      </Control>
      {last ? (
        <Control look="primary" onPress={closeLesson}>
          All lessons
        </Control>
      ) : (
        <Control look="primary" isDisabled={settingUp} onPress={() => goToSection(index + 1)}>
          Next
          <ArrowRight size={15} aria-hidden />
        </Control>
      )}
      <Tip tip="Boots this section’s machine again, and does what the lesson had done so far">
        <Control isDisabled={settingUp} onPress={setUp}>
          <RotateCcw size={14} aria-hidden />
          Set the machine up again
        </Control>
      </Tip>
      {file !== null && (
        <Control isDisabled={settingUp} onPress={resetProgram}>
          The program as it was
        </Control>
      )}
      {text !== null && (
        <Control onPress={() => copyLessonLink(text)}>
          <Link2 size={15} aria-hidden />
          Copy a link to this lesson
        </Control>
      )}
    </div>
  );
}
