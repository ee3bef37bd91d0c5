import { Toolbar } from './Toolbar.tsx';
import type { Field } from '../../registers/field.ts';
import { bitsOf } from '../../registers/extract.ts';
import { hex } from '../format/hex.ts';
import styles from './BitRow.module.css';
import { cx } from './cx.ts';
import { FieldTip } from './FieldTip.tsx';

interface BitRowProps {
  /** Accessible name: "RFLAGS bits". */
  readonly label: string;
  /** From bit 0 upwards, as described; shown from the highest down. */
  readonly fields: readonly Field[];
  readonly value: bigint;
  readonly before?: bigint | undefined;
  /** Leaves out bits that are 0, for registers with many rarely used bits. */
  readonly onlySet?: boolean;
  /** The register's name among the parts that micro-steps light: "rflags". */
  readonly part?: string;
}

/** The named bits of a register: set ones stand out by weight and border, changed ones by the changed colour and a mark. */
export function BitRow({ label, fields, value, before, onlySet = false, part }: BitRowProps) {
  const shown = fields.filter(
    ({ high, low, reserved }) =>
      reserved === undefined &&
      (!onlySet ||
        bitsOf(value, high, low) !== 0n ||
        (before !== undefined && bitsOf(before, high, low) !== bitsOf(value, high, low))),
  );
  return (
    <Toolbar aria-label={label} className={styles.row ?? ''}>
      {shown.toReversed().map((field) => {
        const now = bitsOf(value, field.high, field.low);
        const was = before === undefined ? now : bitsOf(before, field.high, field.low);
        const wide = field.high > field.low;
        return (
          <FieldTip
            key={field.name}
            field={field}
            value={now}
            part={part === undefined ? undefined : `${part}.${field.name}`}
            className={cx(styles.bit, now !== 0n && styles.on, was !== now && styles.changed)}
          >
            {field.name}
            {wide && ` ${hex(now)}`}
          </FieldTip>
        );
      })}
    </Toolbar>
  );
}
