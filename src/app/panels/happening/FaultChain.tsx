import { ArrowRight } from 'lucide-react';
import { Fragment } from 'react';
import type { WhyView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import styles from './FaultChain.module.css';

interface FaultChainProps {
  readonly chain: readonly WhyView[];
  readonly ended: boolean;
}

/** From the first cause to what became of it. */
export function FaultChain({ chain, ended }: FaultChainProps) {
  return (
    <ol className={styles.chain} aria-label="Exception chain">
      {chain.map(({ name, errorCode, check, actual, vector }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chain is shown once and never reordered
        <Fragment key={index}>
          {index > 0 && <Arrow />}
          <li className={cx(styles.link, index === 0 && styles.first)} data-vector={vector}>
            <b>{name}</b>
            {errorCode !== null && ` error ${hex(errorCode)}`}
            <small>{index === 0 ? 'The first cause.' : `${check}: found ${actual}`}</small>
          </li>
        </Fragment>
      ))}
      {ended && (
        <>
          <Arrow />
          <li className={styles.link}>
            <b>triple fault</b>
            <small>The double fault could not be delivered either. The processor shuts down.</small>
          </li>
        </>
      )}
    </ol>
  );
}

function Arrow() {
  return (
    <li className={styles.arrow} aria-hidden>
      <ArrowRight size={18} />
    </li>
  );
}
