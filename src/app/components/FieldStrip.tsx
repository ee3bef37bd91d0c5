import { Toolbar } from './Toolbar.tsx';
import { bitsOf } from '../../registers/extract.ts';
import type { Field } from '../../registers/field.ts';
import { hexGroups } from '../format/hex.ts';
import { cx } from './cx.ts';
import styles from './FieldStrip.module.css';
import { FieldTip } from './FieldTip.tsx';

interface FieldStripProps {
  readonly label: string;
  /** From bit 0 upwards; drawn from the highest down, each about as wide as it has bits. */
  readonly fields: readonly Field[];
  readonly value: bigint;
  readonly lit?: (field: Field) => boolean;
  /** The register's name among the parts that micro-steps light: "IA32_STAR". */
  readonly part?: string;
}

/** A register's wide fields side by side, as the manuals draw them. */
export function FieldStrip({ label, fields, value, lit, part }: FieldStripProps) {
  return (
    <Toolbar aria-label={label} className={styles.strip ?? ''} data-wired-below>
      {fields.toReversed().map((field) => {
        const { name, high, low, reserved } = field;
        const now = bitsOf(value, high, low);
        return (
          <FieldTip
            key={name}
            field={field}
            value={now}
            part={part === undefined ? undefined : `${part}[${high}:${low}]`}
            label={null}
            className={cx(styles.field, lit?.(field) && styles.lit, reserved === 'ignored' && styles.dim)}
          >
            <b>{hexGroups(now, Math.ceil((high - low + 1) / 4))}</b>
            <small>
              {high}:{low} {reserved === 'ignored' ? 'not used' : name.replace(/ CS$/, '')}
            </small>
          </FieldTip>
        );
      })}
    </Toolbar>
  );
}
