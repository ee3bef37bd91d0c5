import type { SeenView } from '../../../../worker/protocol.ts';
import { cx } from '../../../components/cx.ts';
import type { Box } from '../../../format/drawing.ts';
import { hex } from '../../../format/hex.ts';
import styles from './Drawing.module.css';

/** Words of memory as slots, the lowest address at the bottom as stacks are drawn. */
export function WordsBox({ box, seen }: { readonly box: Box; readonly seen: SeenView }) {
  const { name, title, address, words } = seen;
  const slots = words.map((word, index) => ({ ...word, at: address + BigInt(index * 8) })).reverse();
  const lit = (part: string): boolean => box.lit.has(`${name}.${part}`);
  if (slots.length === 0) {
    return (
      <div className={cx(styles.box, box.written && styles.target)} data-box>
        <span className={styles.name}>{title}</span>
        <b className={cx(styles.value, box.written && styles.written)} data-end={name}>
          {hex(address)}
        </b>
      </div>
    );
  }
  return (
    <div className={styles.box} data-box>
      <span className={styles.name}>{title}</span>
      <table className={cx(styles.slots, box.lit.has(name) && styles.litAll)} aria-label={title} data-end={name}>
        <tbody>
          {slots.map((slot) => (
            <tr
              key={`${slot.at}`}
              className={cx(lit(slot.name) && (box.written ? styles.filled : styles.litRow))}
              title={`at ${hex(slot.at, 16)}`}
              data-end={`${name}.${slot.name}`}
            >
              <th scope="row">{slot.name}</th>
              <td>{hex(slot.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <small className={styles.address}>
        {slots.length > 1 ? 'from ' : 'at '}
        {hex(address)}
      </small>
    </div>
  );
}
