import { TabbedPanel } from '../components/TabbedPanel.tsx';
import { useSettings } from '../store/settings.ts';
import { sidePanels } from './sidePanels.tsx';

/** The system's state beside the register file. */
export function SidePanel() {
  const selected = useSettings((state) => state.sideTab);
  return (
    <TabbedPanel
      label="System"
      selected={selected}
      onSelect={(sideTab) => useSettings.setState({ sideTab })}
      tabs={sidePanels.map(({ id, title, Content }) => ({ id, title, content: <Content /> }))}
    />
  );
}
