import { cx } from '../../components/cx.ts';
import { Editable } from '../../components/Editable.tsx';
import { type LaneKind, lanesOf } from '../../format/lanes.ts';
import { LaneScope } from './LaneScope.tsx';
import { LaneValue } from './LaneValue.tsx';
import styles from './VectorTab.module.css';

interface XmmRowProps {
  readonly number: number;
  readonly kind: LaneKind;
  readonly value: bigint;
  readonly before: bigint | undefined;
}

/** An XMM register in lanes, the highest first as numbers are written. */
export function XmmRow({ number, kind, value, before }: XmmRowProps) {
  const register = `xmm${number}`;
  const was = before === undefined ? undefined : lanesOf(before, kind.bits);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div
      role="group"
      aria-label={register.toUpperCase()}
      className={cx(styles.row, before !== undefined && before !== value && styles.changed)}
    >
      <span className={styles.name}>{register.toUpperCase()}</span>
      <span className={styles.lanes} data-lanes={kind.id}>
        {lanesOf(value, kind.bits)
          .map((lane, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
            <LaneScope key={n} register={register} whole={value} kind={kind} lane={n} value={lane}>
              <Editable className={styles.lane ?? ''}>
                <LaneValue kind={kind} value={lane} before={was?.[n]} />
              </Editable>
            </LaneScope>
          ))
          .reverse()}
      </span>
    </div>
  );
}
