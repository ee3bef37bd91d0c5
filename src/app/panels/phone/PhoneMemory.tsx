import { TabbedPanel } from '../../components/TabbedPanel.tsx';
import { CodeTab } from '../system/CodeTab.tsx';
import { MemoryTab } from '../system/MemoryTab.tsx';

export function PhoneMemory() {
  return (
    <TabbedPanel
      label="Memory and code"
      tabs={[
        { id: 'memory', title: 'Memory', content: <MemoryTab /> },
        { id: 'code', title: 'Disassembly', content: <CodeTab /> },
      ]}
    />
  );
}
