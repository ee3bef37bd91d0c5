import { Guard } from '../components/Guard.tsx';
import { EditorPanel } from '../panels/editor/EditorPanel.tsx';
import { Lessons } from '../panels/lessons/Lessons.tsx';
import { PhoneBar } from '../panels/phone/PhoneBar.tsx';
import { PhoneNav } from '../panels/phone/PhoneNav.tsx';
import { PhoneState } from '../panels/phone/PhoneState.tsx';
import { PhoneSteps } from '../panels/phone/PhoneSteps.tsx';
import { PhoneMemory } from '../panels/phone/PhoneMemory.tsx';
import { Banners } from '../panels/status/Banner.tsx';
import { TerminalPanel } from '../panels/terminal/TerminalPanel.tsx';
import { TimelineBar } from '../panels/timeline/TimelineBar.tsx';
import { type PhoneTab, useSettings } from '../store/settings.ts';
import styles from './PhoneLayout.module.css';

function Content({ tab }: { readonly tab: PhoneTab }) {
  switch (tab) {
    case 'code':
      return <EditorPanel plain />;
    case 'state':
      return <PhoneState />;
    case 'memory':
      return <PhoneMemory />;
    case 'output':
      return <TerminalPanel />;
    case 'lesson':
      return <Lessons />;
  }
}

/** One panel at a time, with the ring always in sight and the steps under the thumb. */
export function PhoneLayout() {
  const tab = useSettings((state) => state.phoneTab);
  return (
    <div className={styles.page}>
      <PhoneBar />
      <main className={styles.main}>
        <Banners />
        <div className={styles.content}>
          <Guard key={tab} name={tab}>
            <Content tab={tab} />
          </Guard>
        </div>
      </main>
      <div>
        <Guard name="timeline">
          <TimelineBar />
        </Guard>
        <PhoneSteps />
      </div>
      <PhoneNav selected={tab} />
    </div>
  );
}
