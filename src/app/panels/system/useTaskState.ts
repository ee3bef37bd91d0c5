import {
  readTaskState,
  type StructureValue,
  TASK_STATE_BYTES,
  type TaskStateKind,
  taskStateKind,
} from '../../../registers/taskState.ts';
import { ATTRIBUTE } from '../../../registers/descriptor.ts';
import { isLongMode } from '../../format/gdt.ts';
import { useMachine } from '../../store/machine.ts';
import { useMemory } from './useMemory.ts';

export interface TaskState {
  readonly kind: TaskStateKind;
  readonly base: bigint;
  /** TR.limit: what lies past it raises #TS. */
  readonly limit: number;
  /** As far as they lie in mapped memory. */
  readonly fields: readonly StructureValue[];
  /** The same at the stop before, as far as they were read then. */
  readonly before: readonly StructureValue[];
}

const upToHole = (bytes: readonly (number | null)[]): Uint8Array => {
  const missing = bytes.indexOf(null);
  return Uint8Array.from(bytes.slice(0, missing < 0 ? bytes.length : missing), (byte) => byte ?? 0);
};

/** The TSS that TR names, by its own type; null when there is none, and until it is read. */
export function useTaskState(): TaskState | null {
  const registers = useMachine((state) => state.view?.registers);
  const tr = registers?.segments.tr;
  const named = registers !== undefined && tr !== undefined && (tr.selector & ~3) !== 0;
  const kind = named ? taskStateKind(tr.attributes & ATTRIBUTE.Type, isLongMode(registers)) : null;
  const dump = useMemory(
    kind === null || tr === undefined ? null : tr.base,
    kind === null ? 0 : TASK_STATE_BYTES[kind],
  );
  if (kind === null || tr === undefined || dump === null || dump.start !== tr.base) return null;
  return {
    kind,
    base: tr.base,
    limit: tr.limit,
    fields: readTaskState(kind, upToHole(dump.bytes)),
    before: dump.before === null ? [] : readTaskState(kind, upToHole(dump.before)),
  };
}
