import { History } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { OriginView } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { ago as agoText } from '../../format/ago.ts';
import { goTo } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import { fileName } from '../../store/sources.ts';
import { readOrigins } from '../../store/why.ts';
import styles from './WhyCard.module.css';

/** A history this long is searched without being asked: it takes no time that one would notice. */
const searchedAtOnce = 2_000_000;

/** Who set what the failed check looked at, with the way there. Delayed causes point back to their instruction. */
export function Origins() {
  const count = useMachine((state) => state.view?.instructions ?? 0);
  const ready = useMachine(canTravel);
  const [asked, setAsked] = useState(count < searchedAtOnce);
  const [origins, setOrigins] = useState<readonly OriginView[] | null>(null);
  useEffect(() => {
    if (!asked) return;
    let wanted = true;
    readOrigins().then((found) => {
      if (wanted) setOrigins(found);
    });
    return () => {
      wanted = false;
    };
  }, [asked]);
  if (!asked) {
    return (
      <Control look="framed" isDisabled={!ready} onPress={() => setAsked(true)}>
        Where does this come from?
      </Control>
    );
  }
  if (origins === null || origins.length === 0) return null;
  return (
    <ul className={styles.origins} aria-label="Where this comes from">
      {origins.map((origin) => (
        <Origin key={origin.what} origin={origin} ready={ready} />
      ))}
    </ul>
  );
}

function Origin({ origin: { what, count, ago, by, place, source }, ready }: { origin: OriginView; ready: boolean }) {
  if (count === null || ago === null) {
    return (
      <li>
        <span>
          <b>{what}</b> has been so since the start.
        </span>
      </li>
    );
  }
  const where = source === null ? place : `${fileName(source.file)}:${source.line}`;
  return (
    <li>
      <span>
        <b>{what}</b> was set {agoText(ago)} by <code>{by}</code> at {where}.
      </span>
      <Control look="framed" isDisabled={!ready} onPress={() => goTo(count)}>
        <History size={14} aria-hidden /> Go there
      </Control>
    </li>
  );
}
