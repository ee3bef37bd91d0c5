import styles from './Branches.module.css';

export interface DifferenceRow {
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
}

interface DifferenceTableProps {
  /** What is compared, "3 registers differ". */
  readonly title: string;
  /** Heading of the names: "register". */
  readonly of: string;
  readonly ours: string;
  readonly theirs: string;
  readonly rows: readonly DifferenceRow[];
}

/** Values that differ between two branches, side by side; nothing when there are none. */
export function DifferenceTable({ title, of, ours, theirs, rows }: DifferenceTableProps) {
  if (rows.length === 0) return null;
  return (
    <table className={styles.differences}>
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{of}</th>
          <th scope="col">{ours}</th>
          <th scope="col">{theirs}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">{row.name}</th>
            <td>{row.ours}</td>
            <td>{row.theirs}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
