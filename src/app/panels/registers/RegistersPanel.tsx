import { TabbedPanel } from '../../components/TabbedPanel.tsx';
import { useMachine } from '../../store/machine.ts';
import { ControlTab } from './ControlTab.tsx';
import { RegistersTab } from './RegistersTab.tsx';

/** The register file at the last stop. */
export function RegistersPanel() {
  const view = useMachine((state) => state.view);
  const baseline = useMachine((state) => state.baseline);
  const running = useMachine((state) => state.running !== null);
  if (view === null)
    return <TabbedPanel label="Registers" tabs={[{ id: 'registers', title: 'Registers', content: null }]} />;
  return (
    <TabbedPanel
      label="Registers"
      aside={running ? 'as of the last stop' : baseline === null ? 'after reset' : 'changed since the last stop'}
      tabs={[
        { id: 'registers', title: 'Registers', content: <RegistersTab view={view} baseline={baseline} /> },
        { id: 'control', title: 'Control', content: <ControlTab view={view} baseline={baseline} /> },
      ]}
    />
  );
}
