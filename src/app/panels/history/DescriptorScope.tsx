import type { ReactNode } from 'react';
import { EditScopeContext } from '../../components/editScope.ts';
import { hex } from '../../format/hex.ts';
import { poke, whoSet } from '../../store/history.ts';
import { canTravel, useMachine } from '../../store/machine.ts';

interface DescriptorScopeProps {
  /** Offset of the entry in its table: a selector without its low bits. */
  readonly selector: number;
  readonly table?: 'gdt' | 'idt';
  readonly value: bigint;
  readonly slots: 1 | 2;
  readonly children: ReactNode;
}

const low64 = (1n << 64n) - 1n;

/** Makes the fields of an entry of the GDT or IDT editable; of one over two slots only the slots that change are written. */
export function DescriptorScope({ selector, table = 'gdt', value, slots, children }: DescriptorScopeProps) {
  const standing = useMachine(canTravel);
  const name = table === 'idt' ? `gate ${hex(selector / 16, 2)}` : `descriptor ${hex(selector, 2)}`;
  const target = { kind: 'descriptor', table, index: selector / 8 } as const;
  const write = async (now: bigint): Promise<void> => {
    if (((now ^ value) & low64) !== 0n) await poke(target, now & low64);
    if (slots === 2 && (now ^ value) >> 64n !== 0n) await poke({ ...target, index: target.index + 1 }, now >> 64n);
  };
  const scope = standing ? { name, value, bits: 64 * slots, write, askWho: () => whoSet(target) } : null;
  return <EditScopeContext value={scope}>{children}</EditScopeContext>;
}
