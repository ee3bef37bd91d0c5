/** Panels by name, as links, files and `?embed` have them. */
import { type SideTab, useSettings } from './settings.ts';

export const sideTabs: readonly SideTab[] = [
  'descriptors',
  'msrs',
  'paging',
  'rings',
  'kernel',
  'stack',
  'memory',
  'code',
  'engine',
];
const others = ['editor', 'terminal', 'happening', 'registers', 'timeline'] as const;

export type PanelName = SideTab | (typeof others)[number];

export const panelNames: readonly PanelName[] = [...others, ...sideTabs];

const isPanel = (name: string): name is PanelName => (panelNames as readonly string[]).includes(name);
const isSideTab = (name: string): name is SideTab => (sideTabs as readonly string[]).includes(name);

/** The names among `wanted` that there are, each once. */
export function knownPanels(wanted: readonly string[]): readonly PanelName[] {
  return [...new Set(wanted)].filter(isPanel);
}

/** What a person sees now that another one might not: of the panels that are always there nothing is said. */
export function visiblePanels(): readonly string[] {
  return [useSettings.getState().sideTab];
}

/** Shows what was to be seen where a machine was shared. */
export function showPanels(names: readonly string[]): void {
  const sideTab = names.find(isSideTab);
  if (sideTab !== undefined) useSettings.setState({ sideTab });
}
