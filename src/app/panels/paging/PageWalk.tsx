import { useState } from 'react';
import { Checkbox } from 'react-aria-components';
import type { WalkAccess, WalkView } from '../../../worker/protocol.ts';
import { hex } from '../../format/hex.ts';
import { accessSentence, walkSummary } from '../../format/walk.ts';
import { useMachine } from '../../store/machine.ts';
import { AccessMatrix } from './AccessMatrix.tsx';
import { ModeBits } from './ModeBits.tsx';
import styles from './PageWalk.module.css';
import { useWalk } from './useWalk.ts';
import { WalkLevels } from './WalkLevels.tsx';
import { WalkStepper } from './WalkStepper.tsx';

type Chosen = Pick<WalkAccess, 'cpl' | 'kind'>;

/** Until one is chosen, the first access that is refused to the present ring is the one to explain. */
function accessShown({ access }: WalkView, chosen: Chosen | null, ring: number): WalkAccess | undefined {
  if (chosen === null) {
    const present = access.filter(({ cpl }) => cpl === (ring === 3 ? 3 : 0));
    return present.find(({ refused }) => refused !== null) ?? present[0];
  }
  return access.find(({ cpl, kind }) => cpl === chosen.cpl && kind === chosen.kind);
}

export function PageWalk({ address }: { readonly address: bigint }) {
  const walk = useWalk(address);
  const [stepping, setStepping] = useState(false);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const ring = useMachine((state) => state.view?.registers.cpl ?? 0);
  if (walk === null) return null;
  const shown = accessShown(walk, chosen, ring);
  return (
    <div className={styles.walk}>
      <p className={styles.summary}>
        <b>{hex(walk.address)}</b> {walkSummary(walk)}
      </p>
      {walk.levels.length > 0 && (
        <Checkbox className={styles.choice ?? ''} isSelected={stepping} onChange={setStepping}>
          <span className={styles.box} aria-hidden />
          go it step by step
        </Checkbox>
      )}
      {stepping && shown !== undefined && <WalkStepper address={address} access={shown} />}
      {!stepping && walk.paging !== 'off' && walk.levels.length > 0 && (
        <WalkLevels paging={walk.paging} levels={walk.levels} guilty={shown?.guilty ?? []} bit={shown?.refused} />
      )}
      {shown !== undefined && (
        <>
          <AccessMatrix access={walk.access} selected={shown} onSelect={setChosen} />
          <p className={styles.why} data-refused={shown.refused !== null || undefined}>
            {accessSentence(walk, shown)}
          </p>
          <ModeBits mode={walk.mode} />
        </>
      )}
    </div>
  );
}
