import { useEffect, useRef } from 'react';
import type { WhyView } from '../../../worker/protocol.ts';
import { errorCodeText } from '../../format/errorCode.ts';
import { hex, thousands } from '../../format/hex.ts';
import { FaultChain } from './FaultChain.tsx';
import { WalkTable } from './WalkTable.tsx';
import styles from './WhyCard.module.css';

interface WhyCardProps {
  /** Exceptions of one delivery, first cause first; not empty. */
  readonly chain: readonly WhyView[];
  /** The chain ended in a triple fault. */
  readonly ended: boolean;
}

/** Why an exception was raised: the check that failed, what was expected and found, and what followed from it. */
export function WhyCard({ chain, ended }: WhyCardProps) {
  const card = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another chain is another card
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'start' });
  }, [chain]);
  const first = chain[0];
  if (first === undefined) return null;
  const { name, vector, errorCode, check, expected, actual, manual, walk, rip, cpl, address, at } = first;
  const said = errorCode === null ? null : errorCodeText(vector, errorCode);
  return (
    <article ref={card} className={styles.card} aria-label={`Why ${name}`}>
      <header className={styles.header}>
        <h3>
          <b>{name}</b> failed check: {check}
        </h3>
        <span>
          vector {vector}
          {errorCode !== null && `, error ${hex(errorCode)}`}
          {said !== null && ` (${said})`}
        </span>
      </header>
      <dl className={styles.facts}>
        <div>
          <dt>expected</dt>
          <dd>{expected}</dd>
        </div>
        <div>
          <dt>found</dt>
          <dd className={styles.found}>{actual}</dd>
        </div>
        {address !== null && (
          <div>
            <dt>address</dt>
            <dd>{hex(address)}</dd>
          </div>
        )}
        <div>
          <dt>at</dt>
          <dd>
            RIP {hex(rip)}, CPL {cpl}
          </dd>
        </div>
      </dl>
      {walk !== null && walk.length > 0 && <WalkTable levels={walk} />}
      {(chain.length > 1 || ended) && <FaultChain chain={chain} ended={ended} />}
      <footer className={styles.footer}>
        {manual} · instruction {thousands(at)}
      </footer>
    </article>
  );
}
