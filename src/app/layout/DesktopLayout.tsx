import { Guard } from '../components/Guard.tsx';
import { lazyPart } from '../components/lazyPart.tsx';
import { MovableAs } from '../components/MoveMenu.tsx';
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
import { usePlaces } from '../store/places.ts';
import styles from './DesktopLayout.module.css';
import { type Block, type Column, columnsOf, heightsOf } from './placedPanels.ts';
import { SidePanel } from './SidePanel.tsx';
import { Split } from './Split.tsx';
import { useMedia } from './useMedia.ts';

const Wires = lazyPart(async () => (await import('../panels/happening/wires/Wires.tsx')).Wires);

const alone = {
  editor: <EditorPanel />,
  terminal: <TerminalPanel />,
  happening: <HappeningPanel />,
  registers: <RegistersPanel />,
} as const;

/** Names of the handles between panels, and of saved sizes. */
const ids: Readonly<Record<Block, string>> = {
  editor: 'source',
  terminal: 'terminal',
  happening: 'happening',
  registers: 'registers',
  lesson: 'lesson',
  tabs: 'system',
};

const LEAST: Partial<Record<Block, number>> = { terminal: 10, lesson: 20 };

function contentOf(block: Block, { place, tabs }: Column, last: boolean) {
  if (block === 'lesson') return <Lessons />;
  if (block === 'tabs') return <SidePanel place={place} last={last} tabs={tabs} />;
  return <MovableAs.Provider value={block}>{alone[block]}</MovableAs.Provider>;
}

function ColumnOfPanels({ column, last }: { readonly column: Column; readonly last: boolean }) {
  const heights = heightsOf(column);
  return (
    <Split
      id={`${column.place}-${column.blocks.join('-')}`}
      direction="vertical"
      parts={column.blocks.map((block, n) => ({
        id: ids[block],
        size: heights[n] ?? 100,
        least: LEAST[block] ?? 15,
        content: contentOf(block, column, last),
      }))}
    />
  );
}

const WIDTHS = {
  two: { left: 50, middle: 50, right: 0 },
  three: { left: 39, middle: 31, right: 30 },
} as const;

/** Three columns, or two where three would be too narrow to read. A lesson stands over the left one while it is open. */
export function DesktopLayout() {
  const wide = useMedia('(width >= 1180px)');
  const lesson = useLessonDoor(({ open }) => open);
  const columns = columnsOf(usePlaces(), wide ? 3 : 2, lesson);
  const lastTabs = columns.findLast(({ tabs }) => tabs.length > 0);
  const widths = columns.map(({ place }) => WIDTHS[wide ? 'three' : 'two'][place]);
  const all = widths.reduce<number>((sum, one) => sum + one, 0);
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <Banners ends="faults" />
        <div className={styles.panels}>
          <Split
            id={`columns-${wide ? 3 : 2}-${columns.map(({ place }) => place).join('-')}`}
            direction="horizontal"
            parts={columns.map((column, n) => ({
              id: column.place,
              size: (100 * (widths[n] ?? 0)) / all,
              least: 18,
              content: <ColumnOfPanels column={column} last={column === lastTabs} />,
            }))}
          />
        </div>
      </main>
      <footer>
        <Guard name="timeline">
          <TimelineBar />
        </Guard>
        <StatusStrip />
      </footer>
      <Wires />
    </div>
  );
}
