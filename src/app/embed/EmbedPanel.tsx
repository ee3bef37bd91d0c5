import type { ReactNode } from 'react';
import { Panel, PanelBody } from '../components/Panel.tsx';
import { EditorPanel } from '../panels/editor/EditorPanel.tsx';
import { HappeningPanel } from '../panels/happening/HappeningPanel.tsx';
import { PagingTab } from '../panels/paging/PagingTab.tsx';
import { RegistersPanel } from '../panels/registers/RegistersPanel.tsx';
import { StackTab } from '../panels/stack/StackTab.tsx';
import { CodeTab } from '../panels/system/CodeTab.tsx';
import { DescriptorsTab } from '../panels/system/DescriptorsTab.tsx';
import { MemoryTab } from '../panels/system/MemoryTab.tsx';
import { MsrsTab } from '../panels/system/MsrsTab.tsx';
import { TerminalPanel } from '../panels/terminal/TerminalPanel.tsx';
import type { PanelName } from '../store/panelNames.ts';

interface EmbedPanelProps {
  readonly name: Exclude<PanelName, 'timeline'>;
  /** No room for the large editor. */
  readonly plain: boolean;
}

/** One panel of the page; what is a tab there stands alone here. */
export function EmbedPanel({ name, plain }: EmbedPanelProps): ReactNode {
  switch (name) {
    case 'editor':
      return <EditorPanel plain={plain} />;
    case 'terminal':
      return <TerminalPanel />;
    case 'happening':
      return <HappeningPanel />;
    case 'registers':
      return <RegistersPanel />;
    default:
      return <TabAlone {...tabs[name]} />;
  }
}

const tabs = {
  descriptors: { title: 'Descriptors', content: <DescriptorsTab /> },
  msrs: { title: 'MSRs', content: <MsrsTab /> },
  paging: { title: 'Paging', content: <PagingTab /> },
  code: { title: 'Code', content: <CodeTab /> },
  stack: { title: 'Stack', content: <StackTab /> },
  memory: { title: 'Memory', content: <MemoryTab /> },
} as const;

function TabAlone({ title, content }: { readonly title: string; readonly content: ReactNode }) {
  return (
    <Panel label={title} title={title}>
      <PanelBody label={title}>{content}</PanelBody>
    </Panel>
  );
}
