import { useState } from 'react';
import { AddressChoice, type Followed } from '../../components/AddressChoice.tsx';
import { Editable } from '../../components/Editable.tsx';
import { hex } from '../../format/hex.ts';
import { useMachine } from '../../store/machine.ts';
import { StateScope } from '../history/StateScope.tsx';
import { HexDump } from './HexDump.tsx';
import styles from './MemoryTab.module.css';
import { useMemory } from './useMemory.ts';

const bytesShown = 512;

/** Guest memory at a typed address or where a register points, with what changed since the last stop. */
export function MemoryTab() {
  const registers = useMachine((state) => state.view?.registers);
  const operand = useMachine((state) => state.view?.operand ?? null);
  if (registers === undefined) return null;
  const followed: Followed[] = [
    ['RSP', registers.gpr[4] ?? 0n],
    ['RIP', registers.rip],
    ['GDT', registers.gdtr.base],
  ];
  if (operand !== null) followed.push(['operand', operand]);
  return (
    <AddressChoice followed={followed}>
      {(address) => address !== null && <Bytes key={`${address}`} address={address} />}
    </AddressChoice>
  );
}

function Bytes({ address }: { readonly address: bigint }) {
  const [chosen, setChosen] = useState(address);
  const dump = useMemory(address & ~0xfn, bytesShown);
  if (dump === null) return null;
  const byte = dump.bytes[Number(chosen - dump.start)];
  return (
    <>
      {byte != null && <ByteLine address={chosen} byte={byte} />}
      <HexDump dump={dump} mark={chosen} onChoose={setChosen} />
    </>
  );
}

/** The chosen byte, to be edited or asked about. */
function ByteLine({ address, byte }: { readonly address: bigint; readonly byte: number }) {
  const name = `byte at ${hex(address)}`;
  return (
    <p className={styles.byte}>
      {name}:{' '}
      <StateScope name={name} target={{ kind: 'memory', address, bytes: 1 }} value={BigInt(byte)} bits={8}>
        <Editable className={styles.value ?? ''}>{hex(byte, 2)}</Editable>
      </StateScope>
    </p>
  );
}
