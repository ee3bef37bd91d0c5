import { cx } from '../../components/cx.ts';
import { Editable } from '../../components/Editable.tsx';
import { LitRow } from '../../components/LitRow.tsx';
import { hex } from '../../format/hex.ts';
import { linearPart } from '../../format/wiring.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './StackTab.module.css';

interface StackTableProps {
  readonly rsp: bigint;
  readonly words: readonly (bigint | null)[];
  readonly names: ReadonlyMap<bigint, string>;
  /** Names of words by their addresses. */
  readonly labels: ReadonlyMap<bigint, string>;
  /** RBP. */
  readonly frame: bigint;
}

export function StackTable({ rsp, words, names, labels, frame }: StackTableProps) {
  return (
    <table className={styles.table} aria-label="Stack">
      <thead>
        <tr>
          <th scope="col">RSP +</th>
          <th scope="col">word</th>
          <th scope="col">what it is</th>
        </tr>
      </thead>
      <tbody>
        {words.map((word, index) => {
          const address = rsp + BigInt(index * 8);
          const label = labels.get(address);
          return (
            <LitRow
              key={`${address}`}
              part={linearPart(address)}
              className={cx(label !== undefined && styles.labelled)}
              title={hex(address, 16)}
            >
              <th scope="row">{hex(index * 8, 2)}</th>
              <td className={word === 0n || word === null ? styles.quiet : undefined}>
                {word === null ? (
                  'not present'
                ) : (
                  <StateScope
                    name={`word at ${hex(address)}`}
                    target={{ kind: 'memory', address, bytes: 8 }}
                    value={word}
                  >
                    <Editable>{hex(word, 16)}</Editable>
                  </StateScope>
                )}
              </td>
              <td className={styles.meaning}>
                {label !== undefined && <b>{label}</b>} {address === frame && label === undefined && <b>RBP</b>}{' '}
                {word !== null && names.get(word)}
              </td>
            </LitRow>
          );
        })}
      </tbody>
    </table>
  );
}
