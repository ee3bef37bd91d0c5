import { ChevronDown } from 'lucide-react';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import { CPU_MODELS } from '../../format/cpuModels.ts';
import { useMachine } from '../../store/machine.ts';
import { bootWithCpu } from '../../store/setup.ts';
import styles from './Menus.module.css';

/** Whose rules the processor follows; a change boots again. */
export function CpuMenu() {
  const cpu = useMachine((state) => state.setup.cpu);
  const entries = CPU_MODELS.map(({ id, ...model }) => ({
    ...model,
    id,
    checked: id === cpu,
    act: () => {
      if (id !== cpu) bootWithCpu(id);
    },
  }));
  return (
    <MenuButton className={styles.button} label="CPU" named entries={entries}>
      <span>CPU</span> <b>{CPU_MODELS.find(({ id }) => id === cpu)?.title}</b>
      <ChevronDown size={14} aria-hidden />
    </MenuButton>
  );
}
