import type { ReactNode } from 'react';
import { Panel, PanelBody } from '../components/Panel.tsx';
import { sidePanels } from '../layout/sidePanels.tsx';
import { EditorPanel } from '../panels/editor/EditorPanel.tsx';
import { HappeningPanel } from '../panels/happening/HappeningPanel.tsx';
import { RegistersPanel } from '../panels/registers/RegistersPanel.tsx';
import { TerminalPanel } from '../panels/terminal/TerminalPanel.tsx';
import type { PanelName } from '../store/panelNames.ts';
import type { SideTab } from '../store/settings.ts';

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
      return <TabAlone name={name} />;
  }
}

function TabAlone({ name }: { readonly name: SideTab }) {
  const panel = sidePanels.find(({ id }) => id === name);
  if (panel === undefined) return null;
  const { title, Content } = panel;
  return (
    <Panel label={title} title={title}>
      <PanelBody label={title}>
        <Content />
      </PanelBody>
    </Panel>
  );
}
