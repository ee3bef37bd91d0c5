import { cx } from '../../components/cx.ts';
import { Editable } from '../../components/Editable.tsx';
import { useLit } from '../../components/useLit.ts';
import { Value } from '../../components/Value.tsx';
import { StateScope } from '../history/StateScope.tsx';
import styles from './RegisterRow.module.css';

interface RegisterRowProps {
  readonly name: string;
  readonly value: bigint;
  readonly before?: bigint | undefined;
  /** The instruction being watched leaves it alone, which is worth seeing. */
  readonly kept?: boolean;
  readonly symbol?: string | undefined;
}

/** One register: name, value, whether and from what it changed. */
export function RegisterRow({ name, value, before, kept = false, symbol }: RegisterRowProps) {
  const changed = before !== undefined && before !== value;
  const lit = useLit(name.toLowerCase());
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div
      role="group"
      aria-label={name}
      className={cx(styles.row, changed && styles.changed, kept && !changed && styles.kept)}
      title={symbol}
      {...lit}
    >
      <span className={styles.name}>{name}</span>
      <StateScope name={name} target={{ kind: 'register', name: name.toLowerCase() }} value={value}>
        <Editable>
          <Value value={value} before={before} />
        </Editable>
      </StateScope>
      {kept && !changed && <span className="visually-hidden">unchanged</span>}
    </div>
  );
}
