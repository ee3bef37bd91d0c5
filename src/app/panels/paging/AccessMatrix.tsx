import { Check, X } from 'lucide-react';
import type { AccessKind, WalkAccess } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import styles from './AccessMatrix.module.css';

interface AccessMatrixProps {
  readonly access: readonly WalkAccess[];
  readonly selected: WalkAccess;
  readonly onSelect: (access: WalkAccess) => void;
}

const kinds: readonly (readonly [AccessKind, string])[] = [
  ['read', 'read'],
  ['write', 'write'],
  ['fetch', 'execute'],
];

/** What each ring may do with the page. Choosing a cell shows the entries that refuse it. */
export function AccessMatrix({ access, selected, onSelect }: AccessMatrixProps) {
  return (
    <table className={styles.matrix} aria-label="Access">
      <thead>
        <tr>
          <td />
          {kinds.map(([kind, title]) => (
            <th key={kind} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {([0, 3] as const).map((cpl) => (
          <tr key={cpl}>
            <th scope="row" className={cpl === 0 ? styles.kernel : styles.user}>
              CPL {cpl}
            </th>
            {kinds.map(([kind, title]) => {
              const cell = access.find((one) => one.cpl === cpl && one.kind === kind);
              if (cell === undefined) return <td key={kind} />;
              return (
                <td key={kind}>
                  <Cell cell={cell} title={title} pressed={cell === selected} onSelect={onSelect} />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CellProps {
  readonly cell: WalkAccess;
  readonly title: string;
  readonly pressed: boolean;
  readonly onSelect: (access: WalkAccess) => void;
}

function Cell({ cell, title, pressed, onSelect }: CellProps) {
  const { cpl, refused } = cell;
  return (
    <button
      type="button"
      className={cx(styles.cell, refused !== null && styles.refused)}
      aria-pressed={pressed}
      aria-label={`CPL ${cpl} ${title}: ${refused === null ? 'allowed' : `refused by ${refused}`}`}
      onClick={() => onSelect(cell)}
    >
      {refused === null ? <Check size={13} aria-hidden /> : <X size={13} aria-hidden />}
      {refused ?? 'yes'}
    </button>
  );
}
