import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
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
            <tr key={`${address}`} className={cx(label !== undefined && styles.labelled)} title={hex(address, 16)}>
              <th scope="row">{hex(index * 8, 2)}</th>
              <td className={word === 0n || word === null ? styles.quiet : undefined}>
                {word === null ? 'not present' : hex(word, 16)}
              </td>
              <td className={styles.meaning}>
                {label !== undefined && <b>{label}</b>} {address === frame && label === undefined && <b>RBP</b>}{' '}
                {word !== null && names.get(word)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
