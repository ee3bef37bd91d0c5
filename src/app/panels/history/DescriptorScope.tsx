import type { ReactNode } from 'react';
import type { RegisterView } from '../../../worker/protocol.ts';
import { EditScopeContext } from '../../components/editScope.ts';
import { hex } from '../../format/hex.ts';
import { poke, type Target, whoSet } from '../../store/history.ts';
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

type Table = NonNullable<DescriptorScopeProps['table']>;

const baseOf = (registers: RegisterView | undefined, table: Table): bigint | undefined =>
  table === 'ldt' ? registers?.segments.ldtr.base : registers?.[`${table}r`].base;

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
  const base = useMachine(({ view }) => baseOf(view?.registers, table));
  const target = { kind: 'descriptor', table, index: selector >> 3 } as const;
  // Of an entry over two slots either may have been written last.
  const asked: Target =
    slots === 2 && base !== undefined
      ? { kind: 'memory', address: base + BigInt(8 * target.index), bytes: 16 }
      : target;
  const watch = useWatch(name, asked);
  const write = async (now: bigint): Promise<void> => {
    if (((now ^ value) & low64) !== 0n) await poke(target, now & low64);
    if (slots === 2 && (now ^ value) >> 64n !== 0n) await poke({ ...target, index: target.index + 1 }, now >> 64n);
  };
  const scope = standing ? { name, value, bits: 64 * slots, write, askWho: () => whoSet(asked), watch } : null;
  return <EditScopeContext value={scope}>{children}</EditScopeContext>;
}
