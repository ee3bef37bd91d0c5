import { useEffect, useState } from 'react';
import type { MachineView } from '../../../worker/protocol.ts';
import { readMemory } from '../../store/commands.ts';
import { useMachine } from '../../store/machine.ts';

export type Bytes = readonly (number | null)[];

export interface Dump {
  readonly start: bigint;
  readonly bytes: Bytes;
  /** The same bytes at the stop before, when all of them were looked at then. */
  readonly before: Bytes | null;
  /** The same, each as far as it was looked at then. */
  readonly known: readonly (number | null | undefined)[];
}

interface Read extends Dump {
  readonly view: MachineView;
}

/** What is known of bytes from `start` on, of some that were read from another place. */
function overlap(from: bigint, bytes: Dump['known'], start: bigint, length: number): Dump['known'] {
  const offset = start - from;
  if (offset <= -BigInt(length) || offset >= BigInt(bytes.length)) return [];
  return Array.from({ length }, (_, n) => bytes[Number(offset) + n]);
}

/** Bytes at `start`, read again at every stop; null until they are there. */
export function useMemory(start: bigint | null, length: number): Dump | null {
  const view = useMachine((state) => state.view);
  const [dump, setDump] = useState<Read | null>(null);
  useEffect(() => {
    if (start === null || view === null) return;
    let wanted = true;
    readMemory(start, length).then((bytes) => {
      if (!wanted) return;
      setDump((last) => {
        if (last === null) return { view, start, bytes, before: null, known: [] };
        // Another part of the same stop is compared with what the part before was compared with.
        const earlier = last.view === view ? last.known : last.bytes;
        const known = overlap(last.start, earlier, start, length);
        return { view, start, bytes, before: last.start === start ? last.bytes : null, known };
      });
    });
    return () => {
      wanted = false;
    };
  }, [start, length, view]);
  return start === null ? null : dump;
}
