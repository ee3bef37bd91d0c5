import { ChevronDown } from 'lucide-react';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
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
  const entries = models.map(({ id, ...model }) => ({
    ...model,
    id,
    checked: id === cpu,
    act: () => {
      if (id !== cpu) bootWithCpu(id);
    },
  }));
  return (
    <MenuButton className={styles.button} label="CPU" named entries={entries}>
      <span>CPU</span> <b>{models.find(({ id }) => id === cpu)?.title}</b>
      <ChevronDown size={14} aria-hidden />
    </MenuButton>
  );
}
