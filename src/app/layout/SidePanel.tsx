import { MoveMenu } from '../components/MoveMenu.tsx';
import { TabbedPanel } from '../components/TabbedPanel.tsx';
import type { Place } from '../store/placing.ts';
import { type SideTab, useSettings } from '../store/settings.ts';
import { sidePanels } from './sidePanels.tsx';

interface SidePanelProps {
  /** The column it stands in; of several groups of tabs, the last is the system's. */
  readonly place: Place;
  readonly last: boolean;
  readonly tabs: readonly SideTab[];
}

/** The system's state beside the register file: the panels of one column that are tabs. */
export function SidePanel({ place, last, tabs }: SidePanelProps) {
  const selected = useSettings((state) => state.sideTab);
  const entries = tabs.flatMap((tab) => sidePanels.filter(({ id }) => id === tab));
  return (
    <TabbedPanel
      label={last ? 'System' : `System, ${place}`}
      {...(tabs.includes(selected) && { selected })}
      onSelect={(sideTab) => useSettings.setState({ sideTab })}
      tabs={entries.map(({ id, title, Content }) => ({ id, title, content: <Content /> }))}
      menu={(now) => <MoveMenu title={entries.find(({ id }) => id === now)?.title ?? now} panel={now} />}
    />
  );
}
