import type { TableWords } from '../../../worker/protocol.ts';
import { Editable } from '../../components/Editable.tsx';
import { hex } from '../../format/hex.ts';
import { realVectors, vectorName } from '../../format/idt.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './GdtTable.module.css';

interface RealVectorTableProps {
  readonly base: bigint;
  readonly limit: number;
  readonly words: TableWords;
}

/** The interrupt table of real-address mode: four bytes for each vector, no levels and no checks. */
export function RealVectorTable({ base, limit, words }: RealVectorTableProps) {
  const vectors = realVectors(words);
  return (
    <div className={styles.gdt}>
      <h3>
        Interrupt table{' '}
        <small>
          base {hex(base)}, limit {hex(limit)}, real-address mode
        </small>
      </h3>
      {vectors.length === 0 && <p className={styles.more}>Every entry is zero.</p>}
      <table className={styles.table} aria-label="Interrupt table">
        <thead>
          <tr>
            <th scope="col">vector</th>
            <th scope="col">CS:IP</th>
          </tr>
        </thead>
        <tbody>
          {vectors.map(({ vector, segment, offset }) => (
            <tr key={vector}>
              <th scope="row">
                {hex(vector, 2)} <span className={styles.soft}>{vectorName(vector)}</span>
              </th>
              <td>
                <StateScope
                  name={`vector ${hex(vector, 2)}`}
                  target={{ kind: 'memory', address: base + BigInt(4 * vector), bytes: 4 }}
                  value={BigInt(segment) * 0x10000n + BigInt(offset)}
                  bits={32}
                >
                  <Editable>
                    {hex(segment, 4)}:{hex(offset, 4)}
                  </Editable>
                </StateScope>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
