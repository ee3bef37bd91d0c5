/** Where each panel of a large screen stands, remembered with the settings. */
import { panelNames } from './panelNames.ts';
import { broughtFirst, knownPlaces, type MovablePanel, moved, type Place, type PlacedPanel } from './placing.ts';
import { useSettings } from './settings.ts';

const first: Partial<Record<MovablePanel, Place>> = {
  editor: 'left',
  terminal: 'left',
  happening: 'middle',
  registers: 'middle',
};

/** The layout that the page begins with. */
const beginning: readonly PlacedPanel[] = panelNames
  .filter((name): name is MovablePanel => name !== 'timeline')
  .map((panel) => ({ panel, place: first[panel] ?? 'right' }));

const inForce = (stored: unknown) => knownPlaces(stored, beginning);

/** Every panel with its place, in order. */
export function usePlaces(): readonly PlacedPanel[] {
  return inForce(useSettings((state) => state.places));
}

export function placeOf(panel: MovablePanel): Place {
  return inForce(useSettings.getState().places).find((one) => one.panel === panel)?.place ?? 'right';
}

export function movePanel(panel: MovablePanel, place: Place): void {
  useSettings.setState(({ places }) => ({ places: moved(inForce(places), panel, place) }));
}

export function bringFirst(panel: MovablePanel): void {
  useSettings.setState(({ places }) => ({ places: broughtFirst(inForce(places), panel) }));
}

export function restoreLayout(): void {
  useSettings.setState({ places: null });
}
