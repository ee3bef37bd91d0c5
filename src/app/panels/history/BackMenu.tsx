import { ChevronDown } from 'lucide-react';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import { type Shortcut, shortcutOf } from '../../keyboard/shortcuts.ts';
import { openDialog } from '../../store/dialogs.ts';
import { runBack } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import { toWatchedChange } from '../../store/watches.ts';
import styles from './BackMenu.module.css';
import { backTargets } from './backTargets.ts';

const steps: readonly (readonly [Shortcut['id'], string])[] = [
  ['micro-back', 'One micro-step'],
  ['over-back', 'One instruction, calls in one'],
  ['undo', 'Undo the last change by hand'],
];

const entries = [
  {
    heading: 'Back by',
    entries: steps.map(([id, title]) => ({ title, keys: shortcutOf(id).keys, act: () => shortcutOf(id).act() })),
  },
  {
    heading: 'Back to',
    entries: [
      ...backTargets.map(([target, title]) => ({ title, act: () => void runBack(target) })),
      { title: 'Previous change of what is watched', act: () => void toWatchedChange() },
      { title: 'Go to a place…', act: () => openDialog('places') },
    ],
  },
];

/** Ways back that are other than one instruction. */
export function BackMenu() {
  const ready = useMachine(canTravel);
  return (
    <MenuButton className={styles.button} isDisabled={!ready} label="Run back to" entries={entries}>
      <ChevronDown size={14} aria-hidden />
    </MenuButton>
  );
}
