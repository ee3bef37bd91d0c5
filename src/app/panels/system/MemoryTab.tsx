import { AddressChoice } from '../../components/AddressChoice.tsx';
import { useMachine } from '../../store/machine.ts';
import { HexDump } from './HexDump.tsx';
import { useMemory } from './useMemory.ts';

const bytesShown = 512;

/** Guest memory at a typed address or where a register points, with what changed since the last stop. */
export function MemoryTab() {
  const registers = useMachine((state) => state.view?.registers);
  if (registers === undefined) return null;
  return (
    <AddressChoice
      followed={[
        ['RSP', registers.gpr[4] ?? 0n],
        ['RIP', registers.rip],
        ['GDT', registers.gdtr.base],
      ]}
    >
      {(address) => <Bytes address={address} />}
    </AddressChoice>
  );
}

function Bytes({ address }: { readonly address: bigint | null }) {
  const dump = useMemory(address === null ? null : address & ~0xfn, bytesShown);
  return dump === null ? null : <HexDump dump={dump} mark={address} />;
}
