/** Where panels stand: pure functions over one list, in the order in which panels and tabs of a column follow each other. */
import type { PanelName } from './panelNames.ts';

export type Place = 'left' | 'middle' | 'right';
export type MovablePanel = Exclude<PanelName, 'timeline'>;

export interface PlacedPanel {
  readonly panel: MovablePanel;
  readonly place: Place;
}

export const places: readonly Place[] = ['left', 'middle', 'right'];

function isPlaced(value: unknown): value is PlacedPanel {
  const { panel, place } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof panel === 'string' && places.some((one) => one === place);
}

/** What was stored, mended by the list of the beginning: every panel of that list and no other, each once. */
export function knownPlaces(stored: unknown, beginning: readonly PlacedPanel[]): readonly PlacedPanel[] {
  const kept: PlacedPanel[] = [];
  const has = (list: readonly PlacedPanel[], name: string) => list.some(({ panel }) => panel === name);
  for (const one of Array.isArray(stored) ? (stored as readonly unknown[]) : []) {
    if (isPlaced(one) && has(beginning, one.panel) && !has(kept, one.panel)) kept.push(one);
  }
  return [...kept, ...beginning.filter(({ panel }) => !has(kept, panel))];
}

/** The list with a panel brought to the end of a column. */
export function moved(list: readonly PlacedPanel[], panel: MovablePanel, place: Place): readonly PlacedPanel[] {
  return [...list.filter((one) => one.panel !== panel), { panel, place }];
}

/** The list with a panel before all others of its column. */
export function broughtFirst(list: readonly PlacedPanel[], panel: MovablePanel): readonly PlacedPanel[] {
  const it = list.find((one) => one.panel === panel);
  return it === undefined ? list : [it, ...list.filter((one) => one !== it)];
}
