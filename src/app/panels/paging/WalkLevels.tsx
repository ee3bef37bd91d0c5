import { ArrowDown } from 'lucide-react';
import { Toolbar } from '../../components/Toolbar.tsx';
import type { WalkLevel, WalkView } from '../../../worker/protocol.ts';
import { bitsOf, extractJoined, type JoinedField } from '../../../registers/extract.ts';
import type { Field } from '../../../registers/field.ts';
import { bitRange } from '../../components/bitRange.ts';
import { cx } from '../../components/cx.ts';
import { FieldTip } from '../../components/FieldTip.tsx';
import { hex } from '../../format/hex.ts';
import { withJoined } from '../../format/joined.ts';
import { entryDescription } from '../../format/walk.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './WalkLevels.module.css';

type Paging = Exclude<WalkView['paging'], 'off'>;

interface WalkLevelsProps {
  readonly paging: Paging;
  readonly levels: readonly WalkLevel[];
  /** Places in `levels` that refuse the access being explained, and by which bit. */
  readonly guilty: readonly number[];
  readonly bit: string | null | undefined;
}

/** What decides, then the rest. */
const shown = ['P', 'R/W', 'U/S', 'XD', 'A', 'D', 'PS', 'G', 'PWT', 'PCD', 'PAT', 'PK'] as const;

/** The entries of a walk from the top down, each with the bits that decide. */
export function WalkLevels({ paging, levels, guilty, bit }: WalkLevelsProps) {
  return (
    <ol className={styles.levels} aria-label="Page walk">
      {levels.map((level, place) => (
        <Level
          key={level.name}
          paging={paging}
          level={level}
          leaf={place === levels.length - 1}
          refuses={guilty.includes(place) ? bit : null}
        />
      ))}
    </ol>
  );
}

interface LevelProps {
  readonly paging: Paging;
  readonly level: WalkLevel;
  /** The walk ends at it. */
  readonly leaf: boolean;
  readonly refuses: string | null | undefined;
}

function Level({ paging, level, leaf, refuses }: LevelProps) {
  const { name, index, at, entry, target, hasRights } = level;
  const digits = paging === '32-bit' ? 8 : 16;
  const description = entryDescription(name, entry, paging, leaf);
  const { title, fields } = description;
  // The address of a 4 MiB page stands in two places.
  const address = extractJoined(description, entry).find((field) => field.name === 'Address');
  const leads = address === undefined ? 0n : address.value << BigInt(shiftOf(address));
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
        <code>{hex(entry, digits)}</code>
      </div>
      <p className={styles.title}>
        {title}
        {!hasRights && ', as the processor loaded it with CR3'}
      </p>
      <StateScope name={`${name}[${index}]`} target={target} value={entry} bits={digits * 4}>
        <Toolbar aria-label={`Bits of ${name}[${index}]`} className={styles.bits ?? ''}>
          {shown.map((wanted) => {
            const field = fieldNamed(wanted);
            return field === undefined ? null : (
              <Bit key={wanted} field={field} entry={entry} bad={guiltyBit === wanted} />
            );
          })}
          {present && address !== undefined && (
            <FieldTip
              field={{ ...address, bits: address.bits + shiftOf(address) }}
              place={address.fragments.map(({ high, low }) => bitRange(high, low)).join(' and ')}
              value={leads}
              put={(whole, changed) => withJoined(address, whole, changed >> BigInt(shiftOf(address)))}
              className={styles.next}
            >
              <ArrowDown size={13} aria-hidden /> {hex(leads)}
            </FieldTip>
          )}
        </Toolbar>
      </StateScope>
    </li>
  );
}

/** Bits of a physical address that stand below the field, and are 0. One in several places says where its parts belong. */
const shiftOf = ({ fragments }: JoinedField): number => (fragments.length === 1 ? (fragments[0]?.low ?? 0) : 0);

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
