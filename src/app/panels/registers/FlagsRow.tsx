import type { MachineView } from '../../../worker/protocol.ts';
import { rflags } from '../../../registers/rflags.ts';
import { BitRow } from '../../components/BitRow.tsx';
import { Editable } from '../../components/Editable.tsx';
import { useLit } from '../../components/useLit.ts';
import { Value } from '../../components/Value.tsx';
import { StateScope } from '../history/StateScope.tsx';
import styles from './FlagsRow.module.css';

/** Shown bits: those of 64-bit mode, without virtual-8086 leftovers. */
const fields = rflags.fields.filter(({ name }) => !['VM', 'VIF', 'VIP'].includes(name));

interface FlagsRowProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

export function FlagsRow({ view, baseline }: FlagsRowProps) {
  const now = view.registers.rflags;
  const before = baseline?.registers.rflags;
  const lit = useLit('rflags');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div role="group" aria-label="RFLAGS" className={styles.row} {...lit}>
      <span className={styles.name}>RFLAGS</span>
      <StateScope name="RFLAGS" target={{ kind: 'register', name: 'rflags' }} value={now} bits={32}>
        <BitRow label="RFLAGS bits" fields={fields} value={now} before={before} part="rflags" />
        <span className={styles.value}>
          <Editable>
            <Value value={now} before={before} digits={6} />
          </Editable>
        </span>
      </StateScope>
    </div>
  );
}
