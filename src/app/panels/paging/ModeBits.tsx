import { Toolbar } from '../../components/Toolbar.tsx';
import type { Field } from '../../../registers/field.ts';
import { cr0, cr4 } from '../../../registers/cr.ts';
import { efer } from '../../../registers/efer.ts';
import { rflags } from '../../../registers/rflags.ts';
import type { WalkMode } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { FieldTip } from '../../components/FieldTip.tsx';
import { useMachine } from '../../store/machine.ts';
import { StateScope } from '../history/StateScope.tsx';
import styles from './PageWalk.module.css';

type Register = 'cr0' | 'cr4' | 'rflags' | 'EFER';

const bits: readonly (readonly [keyof WalkMode, Register, readonly Field[], string])[] = [
  ['wp', 'cr0', cr0.fields, 'WP'],
  ['smep', 'cr4', cr4.fields, 'SMEP'],
  ['smap', 'cr4', cr4.fields, 'SMAP'],
  ['nxe', 'EFER', efer.fields, 'NXE'],
  ['ac', 'rflags', rflags.fields, 'AC'],
];

/** The bits outside the page tables that take part in the decision. */
export function ModeBits({ mode }: { readonly mode: WalkMode }) {
  const registers = useMachine((state) => state.view?.registers);
  if (registers === undefined) return null;
  return (
    <Toolbar aria-label="Bits that decide beside the entries" className={styles.mode ?? ''}>
      {bits.map(([key, register, fields, name]) => {
        const field = fields.find((candidate) => candidate.name === name);
        const title = register.toUpperCase();
        return field === undefined ? null : (
          <StateScope
            key={key}
            name={title}
            target={register === 'EFER' ? { kind: 'msr', name: efer.name } : { kind: 'register', name: register }}
            value={register === 'EFER' ? (registers.msrs[efer.name] ?? 0n) : registers[register]}
          >
            <FieldTip
              field={field}
              value={mode[key] ? 1n : 0n}
              className={cx(styles.modeBit, mode[key] && styles.modeOn)}
            >
              {title}.{name} {mode[key] ? 1 : 0}
            </FieldTip>
          </StateScope>
        );
      })}
    </Toolbar>
  );
}
