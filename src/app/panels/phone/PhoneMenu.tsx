import { Menu as MenuIcon } from 'lucide-react';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import { reset, run, stepOver } from '../../store/commands.ts';
import { openDialog } from '../../store/dialogs.ts';
import { microStepBack, stepBackOver, undo } from '../../store/history.ts';
import { openKernel } from '../../store/kernelFile.ts';
import { openMachineFile } from '../../store/machineFile.ts';
import { saveMachine, share } from '../../store/share.ts';
import { useMachine } from '../../store/machine.ts';
import { CPU_MODELS } from '../../format/cpuModels.ts';
import { resolvedTheme, useSettings } from '../../store/settings.ts';
import { openLab } from '../../store/lab.ts';
import { bootBuiltIn, bootWithCpu } from '../../store/setup.ts';
import menus from '../topBar/Menus.module.css';

/** What the top bar of a large screen offers, behind one button. */
export function PhoneMenu() {
  const theme = useSettings((state) => resolvedTheme(state.theme));
  const cpu = useMachine((state) => state.setup.cpu);
  const other = theme === 'dark' ? 'light' : 'dark';
  const otherCpus = CPU_MODELS.filter(({ id }) => id !== cpu);
  const items: readonly (readonly [string, () => void])[] = [
    ['Step over', stepOver],
    ['Run to the next SYSCALL', () => run('syscall')],
    ['Reset', reset],
    ['Back by a micro-step', microStepBack],
    ['Back over a call', stepBackOver],
    ['Undo the last change', undo],
    ['Go to a place…', () => openDialog('places')],
    ['Branches…', () => openDialog('branches')],
    ['Share…', share],
    ['Open machine…', openMachineFile],
    ['Save machine…', saveMachine],
    ['Open kernel…', openKernel],
    ['Flaw lab', () => openLab()],
    ['Boot options…', () => openDialog('boot')],
    ['Boot the Emergence kernel', bootBuiltIn],
    ...otherCpus.map(({ id, title }): readonly [string, () => void] => [`Use the ${title} CPU`, () => bootWithCpu(id)]),
    [`Use the ${other} theme`, () => useSettings.setState({ theme: other })],
    ['Keys and signs', () => openDialog('help')],
  ];
  return (
    <MenuButton className={menus.button} label="Menu" entries={items.map(([title, act]) => ({ title, act }))}>
      <MenuIcon size={20} aria-hidden />
    </MenuButton>
  );
}
