import type { MachineView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { Editable } from '../../components/Editable.tsx';
import { Value } from '../../components/Value.tsx';
import { StateScope } from '../history/StateScope.tsx';
import styles from './X87Tab.module.css';

type StackRegister = MachineView['registers']['float']['st'][number];

interface StackRowProps {
  readonly number: number;
  /** Of the physical register that it is now. */
  readonly physical: number;
  readonly register: StackRegister;
  readonly before: StackRegister | undefined;
}

/** Normal numbers and zeros speak for themselves. */
const QUIET = ['normal', 'zero'];

/** One x87 register: where it is, its tag, what it means, its bits. */
export function StackRow({ number, physical, register, before }: StackRowProps) {
  const { bits, tag, kind, text } = register;
  const name = `ST${number}`;
  const changed = before !== undefined && (before.bits !== bits || before.tag !== tag);
  const empty = tag === 'empty';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div role="group" aria-label={name} className={cx(styles.row, changed && styles.changed)}>
      <span className={styles.name}>{name}</span>
      <span className={styles.place} title={`Physical register R${physical}, whose low 64 bits are MM${physical}`}>
        R{physical}
      </span>
      <span className={cx(styles.tag, before !== undefined && before.tag !== tag && styles.tagChanged)}>{tag}</span>
      {!empty && (
        <span className={styles.meaning} title={text}>
          {!QUIET.includes(kind) && <small>{kind}</small>} {text}
        </span>
      )}
      <span className={styles.bits}>
        <StateScope name={name} target={{ kind: 'register', name: name.toLowerCase() }} value={bits} bits={80}>
          <Editable>
            <Value value={bits} before={before?.bits} digits={20} />
          </Editable>
        </StateScope>
      </span>
    </div>
  );
}
