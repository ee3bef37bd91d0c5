import { ArrowRight } from 'lucide-react';
import { Fragment } from 'react';
import type { WhyView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import styles from './FaultChain.module.css';

interface FaultChainProps {
  readonly chain: readonly WhyView[];
  readonly ended: boolean;
  /** The one whose reasons are shown. */
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

/** From the first cause to what became of it. Choosing one shows its reasons. */
export function FaultChain({ chain, ended, chosen, onChoose }: FaultChainProps) {
  return (
    <ol className={styles.chain} aria-label="Exception chain">
      {chain.map(({ name, errorCode, check, actual, vector, during }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a chain is shown once and never reordered
        <Fragment key={index}>
          {index > 0 && <Arrow />}
          <li className={styles.item} data-vector={vector}>
            <button
              type="button"
              className={cx(styles.link, index === 0 && styles.first)}
              aria-pressed={index === chosen}
              onClick={() => onChoose(index)}
            >
              <span>
                <b>{name}</b>
                {errorCode !== null && ` error ${hex(errorCode)}`}
              </span>
              <small>
                {index > 0
                  ? `${check}: found ${actual}`
                  : during === null
                    ? 'The first cause.'
                    : `The first cause, while ${during} was on its way.`}
              </small>
            </button>
          </li>
        </Fragment>
      ))}
      {ended && (
        <>
          <Arrow />
          <li className={cx(styles.item, styles.link)}>
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
