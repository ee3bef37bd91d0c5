import { readTaskState64, type StructureValue, TSS64_BYTES } from '../../../registers/taskState.ts';
import { useMachine } from '../../store/machine.ts';
import { useMemory } from './useMemory.ts';

/** Fields of the TSS that TR names, as far as they lie in mapped memory; none when there is no TSS. */
export function useTaskState(): readonly StructureValue[] {
  const tr = useMachine((state) => state.view?.registers.segments.tr);
  const start = tr === undefined || (tr.selector & ~3) === 0 ? null : tr.base;
  const dump = useMemory(start, TSS64_BYTES);
  if (dump === null || dump.start !== start) return [];
  const missing = dump.bytes.indexOf(null);
  const bytes = dump.bytes.slice(0, missing < 0 ? dump.bytes.length : missing);
  return readTaskState64(Uint8Array.from(bytes, (byte) => byte ?? 0));
}
