import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { startMachine } from './store/commands.ts';
import type { MachinePort } from './store/port.ts';
import { followRing } from './store/followRing.ts';
import { followTheme } from './store/settings.ts';

/** Shows the page in `#root` and boots the first machine through `port`. */
export function mount(port: MachinePort): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The document has no #root element.');
  followTheme();
  followRing();
  createRoot(root).render(<App />);
  startMachine(port);
}
