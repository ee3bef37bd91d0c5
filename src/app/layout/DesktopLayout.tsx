import { Guard } from '../components/Guard.tsx';
import { EditorPanel } from '../panels/editor/EditorPanel.tsx';
import { HappeningPanel } from '../panels/happening/HappeningPanel.tsx';
import { Lessons } from '../panels/lessons/Lessons.tsx';
import { RegistersPanel } from '../panels/registers/RegistersPanel.tsx';
import { Banners } from '../panels/status/Banner.tsx';
import { StatusStrip } from '../panels/status/StatusStrip.tsx';
import { TerminalPanel } from '../panels/terminal/TerminalPanel.tsx';
import { TimelineBar } from '../panels/timeline/TimelineBar.tsx';
import { TopBar } from '../panels/topBar/TopBar.tsx';
import { useLessonDoor } from '../store/lessonDoor.ts';
import styles from './DesktopLayout.module.css';
import { SidePanel } from './SidePanel.tsx';
import { Split } from './Split.tsx';
import { useMedia } from './useMedia.ts';

const source = { id: 'source', size: 74, least: 15, content: <EditorPanel /> };
const terminal = { id: 'terminal', size: 26, least: 10, content: <TerminalPanel /> };
const beside = [source, terminal];
const withLesson = [
  { id: 'lesson', size: 56, least: 20, content: <Lessons /> },
  { ...source, size: 27 },
  { ...terminal, size: 17 },
];

/** Program and terminal; a lesson stands over them while one is open. */
function Code() {
  const lesson = useLessonDoor(({ open }) => open);
  return <Split id={lesson ? 'code-and-lesson' : 'code'} direction="vertical" parts={lesson ? withLesson : beside} />;
}

const code = <Code />;

const state = (
  <Split
    id="state"
    direction="vertical"
    parts={[
      { id: 'happening', size: 52, least: 15, content: <HappeningPanel /> },
      { id: 'registers', size: 48, least: 15, content: <RegistersPanel /> },
    ]}
  />
);

const stateAndSystem = (
  <Split
    id="state-and-system"
    direction="vertical"
    parts={[
      { id: 'happening', size: 34, least: 15, content: <HappeningPanel /> },
      { id: 'registers', size: 36, least: 15, content: <RegistersPanel /> },
      { id: 'system', size: 30, least: 15, content: <SidePanel /> },
    ]}
  />
);

/** Three columns, or two where three would be too narrow to read. */
export function DesktopLayout() {
  const wide = useMedia('(width >= 1180px)');
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <Banners ends="faults" />
        <div className={styles.panels}>
          {wide ? (
            <Split
              id="three"
              direction="horizontal"
              parts={[
                { id: 'code', size: 39, least: 20, content: code },
                { id: 'state', size: 31, least: 20, content: state },
                { id: 'system', size: 30, least: 18, content: <SidePanel /> },
              ]}
            />
          ) : (
            <Split
              id="two"
              direction="horizontal"
              parts={[
                { id: 'code', size: 50, least: 25, content: code },
                { id: 'state', size: 50, least: 25, content: stateAndSystem },
              ]}
            />
          )}
        </div>
      </main>
      <footer>
        <Guard name="timeline">
          <TimelineBar />
        </Guard>
        <StatusStrip />
      </footer>
    </div>
  );
}
