import { ChevronDown } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { type BackTarget, runBack } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import menus from '../topBar/Menus.module.css';
import styles from './BackMenu.module.css';

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

/** Ways to run back. */
export function BackMenu() {
  const ready = useMachine(canTravel);
  return (
    <MenuTrigger>
      <Button className={styles.button ?? ''} isDisabled={!ready} aria-label="Run back to">
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className={menus.popover ?? ''}>
        <Menu className={menus.menu ?? ''} aria-label="Run back to">
          {targets.map(([target, title]) => (
            <MenuItem key={target} className={menus.item ?? ''} onAction={() => runBack(target)}>
              {title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
