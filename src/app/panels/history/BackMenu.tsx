import { ChevronDown } from 'lucide-react';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import { type Shortcut, shortcutOf } from '../../keyboard/shortcuts.ts';
import { type BackTarget, runBack } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import styles from './BackMenu.module.css';

const steps: readonly (readonly [Shortcut['id'], string])[] = [
  ['micro-back', 'One micro-step'],
  ['over-back', 'One instruction, calls in one'],
  ['undo', 'Undo the last change by hand'],
];

const targets: readonly (readonly [BackTarget, string])[] = [
  ['syscall', 'Previous SYSCALL'],
  ['sysret', 'Previous SYSRET'],
  ['ring-change', 'Previous change of ring'],
  ['exception', 'Previous exception'],
  ['interrupt', 'Previous interrupt'],
  ['output', 'Previous output'],
  ['breakpoint', 'Previous breakpoint'],
  ['start', 'Start of the history'],
];

const entries = [
  {
    heading: 'Back by',
    entries: steps.map(([id, title]) => ({ title, keys: shortcutOf(id).keys, act: () => shortcutOf(id).act() })),
  },
  { heading: 'Back to', entries: targets.map(([target, title]) => ({ title, act: () => void runBack(target) })) },
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
