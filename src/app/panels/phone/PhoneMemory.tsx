import { TabbedPanel } from '../../components/TabbedPanel.tsx';
import { type SideTab, useSettings } from '../../store/settings.ts';
import { EngineTab } from '../engineView/EngineTab.tsx';
import { KernelTab } from '../kernelView/KernelTab.tsx';
import { PagingTab } from '../paging/PagingTab.tsx';
import { RingsTab } from '../rings/RingsTab.tsx';
import { StackTab } from '../stack/StackTab.tsx';
import { CodeTab } from '../system/CodeTab.tsx';
import { MemoryTab } from '../system/MemoryTab.tsx';

export function PhoneMemory() {
  const selected = useSettings((state) => state.sideTab);
  return (
    <TabbedPanel<SideTab>
      label="Memory and code"
      selected={selected}
      onSelect={(sideTab) => useSettings.setState({ sideTab })}
      tabs={[
        { id: 'memory', title: 'Memory', content: <MemoryTab /> },
        { id: 'paging', title: 'Paging', content: <PagingTab /> },
        { id: 'stack', title: 'Stack', content: <StackTab /> },
        { id: 'rings', title: 'Rings', content: <RingsTab /> },
        { id: 'kernel', title: 'Kernel', content: <KernelTab /> },
        { id: 'code', title: 'Disassembly', content: <CodeTab /> },
        { id: 'engine', title: 'Engine', content: <EngineTab /> },
      ]}
    />
  );
}
