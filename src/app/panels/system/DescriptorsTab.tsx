import { gdtRows } from '../../format/gdt.ts';
import { useMachine } from '../../store/machine.ts';
import { DescriptorCard } from './DescriptorCard.tsx';
import { entriesShown, GdtTable } from './GdtTable.tsx';
import { IdtTable } from './IdtTable.tsx';
import { TaskStateTable } from './TaskStateTable.tsx';

/** The GDT and the TSS as tables, every descriptor of the GDT with all its fields, and the IDT. */
export function DescriptorsTab() {
  const view = useMachine((state) => state.view);
  const baseline = useMachine((state) => state.baseline);
  if (view === null) return null;
  return (
    <>
      <GdtTable view={view} baseline={baseline} />
      <TaskStateTable />
      {gdtRows(view.gdt.slice(0, entriesShown), view.registers).map(({ selector, descriptor, word }, index) =>
        descriptor === null || descriptor.kind === 'null' ? null : (
          <DescriptorCard
            key={selector}
            selector={selector}
            value={(word ?? 0n) | ((view.gdt[index + 1] ?? 0n) << 64n)}
            descriptor={descriptor}
          />
        ),
      )}
      <IdtTable />
    </>
  );
}
