import type { MachineView } from '../../../worker/protocol.ts';
import { FlagsRow } from './FlagsRow.tsx';
import { GprGrid } from './GprGrid.tsx';
import { RipRow } from './RipRow.tsx';
import { SegmentsGrid } from './SegmentsGrid.tsx';

interface RegistersTabProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

export function RegistersTab({ view, baseline }: RegistersTabProps) {
  return (
    <>
      <GprGrid view={view} baseline={baseline} />
      <RipRow view={view} baseline={baseline} />
      <FlagsRow view={view} baseline={baseline} />
      <SegmentsGrid view={view} baseline={baseline} />
    </>
  );
}
