import { hex, splitDigits } from '../format/hex.ts';
import styles from './Value.module.css';

interface ValueProps {
  readonly value: bigint;
  /** Value at the baseline; absent when there is nothing to compare with. */
  readonly before?: bigint | undefined;
  /** Hexadecimal digits shown. */
  readonly digits?: number;
  /** Shows "was …" beside the value instead of only in its title. */
  readonly sayWas?: boolean;
}

/** A number in hexadecimal whose changed digits stand out; says what it was. */
export function Value({ value, before, digits = 16, sayWas = false }: ValueProps) {
  const changed = before !== undefined && before !== value;
  const [quiet, loud] =
    digits <= 4 && !changed
      ? ['', hex(value, digits)]
      : splitDigits(hex(value, digits), changed ? hex(before, digits) : null);
  const was = changed ? `was 0x${hex(before)}` : null;
  return (
    <data
      className={styles.value}
      value={`0x${hex(value)}`}
      data-changed={changed || undefined}
      title={was ?? undefined}
    >
      <span>{quiet}</span>
      <b className={changed ? styles.changed : value === 0n ? styles.zero : styles.loud}>{loud}</b>
      {was !== null && <span className={sayWas ? styles.was : 'visually-hidden'}> {was}</span>}
    </data>
  );
}
