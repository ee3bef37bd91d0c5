import { showPanels } from '../store/panelNames.ts';
import type { MovablePanel } from '../store/placing.ts';
import { type PhoneTab, useSettings } from '../store/settings.ts';
import { sidePanels } from './sidePanels.tsx';

interface ShownPanel {
  readonly panel: MovablePanel;
  readonly title: string;
  /** The accessible name of its region, where it stands alone. */
  readonly region?: string;
  readonly onPhone: PhoneTab;
}

/** Every panel by its title, with the place it has on a phone. */
export const shownPanels: readonly ShownPanel[] = [
  { panel: 'editor', title: 'the source', region: 'Source', onPhone: 'code' },
  { panel: 'terminal', title: 'the serial terminal', region: 'Serial terminal', onPhone: 'output' },
  { panel: 'happening', title: 'what is happening', region: 'What is happening', onPhone: 'state' },
  { panel: 'registers', title: 'the registers', region: 'Registers', onPhone: 'state' },
  ...sidePanels.map(
    ({ id, title }): ShownPanel => ({
      panel: id,
      title,
      onPhone: id === 'descriptors' || id === 'msrs' ? 'state' : 'memory',
    }),
  ),
];

/** Brings a panel to the front and the keyboard into it. */
export function showPanel(panel: MovablePanel): void {
  const found = shownPanels.find((one) => one.panel === panel);
  if (found === undefined) return;
  showPanels([panel]);
  useSettings.setState({ phoneTab: found.onPhone });
  const { title, region } = found;
  // The dialog that asked gives the focus back first.
  setTimeout(() => {
    const within = region === undefined ? `[role="tab"]` : `section[aria-label="${region}"] [tabindex="0"]`;
    const target = [...document.querySelectorAll<HTMLElement>(within)].find(
      (one) => region !== undefined || one.textContent === title,
    );
    target?.focus();
  }, 50);
}
