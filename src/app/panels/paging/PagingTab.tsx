import { AddressChoice } from '../../components/AddressChoice.tsx';
import { useMachine } from '../../store/machine.ts';
import { PageWalk } from './PageWalk.tsx';

/** The page walk of any address, and who may do what with the page it leads to. */
export function PagingTab() {
  const registers = useMachine((state) => state.view?.registers);
  if (registers === undefined) return null;
  return (
    <AddressChoice
      followed={[
        ['RIP', registers.rip],
        ['RSP', registers.gpr[4] ?? 0n],
        ['CR2', registers.cr2],
      ]}
    >
      {(address) => address !== null && <PageWalk address={address} />}
    </AddressChoice>
  );
}
