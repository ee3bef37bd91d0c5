import { cx } from '../../components/cx.ts';
import { bitsOf } from '../../../registers/extract.ts';
import { hex } from '../../format/hex.ts';
import { type NamedPart, partDigits } from '../../format/namedValue.ts';
import styles from './SourceWord.module.css';

/** What is not a register but a place in memory. */
const places: Readonly<Record<string, string>> = {
  stack: 'the stack',
  gdtr: 'the GDT',
  idtr: 'the IDT',
  tr: 'the TSS',
};

/** A register as four 16-bit words with the one that is read lit; a narrower register, or all of it, as one box. */
export function SourceWord({ part }: { readonly part: NamedPart }) {
  const { name, whole, high, low, bits } = part;
  if (whole === null) {
    return (
      <div className={styles.source}>
        <span className={cx(styles.box, styles.lit)}>{places[name] ?? name}</span>
      </div>
    );
  }
  const partial = bits === 64 && high - low < 63;
  return (
    <div className={styles.source}>
      <small>
        {/^[a-z]/.test(name) ? name.toUpperCase() : name}
        {partial && ` [${high}:${low}]`}
      </small>
      <div className={styles.word}>
        {partial ? (
          [48, 32, 16, 0].map((at) => (
            <span key={at} className={cx(styles.box, at <= high && at + 15 >= low && styles.lit)}>
              {hex(bitsOf(whole, at + 15, at), 4)}
            </span>
          ))
        ) : (
          <span className={cx(styles.box, styles.lit)}>{hex(whole, bits === 64 ? 1 : partDigits(part))}</span>
        )}
      </div>
    </div>
  );
}
