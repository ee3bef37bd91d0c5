import { useState } from 'react';
import { AddressChoice, type Followed } from '../../components/AddressChoice.tsx';
import { useMachine } from '../../store/machine.ts';
import { addressOf, codeAddress, stackAddress } from '../../format/followed.ts';
import { PageTree } from './PageTree.tsx';
import { PageWalk } from './PageWalk.tsx';

/** The page walk of any address, who may do what with the page it leads to, and all that CR3 leads to. */
export function PagingTab() {
  const registers = useMachine((state) => state.view?.registers);
  const operand = useMachine((state) => state.view?.operand ?? null);
  const [chosen, setChosen] = useState<bigint | undefined>(undefined);
  if (registers === undefined) return null;
  const followed: Followed[] = [
    ['RIP', codeAddress(registers)],
    ['RSP', stackAddress(registers)],
    ['CR2', registers.cr2],
  ];
  if (operand !== null) followed.push(['operand', operand]);
  return (
    <AddressChoice followed={followed} parse={(text) => addressOf(registers, text)} wanted={chosen}>
      {(address) => (
        <>
          {address !== null && <PageWalk address={address} />}
          <PageTree onChoose={setChosen} />
        </>
      )}
    </AddressChoice>
  );
}
