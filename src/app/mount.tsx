import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { fetchLazyParts } from './components/lazyPart.tsx';
import { openLab } from './store/lab.ts';
import { keepOffline } from './offline/offline.ts';
import { onSources } from './store/commands.ts';
import { followSources } from './store/following.ts';
import { followRing } from './store/followRing.ts';
import { followTheme } from './store/settings.ts';

/** After the first machine and the editor have come. */
const LATER_MS = 2500;

/** Shows the page in `#root`. */
export function mount(): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The document has no #root element.');
  followTheme();
  followRing();
  onSources(followSources);
  const lab = new URLSearchParams(location.search).get('lab');
  if (lab !== null) openLab(lab.split(',').slice(0, 16));
  setTimeout(fetchLazyParts, LATER_MS);
  keepOffline();
  createRoot(root).render(<App />);
}
