import { Check, X } from 'lucide-react';
import type { WalkLevel } from '../../../worker/protocol.ts';
import type { Field } from '../../../registers/field.ts';
import { pte } from '../../../registers/pageEntry.ts';
import { cx } from '../../components/cx.ts';
import { FieldTip } from '../../components/FieldTip.tsx';
import { bitsOf } from '../../../registers/extract.ts';
import { hex } from '../../format/hex.ts';
import styles from './WalkTable.module.css';

/** Bits that stand at the same place in an entry of every level and decide about an access. */
const columns: readonly Field[] = ['P', 'R/W', 'U/S', 'XD', 'A'].flatMap((name) =>
  pte.fields.filter((field) => field.name === name),
);

/** A page walk, level by level, with the bits that refused the access. */
export function WalkTable({ levels }: { readonly levels: readonly WalkLevel[] }) {
  return (
    <div className={styles.scroll}>
      <table className={styles.walk} aria-label="Page walk">
        <thead>
          <tr>
            <th scope="col">level</th>
            <th scope="col">entry</th>
            {columns.map(({ name }) => (
              <th key={name} scope="col" className={styles.bitHead}>
                {name}
              </th>
            ))}
            <th scope="col">check</th>
          </tr>
        </thead>
        <tbody>
          {levels.map(({ name, index, entry, at, refused, hasRights }) => (
            <tr key={name}>
              <th scope="row">
                {name}[{index}]
              </th>
              <td title={`at physical ${hex(at)}`}>{hex(entry)}</td>
              {columns.map((field) => {
                // Entries that say nothing about rights have other bits there.
                if (!hasRights && field.name !== 'P') return <td key={field.name} />;
                const value = bitsOf(entry, field.high, field.low);
                const bad = refused === field.name;
                return (
                  <td key={field.name}>
                    <FieldTip
                      field={field}
                      value={value}
                      className={cx(styles.bit, value === 0n && styles.off, bad && styles.bad)}
                    >
                      {hex(value)}
                    </FieldTip>
                  </td>
                );
              })}
              <td className={cx(styles.say, refused !== null && styles.refusedText)}>
                {refused === null ? <Check size={13} aria-hidden /> : <X size={13} aria-hidden />}
                {refused} <span className={styles.word}>{refused === null ? 'passes' : 'refused'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
