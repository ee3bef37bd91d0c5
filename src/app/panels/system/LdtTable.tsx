import { ATTRIBUTE } from '../../../registers/descriptor.ts';
import { useMachine } from '../../store/machine.ts';
import { hex } from '../../format/hex.ts';
import { DescriptorTable } from './DescriptorTable.tsx';
import styles from './GdtTable.module.css';
import type { Ldt } from './useLdt.ts';

/** The LDT that LDTR names, or that there is none. */
export function LdtTable({ ldt }: { readonly ldt: Ldt | null }) {
  const registers = useMachine((state) => state.view?.registers);
  if (registers === undefined) return null;
  if (ldt !== null) return <DescriptorTable table="ldt" {...ldt} registers={registers} />;
  const { selector, attributes, base, limit } = registers.segments.ldtr;
  return (
    <div className={styles.gdt}>
      <h3>
        LDT <small>selector {hex(selector, 4)}</small>
      </h3>
      <p className={styles.more}>
        {(attributes & ATTRIBUTE.P) === 0
          ? 'LDTR is null: there is no LDT. Loading a selector with TI = 1 (4, C, 14 …) raises #GP.'
          : `LDTR is null. Its hidden part is present all the same, as after reset: base ${hex(base)}, limit ${hex(limit)}.`}
      </p>
    </div>
  );
}
