import { Check, ChevronDown } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { CpuModel } from '../../../worker/protocol.ts';
import { useMachine } from '../../store/machine.ts';
import { bootWithCpu } from '../../store/setup.ts';
import styles from './Menus.module.css';

const models: readonly { readonly id: CpuModel; readonly title: string; readonly about: string }[] = [
  { id: 'intel', title: 'Intel', about: 'as the SDM says' },
  { id: 'amd', title: 'AMD', about: 'as the APM says, where they differ' },
];

/** Whose rules the processor follows; a change boots again. */
export function CpuMenu() {
  const cpu = useMachine((state) => state.setup.cpu);
  return (
    <MenuTrigger>
      <Button className={styles.button ?? ''}>
        <span>CPU</span> <b>{models.find(({ id }) => id === cpu)?.title}</b>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className={styles.popover ?? ''}>
        <Menu
          className={styles.menu ?? ''}
          aria-label="CPU"
          selectionMode="single"
          selectedKeys={[cpu]}
          disallowEmptySelection
          onAction={(key) => {
            const model = models.find(({ id }) => id === key);
            if (model !== undefined && model.id !== cpu) bootWithCpu(model.id);
          }}
        >
          {models.map(({ id, title, about }) => (
            <MenuItem key={id} id={id} textValue={title} className={styles.item ?? ''}>
              {title} {id === cpu && <Check size={14} aria-hidden />}
              <small>{about}</small>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
