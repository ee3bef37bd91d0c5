import type { StructureValue } from '../../../registers/taskState.ts';
import { Editable } from '../../components/Editable.tsx';
import { FieldTip } from '../../components/FieldTip.tsx';
import { LitRow } from '../../components/LitRow.tsx';
import { Value } from '../../components/Value.tsx';
import { hex } from '../../format/hex.ts';
import { linearPart } from '../../format/wiring.ts';
import { useMachine } from '../../store/machine.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './GdtTable.module.css';
import { IoMapNote } from './IoMapNote.tsx';
import { useNames } from './useNames.ts';
import { useTaskState } from './useTaskState.ts';

/** The TSS that TR names, by its type: the stacks that interrupts start on, and which ports are open. */
export function TaskStateTable() {
  const selector = useMachine((state) => state.view?.registers.segments.tr.selector);
  const state = useTaskState();
  const names = useNames(state?.fields.map(({ value }) => value) ?? []);
  if (selector === undefined) return null;
  if (state === null) {
    return (
      <div className={styles.gdt}>
        <h3>
          TSS <small>selector {hex(selector, 4)}</small>
        </h3>
        <p className={styles.more}>
          {(selector & ~3) === 0
            ? 'TR is null: there is no TSS. An interrupt that must change to another stack has none to go to.'
            : 'TR names no TSS that can be read.'}
        </p>
      </div>
    );
  }
  const { kind, base, limit, fields, before } = state;
  const ioMap = fields.find(({ field }) => field.name === 'I/O map base');
  return (
    <div className={styles.gdt}>
      <h3>
        TSS{' '}
        <small>
          {kind}, selector {hex(selector, 2)}, base {hex(base)}, limit {hex(limit)}
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
          {fields.map((one) => (
            <Row
              key={one.field.offset}
              base={base}
              limit={limit}
              shown={one}
              before={before.find(({ field }) => field === one.field)?.value}
              name={one.value === 0n ? undefined : names.get(one.value)}
            />
          ))}
        </tbody>
      </table>
      <IoMapNote kind={kind} base={base} limit={limit} map={ioMap === undefined ? null : Number(ioMap.value)} />
    </div>
  );
}

interface RowProps {
  readonly base: bigint;
  readonly limit: number;
  readonly shown: StructureValue;
  readonly before: bigint | undefined;
  /** The symbol that the value points at. */
  readonly name: string | undefined;
}

function Row({ base, limit, shown: { field, value }, before, name }: RowProps) {
  const { offset, bytes } = field;
  const address = base + BigInt(offset);
  const bits = 8 * bytes;
  return (
    <LitRow part={linearPart(address)}>
      <th scope="row">{hex(offset, 2)}</th>
      <StateScope name={`TSS ${field.name}`} target={{ kind: 'memory', address, bytes }} value={value} bits={bits}>
        <td>
          <FieldTip
            field={{ ...field, bits }}
            place={`bytes ${hex(offset, 2)}h on`}
            value={value}
            put={(_, changed) => changed}
          >
            {field.name}
          </FieldTip>
        </td>
        <td>
          <Editable>
            <Value value={value} before={before} digits={bytes * 2} />
          </Editable>
        </td>
      </StateScope>
      <td className={styles.meaning}>{offset + bytes - 1 > limit ? 'past TR.limit: #TS' : name}</td>
    </LitRow>
  );
}
