import { TabbedPanel } from '../components/TabbedPanel.tsx';
import { PagingTab } from '../panels/paging/PagingTab.tsx';
import { CodeTab } from '../panels/system/CodeTab.tsx';
import { DescriptorsTab } from '../panels/system/DescriptorsTab.tsx';
import { MemoryTab } from '../panels/system/MemoryTab.tsx';
import { MsrsTab } from '../panels/system/MsrsTab.tsx';
import { StackTab } from '../panels/stack/StackTab.tsx';
import { useSettings } from '../store/settings.ts';

/** The system's state beside the register file. */
export function SidePanel() {
  const selected = useSettings((state) => state.sideTab);
  return (
    <TabbedPanel
      label="System"
      selected={selected}
      onSelect={(sideTab) => useSettings.setState({ sideTab })}
      tabs={[
        { id: 'descriptors', title: 'Descriptors', content: <DescriptorsTab /> },
        { id: 'msrs', title: 'MSRs', content: <MsrsTab /> },
        { id: 'paging', title: 'Paging', content: <PagingTab /> },
        { id: 'code', title: 'Code', content: <CodeTab /> },
        { id: 'stack', title: 'Stack', content: <StackTab /> },
        { id: 'memory', title: 'Memory', content: <MemoryTab /> },
      ]}
    />
  );
}
