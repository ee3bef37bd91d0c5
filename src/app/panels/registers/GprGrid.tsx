import type { MachineView } from '../../../worker/protocol.ts';
import styles from './GprGrid.module.css';
import { RegisterRow } from './RegisterRow.tsx';

/** Names by number, as instructions encode them. */
const names = 'RAX RCX RDX RBX RSP RBP RSI RDI R8 R9 R10 R11 R12 R13 R14 R15'.split(' ');
/** Shown in two columns: the old eight and the new eight, in the order debuggers use. */
const order = [0, 8, 3, 9, 1, 10, 2, 11, 6, 12, 7, 13, 5, 14, 4, 15];

interface GprGridProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

export function GprGrid({ view, baseline }: GprGridProps) {
  const keeps = view.microcode?.steps.some(({ kind, to }) => kind === 'keeps' && to.includes('rsp')) ?? false;
  return (
    <div className={styles.grid}>
      {order.map((number) => {
        const name = names[number] ?? '';
        return (
          <RegisterRow
            key={name}
            name={name}
            value={view.registers.gpr[number] ?? 0n}
            before={baseline?.registers.gpr[number]}
            kept={keeps && name === 'RSP'}
            symbol={view.symbols[name.toLowerCase()]}
          />
        );
      })}
    </div>
  );
}
