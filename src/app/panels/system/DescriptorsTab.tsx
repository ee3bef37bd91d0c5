import type { TableWords } from '../../../worker/protocol.ts';
import { gdtRows } from '../../format/gdt.ts';
import { useMachine } from '../../store/machine.ts';
import { DescriptorCard } from './DescriptorCard.tsx';
import { entriesShown } from './DescriptorTable.tsx';
import { GdtTable } from './GdtTable.tsx';
import { IdtTable } from './IdtTable.tsx';
import { LdtTable } from './LdtTable.tsx';
import { TaskStateTable } from './TaskStateTable.tsx';
import { useLdt } from './useLdt.ts';

/** The GDT, the LDT and the TSS as tables, every descriptor with all its fields, and the IDT. */
export function DescriptorsTab() {
  const view = useMachine((state) => state.view);
  const baseline = useMachine((state) => state.baseline);
  const ldt = useLdt();
  if (view === null) return null;
  return (
    <>
      <GdtTable view={view} baseline={baseline} />
      <LdtTable ldt={ldt} />
      <TaskStateTable />
      <Cards table="gdt" words={view.gdt} />
      {ldt !== null && <Cards table="ldt" words={ldt.words} />}
      <IdtTable />
    </>
  );
}

/** Every descriptor of a table that is one. */
function Cards({ table, words }: { readonly table: 'gdt' | 'ldt'; readonly words: TableWords }) {
  const registers = useMachine((state) => state.view?.registers);
  if (registers === undefined) return null;
  return gdtRows(words.slice(0, entriesShown), registers, table).map(({ selector, descriptor, word }, index) =>
    descriptor === null || descriptor.kind === 'null' ? null : (
      <DescriptorCard
        key={selector}
        table={table}
        selector={selector}
        value={(word ?? 0n) | ((words[index + 1] ?? 0n) << 64n)}
        descriptor={descriptor}
      />
    ),
  );
}
