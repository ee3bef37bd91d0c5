import { useEffect } from 'react';
import type { LabMove } from '../../../worker/protocol.ts';
import { type Shortcut, shortcutFor } from '../../keyboard/shortcuts.ts';
import { moveLab } from '../../store/lab.ts';
import { useSettings } from '../../store/settings.ts';

/** What the debugger's keys do to two machines. */
const MOVES: Partial<Record<Shortcut['id'], LabMove>> = {
  back: 'step-back',
  'micro-step': 'micro-step',
  step: 'step',
  ring: 'next-event',
};

export function useLabKeys(): void {
  useEffect(() => {
    const act = (event: KeyboardEvent) => {
      const shortcut = shortcutFor(event, useSettings.getState().letterShortcuts);
      const move = shortcut && MOVES[shortcut.id];
      if (move === undefined) return;
      event.preventDefault();
      moveLab(move);
    };
    document.addEventListener('keydown', act);
    return () => document.removeEventListener('keydown', act);
  }, []);
}
