import { ListTree, X } from 'lucide-react';
import { useEffect } from 'react';
import { Control } from '../../components/Control.tsx';
import { Panel } from '../../components/Panel.tsx';
import { closeLessons, useLessonDoor } from '../../store/lessonDoor.ts';
import { useMachine } from '../../store/machine.ts';
import { Catalogue } from './Catalogue.tsx';
import { closeLesson, followMachine, openWanted, useCourse } from './course.ts';
import { LessonView } from './LessonView.tsx';

/** The lessons: the list of them, or the one that is open. */
export function LessonPane() {
  const lesson = useCourse((state) => state.lesson);
  const name = useCourse((state) => state.key);
  const loading = useCourse((state) => state.loading);
  const wanted = useLessonDoor((state) => state.wanted);
  const booted = useMachine((state) => state.view !== null && !state.booting);
  useEffect(followMachine, []);
  useEffect(() => {
    // A lesson sets a machine up: not while the first one is still on its way.
    if (wanted === null || !booted) return;
    useLessonDoor.setState({ wanted: null });
    openWanted(wanted);
  }, [wanted, booted]);
  return (
    <Panel
      label="Lessons"
      title={lesson?.title ?? 'Lessons'}
      aside={
        <>
          {lesson !== null && (
            <Control aria-label="All lessons" onPress={closeLesson}>
              <ListTree size={15} aria-hidden />
            </Control>
          )}
          <Control aria-label="Close the lessons" onPress={closeLessons}>
            <X size={15} aria-hidden />
          </Control>
        </>
      }
    >
      {loading && (
        <p role="status" style={{ padding: 12 }}>
          The lesson is being opened…
        </p>
      )}
      {lesson !== null && name !== null && <LessonView lesson={lesson} name={name} />}
      {lesson === null && !loading && <Catalogue />}
    </Panel>
  );
}
