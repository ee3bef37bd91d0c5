import type { MachineView } from '../../../worker/protocol.ts';
import { DescriptorTable } from './DescriptorTable.tsx';

interface GdtTableProps {
  readonly view: MachineView;
  readonly baseline: MachineView | null;
}

/** The GDT, where GDTR says. */
export function GdtTable({ view: { registers, gdt }, baseline }: GdtTableProps) {
  const { base, limit } = registers.gdtr;
  return (
    <DescriptorTable table="gdt" base={base} limit={limit} words={gdt} before={baseline?.gdt} registers={registers} />
  );
}
