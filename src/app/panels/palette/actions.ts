import { catalogue } from '../../../lessons/catalogue.ts';
import { shortcuts } from '../../keyboard/shortcuts.ts';
import { showPanel, shownPanels } from '../../layout/showPanel.ts';
import { reset } from '../../store/commands.ts';
import { openDialog } from '../../store/dialogs.ts';
import { type BackTarget, runBack } from '../../store/history.ts';
import { openKernel } from '../../store/kernelFile.ts';
import { openLessons } from '../../store/lessonDoor.ts';
import { openLab } from '../../store/lab.ts';
import { restoreLayout } from '../../store/places.ts';
import { resolvedTheme, useSettings } from '../../store/settings.ts';
import { toWatchedChange } from '../../store/watches.ts';
import { bootBuiltIn, bootWithCpu } from '../../store/setup.ts';

/** Something the page can do, by its name. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly keys?: string;
  readonly act: () => unknown;
}

export interface ActionGroup {
  readonly title: string;
  readonly actions: readonly Action[];
}

const BACK: readonly (readonly [BackTarget, string])[] = [
  ['syscall', 'Run back to the previous SYSCALL'],
  ['sysret', 'Run back to the previous SYSRET'],
  ['ring-change', 'Run back to the previous change of ring'],
  ['exception', 'Run back to the previous exception'],
  ['interrupt', 'Run back to the previous interrupt'],
  ['output', 'Run back to the previous output'],
  ['breakpoint', 'Run back to the previous breakpoint'],
  ['start', 'Run back to the start'],
];

function otherTheme(): 'light' | 'dark' {
  return resolvedTheme(useSettings.getState().theme) === 'dark' ? 'light' : 'dark';
}

/** Everything the page can do, in groups. Made anew for each opening, because some names depend on what is in force. */
export function actionGroups(): readonly ActionGroup[] {
  return [
    { title: 'Machine', actions: [...KEYED, RESET] },
    {
      title: 'History',
      actions: [
        ...BACK.map(([id, title]) => ({ id: `back-${id}`, title, act: () => runBack(id) })),
        ...PLACES,
        BRANCHES,
      ],
    },
    { title: 'Boot', actions: BOOT },
    {
      title: 'Show',
      actions: [
        ...shownPanels.map(({ panel, title }) => ({
          id: `show-${panel}`,
          title: `Show ${title}`,
          act: () => showPanel(panel),
        })),
        ...catalogue.map(({ name, title }) => ({
          id: `lesson-${name}`,
          title: `Lesson: ${title}`,
          act: () => openLessons({ kind: 'built-in', name }),
        })),
      ],
    },
    {
      title: 'Page',
      actions: [
        { id: 'lessons', title: 'Open the lessons', act: () => openLessons() },
        { id: 'lab', title: 'Open the flaw lab', act: () => openLab() },
        {
          id: 'theme',
          title: `Use the ${otherTheme()} theme`,
          act: () => useSettings.setState({ theme: otherTheme() }),
        },
        { id: 'restore-layout', title: 'Restore the layout', act: restoreLayout },
        { id: 'help', title: 'Keys and signs', act: () => openDialog('help') },
      ],
    },
  ];
}

const KEYED: readonly Action[] = shortcuts
  .filter(({ id }) => id !== 'palette')
  .map(({ id, title, keys, act }) => ({ id, title, keys, act }));
const RESET: Action = { id: 'reset', title: 'Reset', act: reset };
const PLACES: readonly Action[] = [
  { id: 'back-watched', title: 'Run back to the previous change of what is watched', act: toWatchedChange },
  { id: 'places', title: 'Go to an instruction or another place…', act: () => openDialog('places') },
];
const BRANCHES: Action = { id: 'branches', title: 'Branches of the history…', act: () => openDialog('branches') };
const BOOT: readonly Action[] = [
  { id: 'open-kernel', title: 'Open a kernel file…', act: openKernel },
  { id: 'boot-options', title: 'Boot options…', act: () => openDialog('boot') },
  { id: 'boot-built-in', title: 'Boot the Emergence kernel', act: bootBuiltIn },
  { id: 'cpu-intel', title: 'Use an Intel processor', act: () => bootWithCpu('intel') },
  { id: 'cpu-amd', title: 'Use an AMD processor', act: () => bootWithCpu('amd') },
];
