import type { LabView } from '../../../worker/protocol.ts';
import { differences } from '../../format/differences.ts';
import styles from './Differences.module.css';

/** Registers, MSRs and descriptors that are not the same in both machines, where they stand now. */
export function Differences({ view }: { readonly view: LabView }) {
  const rows = differences(view.left.machine, view.right.machine);
  if (rows.length === 0) return <p className={styles.none}>Registers, MSRs and the GDT are the same.</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">left</th>
          <th scope="col">right</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, left, right }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{left}</td>
            <td>{right}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
