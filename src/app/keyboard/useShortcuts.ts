import { useEffect } from 'react';
import { useSettings } from '../store/settings.ts';
import { shortcutFor } from './shortcuts.ts';

/** Lets the debugger's keys act wherever no text is being typed. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutFor(event, useSettings.getState().letterShortcuts);
      if (shortcut === undefined) return;
      event.preventDefault();
      shortcut.act();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
