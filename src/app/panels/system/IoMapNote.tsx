import type { TaskStateKind } from '../../../registers/taskState.ts';
import { IO_MAP_BYTES, ioMapText, ioplText } from '../../format/ioMap.ts';
import { useMachine } from '../../store/machine.ts';
import styles from './GdtTable.module.css';
import { useMemory } from './useMemory.ts';

interface IoMapNoteProps {
  readonly kind: TaskStateKind;
  readonly base: bigint;
  readonly limit: number;
  /** The field "I/O map base"; null where there is none. */
  readonly map: number | null;
}

/** The I/O permission bitmap as ranges of ports, and who is held to it. */
export function IoMapNote({ kind, base, limit, map }: IoMapNoteProps) {
  const registers = useMachine((state) => state.view?.registers);
  const length = map === null ? 0 : Math.min(Math.max(limit + 1 - map, 0), IO_MAP_BYTES);
  const dump = useMemory(length === 0 || map === null ? null : base + BigInt(map), length);
  if (registers === undefined || (length > 0 && dump === null)) return null;
  return (
    <p className={styles.more}>
      {ioMapText({ kind, base: map ?? 0, limit, bytes: dump?.bytes ?? [] })} {ioplText(registers.cpl, registers.rflags)}
    </p>
  );
}
