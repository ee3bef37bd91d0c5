import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { type Span, showing, zoomed } from '../../format/timeline.ts';
import { goTo } from '../../store/history.ts';
import { canTravel, currentCount, currentCpl, useMachine } from '../../store/machine.ts';
import { BranchMenu } from '../history/BranchMenu.tsx';
import { MarkList } from './MarkList.tsx';
import styles from './Timeline.module.css';
import { Track } from './Track.tsx';
import { useTimeline } from './useTimeline.ts';

/** The history from left to right, and the tools to look at it closely. */
export function TimelineBar() {
  const now = useMachine(currentCount);
  const cpl = useMachine(currentCpl);
  const standing = useMachine(canTravel);
  const [chosen, setChosen] = useState<Span | null>(null);
  const timeline = useTimeline(chosen);
  if (timeline === null) return null;
  const whole = { from: timeline.from, to: Math.max(timeline.to, timeline.from + 1) };
  const span = chosen === null ? whole : showing(chosen, now, whole);
  const zoom = (factor: number, around: number): void => {
    const next = zoomed(span, factor, around, whole);
    setChosen(next.to - next.from >= whole.to - whole.from ? null : next);
  };
  return (
    <section className={styles.timeline} aria-label="Timeline">
      <Track timeline={timeline} span={span} now={now} cpl={cpl ?? 0} disabled={!standing} onGo={goTo} onZoom={zoom} />
      <div className={styles.tools}>
        <BranchMenu branches={timeline.branches} />
        <Tool label="Zoom out" text="−" onPress={() => zoom(4, now)} />
        <Tool label="Zoom in" text="+" onPress={() => zoom(0.25, now)} />
        <Tool label="Show all" text="All" onPress={() => setChosen(null)} />
        <MarkList marks={timeline.marks} disabled={!standing} onGo={goTo} />
      </div>
    </section>
  );
}

interface ToolProps {
  readonly label: string;
  readonly text: string;
  readonly onPress: () => void;
}

function Tool({ label, text, onPress }: ToolProps) {
  return (
    <Button className={styles.tool ?? ''} aria-label={label} onPress={onPress}>
      {text}
    </Button>
  );
}
