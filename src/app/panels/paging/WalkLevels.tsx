import { ArrowDown } from 'lucide-react';
import { Toolbar } from '../../components/Toolbar.tsx';
import type { WalkLevel } from '../../../worker/protocol.ts';
import { bitsOf } from '../../../registers/extract.ts';
import type { Field } from '../../../registers/field.ts';
import { pageEntryDescription } from '../../../registers/pageEntry.ts';
import { cx } from '../../components/cx.ts';
import { FieldTip } from '../../components/FieldTip.tsx';
import { hex } from '../../format/hex.ts';
import { levelOf } from '../../format/walk.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './WalkLevels.module.css';

interface WalkLevelsProps {
  readonly levels: readonly WalkLevel[];
  /** Places in `levels` that refuse the access being explained, and by which bit. */
  readonly guilty: readonly number[];
  readonly bit: string | null | undefined;
}

const shown = ['P', 'R/W', 'U/S', 'XD', 'A', 'D', 'PS', 'G'] as const;

/** The entries of a walk from the top down, each with the bits that decide. */
export function WalkLevels({ levels, guilty, bit }: WalkLevelsProps) {
  return (
    <ol className={styles.levels} aria-label="Page walk">
      {levels.map((level, place) => (
        <Level key={level.name} level={level} refuses={guilty.includes(place) ? bit : null} />
      ))}
    </ol>
  );
}

function Level({ level, refuses }: { readonly level: WalkLevel; readonly refuses: string | null | undefined }) {
  const { name, index, at, entry } = level;
  const { title, fields } = pageEntryDescription(levelOf(name), entry);
  const address = fields.find((field) => field.name === 'Address');
  // SMEP and SMAP look at U/S.
  const guiltyBit = refuses?.startsWith('CR4.') ? 'U/S' : refuses;
  const present = (entry & 1n) === 1n;
  const fieldNamed = (wanted: string): Field | undefined => fields.find((field) => field.name === wanted);
  return (
    <li className={cx(styles.level, refuses != null && styles.refuses)}>
      <div className={styles.head}>
        <b>
          {name}[{index}]
        </b>
        at {hex(at)}
        <code>{hex(entry, 16)}</code>
      </div>
      <p className={styles.title}>{title}</p>
      <StateScope name={`${name}[${index}]`} target={{ kind: 'physical', address: at, bytes: 8 }} value={entry}>
        <Toolbar aria-label={`Bits of ${name}[${index}]`} className={styles.bits ?? ''}>
          {shown.map((wanted) => {
            const field = fieldNamed(wanted);
            return field === undefined ? null : (
              <Bit key={wanted} field={field} entry={entry} bad={guiltyBit === wanted} />
            );
          })}
        </Toolbar>
      </StateScope>
      {present && address !== undefined && (
        <p className={styles.next}>
          <ArrowDown size={13} aria-hidden /> {hex(bitsOf(entry, address.high, address.low) << BigInt(address.low))}
        </p>
      )}
    </li>
  );
}

function Bit({ field, entry, bad }: { readonly field: Field; readonly entry: bigint; readonly bad: boolean }) {
  const value = bitsOf(entry, field.high, field.low);
  return (
    <FieldTip field={field} value={value} className={cx(styles.bit, value === 0n && styles.off, bad && styles.bad)}>
      <small>{field.name}</small>
      <b>{hex(value)}</b>
      {bad && <span className="visually-hidden"> refuses the access</span>}
    </FieldTip>
  );
}
