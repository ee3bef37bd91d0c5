/** What the address says of an embedded page: `?embed&panels=editor,registers,terminal`. */
import { knownPanels, type PanelName } from '../store/panelNames.ts';

export interface EmbedRequest {
  readonly panels: readonly PanelName[];
}

const usual: readonly PanelName[] = ['editor', 'happening', 'registers', 'terminal', 'timeline'];

/** Null for a page that is not to be embedded. */
export function embedRequest(search: string): EmbedRequest | null {
  const query = new URLSearchParams(search);
  if (!query.has('embed')) return null;
  const panels = knownPanels((query.get('panels') ?? '').split(',').map((name) => name.trim()));
  return { panels: panels.length === 0 ? usual : panels };
}

/** Of this page. */
export const embedded: EmbedRequest | null = embedRequest(location.search);
