import { ChevronDown } from 'lucide-react';
import type { MenuPart } from '../../components/menu/entries.ts';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import { reset } from '../../store/commands.ts';
import { openKernel } from '../../store/kernelFile.ts';
import { openMachineFile } from '../../store/machineFile.ts';
import { useMachine } from '../../store/machine.ts';
import { openDialog } from '../../store/dialogs.ts';
import { openLab } from '../../store/lab.ts';
import { saveMachine } from '../../store/share.ts';
import { bootBuiltIn } from '../../store/setup.ts';
import styles from './Menus.module.css';

const entries = (foreign: boolean): readonly MenuPart[] => [
  { title: 'Open kernel…', about: 'a multiboot ELF file, or drop one on the page', act: openKernel },
  { title: 'Boot options…', about: 'command line, modules, memory', act: () => openDialog('boot') },
  { title: 'Flaw lab', about: 'the document’s faults, two machines side by side', act: () => openLab() },
  'line',
  { title: 'Open machine…', about: 'one that was saved here, with its past', act: openMachineFile },
  { title: 'Save machine…', about: 'as a file, with its kernel and its past', act: saveMachine },
  'line',
  { title: 'Boot the Emergence kernel', disabled: !foreign, act: bootBuiltIn },
  { title: 'Boot again', act: reset },
];

/** Which kernel runs, and how to boot another. */
export function KernelMenu() {
  const kernel = useMachine((state) => state.setup.kernel);
  return (
    <MenuButton className={styles.button} label="Kernel" named entries={entries(kernel !== null)}>
      <span>Kernel</span> <b>{kernel?.name ?? 'Emergence'}</b>
      <ChevronDown size={14} aria-hidden />
    </MenuButton>
  );
}
