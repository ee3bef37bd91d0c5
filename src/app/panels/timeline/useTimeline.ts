import { useEffect, useState } from 'react';
import type { TimelineView } from '../../../worker/protocol.ts';
import type { Span } from '../../format/timeline.ts';
import { readTimeline } from '../../store/history.ts';
import { useMachine } from '../../store/machine.ts';

/** The history of the present branch, closely within a span; read again at every stop. Null until it is there. */
export function useTimeline(span: Span | null): TimelineView | null {
  const view = useMachine((state) => state.view);
  const [timeline, setTimeline] = useState<TimelineView | null>(null);
  const [from, to] = span === null ? [0, Number.MAX_SAFE_INTEGER] : [span.from, span.to];
  useEffect(() => {
    if (view === null) return;
    let wanted = true;
    readTimeline(from, to).then((answer) => {
      if (wanted && answer !== null) setTimeline(answer);
    });
    return () => {
      wanted = false;
    };
  }, [view, from, to]);
  return timeline;
}
