import { hex } from '../../format/hex.ts';
import { linearPart } from '../../format/wiring.ts';
import { LitRow } from '../../components/LitRow.tsx';
import { useMachine } from '../../store/machine.ts';
import { FieldTip } from '../../components/FieldTip.tsx';
import styles from './GdtTable.module.css';
import { useNames } from './useNames.ts';
import { useTaskState } from './useTaskState.ts';

/** The 64-bit TSS that TR names: the stacks that interrupts start on. */
export function TaskStateTable() {
  const tr = useMachine((state) => state.view?.registers.segments.tr);
  const fields = useTaskState();
  const names = useNames(fields.map(({ value }) => value));
  if (tr === undefined || fields.length === 0) return null;
  return (
    <div className={styles.gdt}>
      <h3>
        TSS{' '}
        <small>
          selector {hex(tr.selector, 2)}, base {hex(tr.base)}
        </small>
      </h3>
      <table className={styles.table} aria-label="TSS">
        <thead>
          <tr>
            <th scope="col">+</th>
            <th scope="col">field</th>
            <th scope="col">value</th>
            <th scope="col">points at</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ field, value }) => (
            <LitRow key={field.name} part={linearPart(tr.base + BigInt(field.offset))}>
              <th scope="row">{hex(field.offset, 2)}</th>
              <td>
                <FieldTip field={field} place={`bytes ${hex(field.offset, 2)}h on`} value={value}>
                  {field.name}
                </FieldTip>
              </td>
              <td>{hex(value, field.bytes * 2)}</td>
              <td className={styles.meaning}>{names.get(value)}</td>
            </LitRow>
          ))}
        </tbody>
      </table>
    </div>
  );
}
