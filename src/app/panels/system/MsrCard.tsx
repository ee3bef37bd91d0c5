import type { ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import type { RegisterDescription } from '../../../registers/field.ts';
import { cx } from '../../components/cx.ts';
import { Editable } from '../../components/Editable.tsx';
import { Tip } from '../../components/Tip.tsx';
import { useLit } from '../../components/useLit.ts';
import tip from '../../components/Tip.module.css';
import { hexGroups } from '../../format/hex.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './MsrCard.module.css';

interface MsrCardProps {
  readonly description: RegisterDescription;
  readonly value: bigint;
  readonly before: bigint | undefined;
  readonly digits?: number;
  /** What the value means here: the symbol an address points to. */
  readonly note?: string | undefined;
  readonly slim?: boolean;
  /** Ranges of its bits are shown apart, and lit instead of all of it. */
  readonly inParts?: boolean;
  readonly children?: ReactNode;
}

/** One MSR: name, number, value, and its fields below. */
export function MsrCard({
  description,
  value,
  before,
  digits = 16,
  note,
  slim = false,
  inParts = false,
  children,
}: MsrCardProps) {
  const { name, address = 0, title, manual, fields } = description;
  const changed = before !== undefined && before !== value;
  const lit = useLit(inParts ? undefined : name);
  const only = fields.length === 1 ? fields[0] : undefined;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div
      role="group"
      aria-label={name}
      className={cx(styles.card, slim && styles.slim, changed && styles.changed)}
      {...lit}
    >
      <div className={styles.head}>
        <Tip
          tip={
            <div>
              <h4>
                <code>{name}</code>
                {title}
              </h4>
              {only !== undefined && <p>{only.meaning}</p>}
              <p>
                <small>{manual}</small>
              </p>
            </div>
          }
        >
          <Button className={cx(tip.anchor, styles.name)}>{name}</Button>
        </Tip>
        <small>{hexGroups(address, 8).toUpperCase().replace(' ', '_')}</small>
        <StateScope name={name} target={{ kind: 'msr', name }} value={value}>
          <Editable className={styles.value ?? ''}>
            <data value={`0x${value.toString(16)}`} data-changed={changed || undefined}>
              {hexGroups(value, digits)}
            </data>
          </Editable>
        </StateScope>
      </div>
      {changed && <p className={styles.note}>was {hexGroups(before, digits)}</p>}
      {note !== undefined && <p className={styles.note}>{note}</p>}
      {children !== undefined && (
        <div className={styles.fields}>
          <StateScope name={name} target={{ kind: 'msr', name }} value={value}>
            {children}
          </StateScope>
        </div>
      )}
    </div>
  );
}
