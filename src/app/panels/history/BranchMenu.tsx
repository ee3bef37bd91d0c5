import { Check, ChevronDown } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { BranchView } from '../../../worker/protocol.ts';
import { thousands } from '../../format/hex.ts';
import { switchBranch } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import menus from '../topBar/Menus.module.css';
import styles from './BackMenu.module.css';

interface BranchMenuProps {
  readonly branches: readonly BranchView[];
}

/** The ways this machine has gone, to return to one. */
export function BranchMenu({ branches }: BranchMenuProps) {
  const ready = useMachine(canTravel);
  const present = branches.find((branch) => branch.present);
  if (present === undefined) return null;
  if (branches.length === 1) return <span>branch: {present.name}</span>;
  return (
    <MenuTrigger>
      <Button className={styles.branch ?? ''} isDisabled={!ready}>
        branch: {present.name}
        <ChevronDown size={12} aria-hidden />
      </Button>
      <Popover className={menus.popover ?? ''}>
        <Menu className={menus.menu ?? ''} aria-label="Branches">
          {branches.map(({ id, name, forkedAt, end, present: here }) => (
            <MenuItem
              key={id}
              className={menus.item ?? ''}
              textValue={name}
              isDisabled={here}
              onAction={() => switchBranch(id)}
            >
              {name} {here && <Check size={14} aria-hidden />}
              <small>
                {forkedAt !== null && !here && `parted at ${thousands(forkedAt)}, `}went to {thousands(end)}
              </small>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
