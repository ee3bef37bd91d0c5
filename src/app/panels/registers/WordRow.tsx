import type { RegisterDescription } from '../../../registers/field.ts';
import { BitRow } from '../../components/BitRow.tsx';
import { Editable } from '../../components/Editable.tsx';
import { Value } from '../../components/Value.tsx';
import { StateScope } from '../history/StateScope.tsx';
import styles from './FlagsRow.module.css';

interface WordRowProps {
  readonly description: RegisterDescription;
  readonly value: bigint;
  readonly before: bigint | undefined;
}

/** A control or status word by bit, and as a whole. */
export function WordRow({ description, value, before }: WordRowProps) {
  const { name, bits, fields } = description;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div role="group" aria-label={name} className={styles.row}>
      <span className={styles.name}>{name}</span>
      <StateScope name={name} target={{ kind: 'register', name: name.toLowerCase() }} value={value} bits={bits}>
        <BitRow label={`${name} bits`} fields={fields} value={value} before={before} />
        <span className={styles.value}>
          <Editable>
            <Value value={value} before={before} digits={4} />
          </Editable>
        </span>
      </StateScope>
    </div>
  );
}
