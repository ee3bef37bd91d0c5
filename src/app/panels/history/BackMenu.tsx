import { ChevronDown } from 'lucide-react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { type Shortcut, shortcutOf } from '../../keyboard/shortcuts.ts';
import { type BackTarget, runBack } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import menus from '../topBar/Menus.module.css';
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

/** Ways back that are other than one instruction. */
export function BackMenu() {
  const ready = useMachine(canTravel);
  return (
    <MenuTrigger>
      <Button className={styles.button ?? ''} isDisabled={!ready} aria-label="Run back to">
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className={menus.popover ?? ''}>
        <Menu className={menus.menu ?? ''} aria-label="Run back to">
          <MenuSection>
            <Header className={styles.heading}>Back by</Header>
            {steps.map(([id, title]) => {
              const { keys, act } = shortcutOf(id);
              return (
                <MenuItem key={id} className={menus.item ?? ''} textValue={title} onAction={act}>
                  <span className={styles.step}>
                    {title} <kbd aria-hidden>{keys}</kbd>
                  </span>
                </MenuItem>
              );
            })}
          </MenuSection>
          <MenuSection>
            <Header className={styles.heading}>Back to</Header>
            {targets.map(([target, title]) => (
              <MenuItem key={target} className={menus.item ?? ''} onAction={() => runBack(target)}>
                {title}
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
