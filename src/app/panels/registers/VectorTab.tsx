import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { mxcsr } from '../../../registers/floatingPoint.ts';
import type { MachineView } from '../../../worker/protocol.ts';
import { laneKinds } from '../../format/lanes.ts';
import { useSettings } from '../../store/settings.ts';
import styles from './VectorTab.module.css';
import { WordRow } from './WordRow.tsx';
import { XmmRow } from './XmmRow.tsx';

interface VectorTabProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

/** XMM0 to XMM15 in lanes of the person's choice, and MXCSR by bit. */
export function VectorTab({ view, baseline }: VectorTabProps) {
  const lanes = useSettings((state) => state.lanes);
  const { float } = view.registers;
  const was = baseline?.registers.float;
  const kind = laneKinds.find(({ id }) => id === lanes) ?? laneKinds[0];
  if (kind === undefined) return null;
  return (
    <>
      <ToggleButtonGroup
        aria-label="XMM registers as"
        className={styles.choice ?? ''}
        disallowEmptySelection
        selectedKeys={[kind.id]}
        onSelectionChange={(keys) => {
          const chosen = laneKinds.find(({ id }) => keys.has(id));
          if (chosen !== undefined) useSettings.setState({ lanes: chosen.id });
        }}
      >
        {laneKinds.map(({ id }) => (
          <ToggleButton key={id} id={id} className={styles.toggle ?? ''}>
            {id}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <div className={styles.registers}>
        {float.xmm.map((value, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a register is its number
          <XmmRow key={number} number={number} kind={kind} value={value} before={was?.xmm[number]} />
        ))}
      </div>
      <WordRow description={mxcsr} value={float.mxcsr} before={was?.mxcsr} />
    </>
  );
}
