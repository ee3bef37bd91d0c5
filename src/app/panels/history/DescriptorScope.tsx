import type { ReactNode } from 'react';
import { EditScopeContext } from '../../components/editScope.ts';
import { hex } from '../../format/hex.ts';
import { poke, whoSet } from '../../store/history.ts';
import { useWatch } from './useWatch.ts';
import { canTravel, useMachine } from '../../store/machine.ts';

interface DescriptorScopeProps {
  /** The selector that names the entry; of a gate its offset in the IDT. */
  readonly selector: number;
  readonly table?: 'gdt' | 'ldt' | 'idt';
  /** How it is called; by its selector when absent. */
  readonly name?: string;
  readonly value: bigint;
  readonly slots: 1 | 2;
  readonly children: ReactNode;
}

const low64 = (1n << 64n) - 1n;

/** Makes the fields of an entry of the GDT, LDT or IDT editable; of one over two slots only the slots that change are written. */
export function DescriptorScope({
  selector,
  table = 'gdt',
  name = `descriptor ${hex(selector, 2)}`,
  value,
  slots,
  children,
}: DescriptorScopeProps) {
  const standing = useMachine(canTravel);
  const target = { kind: 'descriptor', table, index: selector >> 3 } as const;
  const watch = useWatch(name, target);
  const write = async (now: bigint): Promise<void> => {
    if (((now ^ value) & low64) !== 0n) await poke(target, now & low64);
    if (slots === 2 && (now ^ value) >> 64n !== 0n) await poke({ ...target, index: target.index + 1 }, now >> 64n);
  };
  const scope = standing ? { name, value, bits: 64 * slots, write, askWho: () => whoSet(target), watch } : null;
  return <EditScopeContext value={scope}>{children}</EditScopeContext>;
}
