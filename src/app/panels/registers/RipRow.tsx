import type { MachineView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { Editable } from '../../components/Editable.tsx';
import { useLit } from '../../components/useLit.ts';
import { Value } from '../../components/Value.tsx';
import { StateScope } from '../history/StateScope.tsx';
import styles from './WideRow.module.css';

interface RipRowProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

/** RIP with the symbol it points into. */
export function RipRow({ view, baseline }: RipRowProps) {
  const { rip } = view.registers;
  const before = baseline?.registers.rip;
  const changed = before !== undefined && before !== rip;
  const lit = useLit('rip');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this names a shown value
    <div role="group" aria-label="RIP" className={cx(styles.row, changed && styles.changed)} {...lit}>
      <span className={styles.name}>RIP</span>
      <StateScope name="RIP" target={{ kind: 'register', name: 'rip' }} value={rip}>
        <Editable>
          <Value value={rip} before={before} />
        </Editable>
      </StateScope>
      <span className={styles.aside}>{view.symbols['rip'] ?? ''}</span>
    </div>
  );
}
