import { useState } from 'react';
import type { DescriptorField } from '../../../registers/decodeDescriptor.ts';
import { bitsOf } from '../../../registers/extract.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import { type StripPart, stripRows } from '../../format/strip.ts';
import styles from './DescriptorStrip.module.css';

interface DescriptorStripProps {
  readonly fields: readonly DescriptorField[];
  readonly value: bigint;
  readonly slots: 1 | 2;
}

/**
 * All bits of a descriptor where they stand, 32 to a row. The pieces of a split field light up together; the chips below
 * have the fields put together.
 */
export function DescriptorStrip({ fields, value, slots }: DescriptorStripProps) {
  const [pointed, setPointed] = useState<string | null>(null);
  return (
    <div className={styles.strip} aria-hidden onPointerLeave={() => setPointed(null)}>
      {stripRows(fields, slots * 64).map(({ high, low, parts }) => (
        <div key={low} className={styles.row}>
          <small>{high}</small>
          <div className={styles.bits}>
            {parts.map((part) => (
              <Part
                key={part.low}
                part={part}
                value={bitsOf(value, part.high, part.low)}
                lit={part.field !== null && part.field.name === pointed}
                onPoint={() => setPointed(part.field?.name ?? null)}
              />
            ))}
          </div>
          <small>{low}</small>
        </div>
      ))}
    </div>
  );
}

interface PartProps {
  readonly part: StripPart;
  readonly value: bigint;
  readonly lit: boolean;
  readonly onPoint: () => void;
}

function Part({ part: { high, low, field, fragment }, value, lit, onPoint }: PartProps) {
  const bits = high - low + 1;
  const name = field === null || field.reserved === 'zero' ? '' : field.name;
  const place = fragment === null ? '' : ` ${fragment[0]}:${fragment[1]}`;
  return (
    <span
      className={cx(
        styles.part,
        fragment !== null && styles.joined,
        field?.ignored != null && styles.ignored,
        name === '' && styles.unused,
        lit && styles.lit,
      )}
      style={{ flexGrow: bits }}
      title={`${high}:${low} ${name}${place}${field?.ignored == null ? '' : `: ${field.ignored}`}`}
      onPointerEnter={onPoint}
    >
      <b>{hex(value, Math.ceil(bits / 4))}</b>
      <i>
        {name}
        {bits >= 8 && place}
      </i>
    </span>
  );
}
