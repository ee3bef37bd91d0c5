import { Toolbar } from '../../components/Toolbar.tsx';
import type { Field } from '../../../registers/field.ts';
import { cr0, cr4 } from '../../../registers/cr.ts';
import { efer } from '../../../registers/efer.ts';
import { rflags } from '../../../registers/rflags.ts';
import type { WalkMode } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { FieldTip } from '../../components/FieldTip.tsx';
import styles from './PageWalk.module.css';

const bits: readonly (readonly [keyof WalkMode, string, readonly Field[], string])[] = [
  ['wp', 'CR0', cr0.fields, 'WP'],
  ['smep', 'CR4', cr4.fields, 'SMEP'],
  ['smap', 'CR4', cr4.fields, 'SMAP'],
  ['nxe', 'EFER', efer.fields, 'NXE'],
  ['ac', 'RFLAGS', rflags.fields, 'AC'],
];

/** The bits outside the page tables that take part in the decision. */
export function ModeBits({ mode }: { readonly mode: WalkMode }) {
  return (
    <Toolbar aria-label="Bits that decide beside the entries" className={styles.mode ?? ''}>
      {bits.map(([key, register, fields, name]) => {
        const field = fields.find((candidate) => candidate.name === name);
        return field === undefined ? null : (
          <FieldTip
            key={key}
            field={field}
            value={mode[key] ? 1n : 0n}
            className={cx(styles.modeBit, mode[key] && styles.modeOn)}
          >
            {register}.{name} {mode[key] ? 1 : 0}
          </FieldTip>
        );
      })}
    </Toolbar>
  );
}
