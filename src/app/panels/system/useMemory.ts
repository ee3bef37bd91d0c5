import { useEffect, useState } from 'react';
import { readMemory } from '../../store/commands.ts';
import { useMachine } from '../../store/machine.ts';

export type Bytes = readonly (number | null)[];

export interface Dump {
  readonly start: bigint;
  readonly bytes: Bytes;
  /** The same bytes at the stop before, when they were looked at then. */
  readonly before: Bytes | null;
}

/** Bytes at `start`, read again at every stop; null until they are there. */
export function useMemory(start: bigint | null, length: number): Dump | null {
  const view = useMachine((state) => state.view);
  const [dump, setDump] = useState<Dump | null>(null);
  useEffect(() => {
    if (start === null || view === null) return;
    let wanted = true;
    readMemory(start, length).then((bytes) => {
      if (!wanted) return;
      setDump((last) => ({ start, bytes, before: last !== null && last.start === start ? last.bytes : null }));
    });
    return () => {
      wanted = false;
    };
  }, [start, length, view]);
  return start === null ? null : dump;
}
