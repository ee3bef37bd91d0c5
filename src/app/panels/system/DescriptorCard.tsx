import { Toolbar } from '../../components/Toolbar.tsx';
import type { DecodedDescriptor, DescriptorField } from '../../../registers/decodeDescriptor.ts';
import { withJoined } from '../../format/joined.ts';
import { bitRange } from '../../components/bitRange.ts';
import { cx } from '../../components/cx.ts';
import { FieldTip } from '../../components/FieldTip.tsx';
import { hex } from '../../format/hex.ts';
import { DescriptorScope } from '../history/DescriptorScope.tsx';
import styles from './DescriptorCard.module.css';
import { DescriptorStrip } from './DescriptorStrip.tsx';

interface DescriptorCardProps {
  /** The entry, with the slot behind it in bits 127:64 when it takes two. */
  readonly value: bigint;
  readonly table: 'gdt' | 'ldt';
  readonly selector: number;
  readonly descriptor: DecodedDescriptor;
}

/** One descriptor with its fields put together; fields the mode does not look at are struck and say so. */
export function DescriptorCard({ table, selector, value, descriptor }: DescriptorCardProps) {
  const { type, fields, slots, manual, incomplete } = descriptor;
  return (
    <section className={styles.card} aria-label={`Descriptor ${hex(selector, 2)}`}>
      <h3>
        <code>{hex(selector, 2)}</code> {type}
        <small>
          {table === 'ldt' && 'LDT · '}
          {slots === 2 && '16 bytes · '}
          {manual}
        </small>
      </h3>
      {incomplete && <p className={styles.note}>The second slot lies outside the table; it reads as 0 here.</p>}
      <DescriptorStrip fields={fields} value={value} slots={slots} />
      <DescriptorScope table={table} selector={selector} value={value} slots={slots}>
        <Toolbar aria-label={`Fields of descriptor ${hex(selector, 2)}`} className={styles.fields ?? ''}>
          {fields
            .filter(({ reserved }) => reserved !== 'zero')
            .map((field) => (
              <FieldTip
                key={field.name}
                field={field}
                place={placeOf(field)}
                put={(whole, part) => withJoined(field, whole, part)}
                value={field.value}
                className={cx(styles.field, field.ignored !== null && styles.ignored, field.value !== 0n && styles.set)}
              >
                {field.name} <b>{hex(field.value)}</b>
              </FieldTip>
            ))}
        </Toolbar>
      </DescriptorScope>
    </section>
  );
}

function placeOf({ fragments }: DescriptorField): string {
  const ranges = fragments.toReversed().map(({ high, low }) => bitRange(high, low));
  return ranges.length === 1 ? `${ranges[0]}` : `joined from ${ranges.join(' and ')}`;
}
