import type { MachineView, TableWords } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { type GdtRow, gdtRows, type SegmentMark } from '../../format/gdt.ts';
import { hex } from '../../format/hex.ts';
import { Editable } from '../../components/Editable.tsx';
import { linearPart } from '../../format/wiring.ts';
import { LitRow } from '../../components/LitRow.tsx';
import { StateScope } from '../history/StateScope.tsx';
import styles from './GdtTable.module.css';

interface DescriptorTableProps {
  readonly table: 'gdt' | 'ldt';
  readonly base: bigint;
  readonly limit: number;
  readonly words: TableWords;
  /** The same words at the stop before. */
  readonly before: TableWords | undefined;
  readonly registers: MachineView['registers'];
}

/** A GDTR nobody has set yet may claim 8192 entries of whatever lies there. */
export const entriesShown = 40;

/** The GDT or LDT, decoded, with the entries that segment registers name. */
export function DescriptorTable({ table, base, limit, words, before, registers }: DescriptorTableProps) {
  const title = table.toUpperCase();
  return (
    <div className={styles.gdt}>
      <h3>
        {title}{' '}
        <small>
          base {hex(base)}, limit {hex(limit)}
        </small>
      </h3>
      <table className={styles.table} aria-label={title}>
        <thead>
          <tr>
            <th scope="col">sel</th>
            <th scope="col">descriptor</th>
            <th scope="col">what it is</th>
            <th scope="col">DPL</th>
          </tr>
        </thead>
        <tbody>
          {gdtRows(words.slice(0, entriesShown), registers, table).map((row, index) => (
            <Row
              key={row.selector}
              table={table}
              row={row}
              part={linearPart(base + BigInt(index * 8))}
              before={before?.[index]}
            />
          ))}
        </tbody>
      </table>
      {words.length > entriesShown && <p className={styles.more}>and {words.length - entriesShown} more entries</p>}
    </div>
  );
}

interface RowProps {
  readonly table: 'gdt' | 'ldt';
  readonly row: GdtRow;
  /** Its name among the parts that micro-steps light. */
  readonly part: string;
  readonly before: bigint | null | undefined;
}

function meaning({ descriptor, second, word }: GdtRow): string {
  if (word === null) return 'not mapped';
  if (second) return 'second slot of the entry above';
  if (descriptor === null) return '';
  if (descriptor.kind === 'null') return 'null';
  return descriptor.present ? descriptor.type : `${descriptor.type}, not present`;
}

function Row({ table, row, part, before }: RowProps) {
  const { selector, word, descriptor, marks } = row;
  const used = marks.some(({ name }) => name === 'cs' || name === 'ss');
  const changed = before !== undefined && before !== word;
  const dpl = descriptor !== null && descriptor.kind !== 'null' ? descriptor.dpl : null;
  return (
    <LitRow part={part} className={cx(used && styles.used)}>
      <th scope="row">{hex(selector, 2)}</th>
      <td
        className={cx(changed && styles.changed)}
        title={changed && before !== null ? `was ${hex(before, 16)}` : undefined}
      >
        {word === null ? (
          '–'
        ) : (
          <StateScope
            name={`descriptor ${hex(selector, 2)}`}
            target={{ kind: 'descriptor', table, index: selector >> 3 }}
            value={word}
          >
            <Editable>{hex(word, 16)}</Editable>
          </StateScope>
        )}
      </td>
      <td className={styles.meaning}>
        {meaning(row)}
        {marks.map((mark) => (
          <Mark key={mark.name} mark={mark} />
        ))}
      </td>
      <td className={dpl === null ? undefined : dpl === 3 ? styles.user : styles.kernel}>{dpl}</td>
    </LitRow>
  );
}

function Mark({ mark: { name, differs } }: { readonly mark: SegmentMark }) {
  const text = differs ? 'names this entry, but its hidden part was not loaded from it' : 'names this entry';
  return (
    <abbr className={cx(styles.mark, differs && styles.differs)} title={`${name.toUpperCase()} ${text}`}>
      {name.toUpperCase()}
      {differs && ' ≠'}
      <span className="visually-hidden"> {text}</span>
    </abbr>
  );
}
