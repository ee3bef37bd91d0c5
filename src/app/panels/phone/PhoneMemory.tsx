import { TabbedPanel } from '../../components/TabbedPanel.tsx';
import { sidePanels } from '../../layout/sidePanels.tsx';
import { type SideTab, useSettings } from '../../store/settings.ts';

const shown: readonly SideTab[] = ['memory', 'paging', 'stack', 'rings', 'kernel', 'code', 'engine'];

export function PhoneMemory() {
  const selected = useSettings((state) => state.sideTab);
  return (
    <TabbedPanel<SideTab>
      label="Memory and code"
      selected={selected}
      onSelect={(sideTab) => useSettings.setState({ sideTab })}
      tabs={shown.flatMap((wanted) =>
        sidePanels
          .filter(({ id }) => id === wanted)
          .map(({ id, title, Content }) => ({
            id,
            title: id === 'code' ? 'Disassembly' : title,
            content: <Content />,
          })),
      )}
    />
  );
}
