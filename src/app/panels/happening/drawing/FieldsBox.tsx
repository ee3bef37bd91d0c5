import type { SeenView } from '../../../../worker/protocol.ts';
import { decodeDescriptor } from '../../../../registers/decodeDescriptor.ts';
import { bitsOf } from '../../../../registers/extract.ts';
import { cx } from '../../../components/cx.ts';
import { FieldTip } from '../../../components/FieldTip.tsx';
import type { Explained } from '../../../components/FieldText.tsx';
import type { Box } from '../../../format/drawing.ts';
import { hex } from '../../../format/hex.ts';
import { entryDescription } from '../../../format/walk.ts';
import styles from './Drawing.module.css';

interface Part {
  readonly field: Explained;
  readonly value: bigint;
}

const half = (word: bigint, shift: bigint): number => Number((word >> shift) & 0xffffffffn);

/** Title and fields, the highest bits first; those that the mode does not look at are left out. */
function read({ form, name, words, entry }: SeenView): { type: string; parts: readonly Part[] } {
  const first = words[0]?.value ?? 0n;
  if (form === 'page entry') {
    const { title, fields } = entryDescription(name, first, entry?.paging ?? '4-level', entry?.leaf ?? false);
    const parts = fields.filter(({ reserved }) => reserved === undefined);
    return {
      type: title,
      parts: parts.map((field) => ({ field, value: bitsOf(first, field.high, field.low) })).reverse(),
    };
  }
  const second = words[1]?.value;
  const { type, fields } = decodeDescriptor(half(first, 0n), half(first, 32n), {
    inIdt: form === 'idt gate',
    // A gate of one word is one of 16 or 32 bits.
    longMode: form !== 'idt gate' || second !== undefined,
    ...(second !== undefined && { nextLow: half(second, 0n), nextHigh: half(second, 32n) }),
  });
  const looked = fields.filter(({ reserved, ignored }) => reserved === undefined && ignored === null);
  return { type, parts: looked.map((field) => ({ field, value: field.value })).reverse() };
}

/** A descriptor, gate or page-table entry as a strip of its fields, those that the step is about lit. */
export function FieldsBox({
  box,
  seen,
  guilty,
}: {
  readonly box: Pick<Box, 'lit'>;
  readonly seen: SeenView;
  /** Names of the parts that made a check fail. */
  readonly guilty: ReadonlySet<string>;
}) {
  const { type, parts } = read(seen);
  const { name, title, address, words, form } = seen;
  return (
    <div className={cx(styles.box, styles.wide)} data-end={name} data-box title={`at ${hex(address)}`}>
      <span className={styles.name}>
        {form === 'page entry' ? title : `${title}, ${type}`}{' '}
        <code>
          {words
            .toReversed()
            .map(({ value }) => hex(value, seen.entry?.paging === '32-bit' ? 8 : 16))
            .join(' ')}
        </code>
      </span>
      <span className={styles.chips}>
        {parts.map(({ field, value }) => {
          const end = `${name}.${field.name}`;
          const lit = box.lit.has(end);
          return (
            <FieldTip
              key={field.name}
              field={field}
              value={value}
              className={cx(
                styles.chip,
                value === 0n && styles.zero,
                lit && (guilty.has(end) ? styles.guilty : styles.lit),
              )}
            >
              <span data-end={end}>
                {field.name} {hex(value)}
              </span>
            </FieldTip>
          );
        })}
      </span>
    </div>
  );
}
