import type { MachineView } from '../../../worker/protocol.ts';
import { lazyPart } from '../../components/lazyPart.tsx';
import { TabbedPanel } from '../../components/TabbedPanel.tsx';
import { useMachine } from '../../store/machine.ts';
import { RegistersTab } from './RegistersTab.tsx';

const ControlTab = lazyPart(async () => (await import('./ControlTab.tsx')).ControlTab);
const VectorTab = lazyPart(async () => (await import('./VectorTab.tsx')).VectorTab);
const X87Tab = lazyPart(async () => (await import('./X87Tab.tsx')).X87Tab);

/** What the marks compare with. */
function sinceWhen(view: MachineView, baseline: MachineView | null, running: boolean): string {
  if (running) return 'as of the last stop';
  if (baseline === null) return 'after reset';
  const { microcode } = view;
  return microcode !== null && microcode.position > 0 ? `changed by ${microcode.name}` : 'changed since the last stop';
}

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
      aside={sinceWhen(view, baseline, running)}
      tabs={[
        { id: 'registers', title: 'Registers', content: <RegistersTab view={view} baseline={baseline} /> },
        { id: 'control', title: 'Control', content: <ControlTab view={view} baseline={baseline} /> },
        { id: 'vector', title: 'Vector', content: <VectorTab view={view} baseline={baseline} /> },
        { id: 'x87', title: 'x87', content: <X87Tab view={view} baseline={baseline} /> },
      ]}
    />
  );
}
