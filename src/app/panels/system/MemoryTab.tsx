import { AddressChoice, type Followed } from '../../components/AddressChoice.tsx';
import { addressOf, codeAddress, stackAddress } from '../../format/followed.ts';
import { useMachine } from '../../store/machine.ts';
import { MemoryWindow } from './MemoryWindow.tsx';

/** Guest memory at a typed address or where a register points, with what changed since the last stop. */
export function MemoryTab() {
  const registers = useMachine((state) => state.view?.registers);
  const operand = useMachine((state) => state.view?.operand ?? null);
  if (registers === undefined) return null;
  const followed: Followed[] = [
    ['RSP', stackAddress(registers)],
    ['RIP', codeAddress(registers)],
    ['GDT', registers.gdtr.base],
  ];
  if (operand !== null) followed.push(['operand', operand]);
  return (
    <AddressChoice followed={followed} parse={(text) => addressOf(registers, text)}>
      {(address) => address !== null && <MemoryWindow key={`${address}`} address={address} />}
    </AddressChoice>
  );
}
