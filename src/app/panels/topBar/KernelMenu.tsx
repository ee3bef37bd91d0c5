import { ChevronDown } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { reset } from '../../store/commands.ts';
import { openKernel } from '../../store/kernelFile.ts';
import { openMachineFile } from '../../store/machineFile.ts';
import { useMachine } from '../../store/machine.ts';
import { openDialog } from '../../store/dialogs.ts';
import { openLab } from '../../store/lab.ts';
import { saveMachine } from '../../store/share.ts';
import { bootBuiltIn } from '../../store/setup.ts';
import styles from './Menus.module.css';

/** Which kernel runs, and how to boot another. */
export function KernelMenu() {
  const kernel = useMachine((state) => state.setup.kernel);
  return (
    <MenuTrigger>
      <Button className={styles.button ?? ''}>
        <span>Kernel</span> <b>{kernel?.name ?? 'Emergence'}</b>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className={styles.popover ?? ''}>
        <Menu className={styles.menu ?? ''} aria-label="Kernel">
          <MenuItem className={styles.item ?? ''} onAction={openKernel}>
            Open kernel…
            <small>a multiboot ELF file, or drop one on the page</small>
          </MenuItem>
          <MenuItem className={styles.item ?? ''} onAction={() => openDialog('boot')}>
            Boot options…
            <small>command line, modules, memory</small>
          </MenuItem>
          <MenuItem className={styles.item ?? ''} onAction={() => openLab()}>
            Flaw lab
            <small>the document’s faults, two machines side by side</small>
          </MenuItem>
          <Separator className={styles.separator ?? ''} />
          <MenuItem className={styles.item ?? ''} onAction={openMachineFile}>
            Open machine…
            <small>one that was saved here, with its past</small>
          </MenuItem>
          <MenuItem className={styles.item ?? ''} onAction={saveMachine}>
            Save machine…
            <small>as a file, with its kernel and its past</small>
          </MenuItem>
          <Separator className={styles.separator ?? ''} />
          <MenuItem className={styles.item ?? ''} isDisabled={kernel === null} onAction={bootBuiltIn}>
            Boot the Emergence kernel
          </MenuItem>
          <MenuItem className={styles.item ?? ''} onAction={reset}>
            Boot again
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
