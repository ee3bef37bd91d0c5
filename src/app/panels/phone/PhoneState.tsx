import { TabbedPanel } from '../../components/TabbedPanel.tsx';
import { useMachine } from '../../store/machine.ts';
import { HappeningPanel } from '../happening/HappeningPanel.tsx';
import { ControlTab } from '../registers/ControlTab.tsx';
import { RegistersTab } from '../registers/RegistersTab.tsx';
import { VectorTab } from '../registers/VectorTab.tsx';
import { X87Tab } from '../registers/X87Tab.tsx';
import { DescriptorsTab } from '../system/DescriptorsTab.tsx';
import { MsrsTab } from '../system/MsrsTab.tsx';
import styles from './PhoneState.module.css';

/** What is happening, over the machine's registers. */
export function PhoneState() {
  const view = useMachine((state) => state.view);
  const baseline = useMachine((state) => state.baseline);
  return (
    <div className={styles.state}>
      <HappeningPanel />
      {view !== null && (
        <TabbedPanel
          label="Registers"
          tabs={[
            { id: 'registers', title: 'Registers', content: <RegistersTab view={view} baseline={baseline} /> },
            { id: 'msrs', title: 'MSRs', content: <MsrsTab /> },
            { id: 'gdt', title: 'GDT', content: <DescriptorsTab /> },
            { id: 'control', title: 'Control', content: <ControlTab view={view} baseline={baseline} /> },
            { id: 'vector', title: 'Vector', content: <VectorTab view={view} baseline={baseline} /> },
            { id: 'x87', title: 'x87', content: <X87Tab view={view} baseline={baseline} /> },
          ]}
        />
      )}
    </div>
  );
}
