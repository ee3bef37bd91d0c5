import { microStep, run, runOrPause, step, stepOver } from '../store/commands.ts';
import { openDialog } from '../store/dialogs.ts';
import { microStepBack, stepBack, stepBackOver, undo } from '../store/history.ts';
import { share } from '../store/share.ts';

export interface Shortcut {
  readonly id:
    | 'back'
    | 'micro-back'
    | 'over-back'
    | 'undo'
    | 'share'
    | 'run'
    | 'micro-step'
    | 'step'
    | 'over'
    | 'syscall'
    | 'ring'
    | 'palette';
  readonly title: string;
  /** As shown, and as `aria-keyshortcuts` writes it. */
  readonly keys: string;
  readonly aria: string;
  /** A single letter: can be switched off, never acts with a modifier. */
  readonly letter: boolean;
  readonly matches: (event: KeyboardEvent) => boolean;
  readonly act: () => Promise<void>;
}

function alt(code: string, shift = false) {
  return (event: KeyboardEvent) =>
    event.code === code && event.altKey && !event.ctrlKey && !event.metaKey && event.shiftKey === shift;
}

function letter(code: string) {
  return (event: KeyboardEvent) =>
    event.code === code && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
}

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const altKey = mac ? '⌥' : 'Alt ';
const shiftKey = mac ? '⇧' : 'Shift ';

/** The debugger's keys: VS Code's web bindings, and two letters. */
export const shortcuts: readonly Shortcut[] = [
  {
    id: 'back',
    title: 'Step back',
    keys: `${shiftKey}${altKey}F11`,
    aria: 'Shift+Alt+F11',
    letter: false,
    matches: alt('F11', true),
    act: stepBack,
  },
  { id: 'run', title: 'Run or pause', keys: 'F5', aria: 'F5', letter: false, matches: letter('F5'), act: runOrPause },
  {
    id: 'micro-step',
    title: 'Micro-step',
    keys: 'M',
    aria: 'M',
    letter: true,
    matches: letter('KeyM'),
    act: microStep,
  },
  { id: 'step', title: 'Step', keys: `${altKey}F11`, aria: 'Alt+F11', letter: false, matches: alt('F11'), act: step },
  {
    id: 'over',
    title: 'Step over',
    keys: `${altKey}F10`,
    aria: 'Alt+F10',
    letter: false,
    matches: alt('F10'),
    act: stepOver,
  },
  {
    id: 'syscall',
    title: 'To next SYSCALL or SYSRET',
    keys: 'S',
    aria: 'S',
    letter: true,
    matches: letter('KeyS'),
    act: () => run('syscall'),
  },
  {
    id: 'ring',
    title: 'To next ring change',
    keys: 'R',
    aria: 'R',
    letter: true,
    matches: letter('KeyR'),
    act: () => run('ring-change'),
  },
  {
    id: 'micro-back',
    title: 'Back by a micro-step',
    keys: `${shiftKey}M`,
    aria: 'Shift+M',
    letter: true,
    matches: (event) => event.code === 'KeyM' && event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey,
    act: microStepBack,
  },
  {
    id: 'over-back',
    title: 'Back over a call',
    keys: `${shiftKey}${altKey}F10`,
    aria: 'Shift+Alt+F10',
    letter: false,
    matches: alt('F10', true),
    act: stepBackOver,
  },
  {
    id: 'undo',
    title: 'Undo the last change by hand',
    keys: `${altKey}Z`,
    aria: 'Alt+Z',
    letter: false,
    matches: alt('KeyZ'),
    act: undo,
  },
  {
    id: 'share',
    title: 'Share this machine as a link',
    keys: `${altKey}S`,
    aria: 'Alt+S',
    letter: false,
    matches: alt('KeyS'),
    act: share,
  },
  {
    id: 'palette',
    title: 'All commands',
    keys: 'F1',
    aria: 'F1',
    letter: false,
    matches: (event) =>
      letter('F1')(event) || (event.code === 'KeyP' && event.shiftKey && (event.ctrlKey || event.metaKey)),
    act: async () => openDialog('palette'),
  },
];

export function shortcutOf(id: Shortcut['id']): Shortcut {
  const found = shortcuts.find((shortcut) => shortcut.id === id);
  if (found === undefined) throw new Error(`No shortcut ${id}`);
  return found;
}

/** True in the editor, which has no use of its own for the function keys. */
function inEditor(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[data-debugger-keys]') !== null;
}

/** True where keys belong to what is being typed. */
export function typesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="menu"], [data-types-text]') !== null
  );
}

/** The shortcut an event means where it happened, if any. */
export function shortcutFor(event: KeyboardEvent, lettersOn: boolean): Shortcut | undefined {
  const editing = inEditor(event.target);
  if (typesText(event.target) && !editing) return undefined;
  const letters = lettersOn && !editing;
  return shortcuts.find((shortcut) => (letters || !shortcut.letter) && shortcut.matches(event));
}
