import type { SegmentView, TableWords } from '../../../worker/protocol.ts';
import { ATTRIBUTE } from '../../../registers/descriptor.ts';
import { wordsOf } from '../../format/words.ts';
import { useMachine } from '../../store/machine.ts';
import { useMemory } from './useMemory.ts';

export interface Ldt {
  readonly base: bigint;
  readonly limit: number;
  readonly words: TableWords;
  readonly before: TableWords | undefined;
}

/** 8192 entries of 8 bytes. */
const MOST = 0x10000;

/** After reset LDTR is null, and its hidden part present all the same (SDM vol. 3A, table 9-1). */
export const isLoaded = ({ selector, attributes }: SegmentView): boolean =>
  (selector & 0xfffc) !== 0 && (attributes & ATTRIBUTE.P) !== 0;

/** The table that LDTR names; null when it names none, and until it is read. */
export function useLdt(): Ldt | null {
  const ldtr = useMachine((state) => state.view?.registers.segments.ldtr);
  const usable = ldtr !== undefined && isLoaded(ldtr);
  const length = usable ? Math.min(ldtr.limit + 1, MOST) & ~7 : 0;
  const dump = useMemory(usable ? ldtr.base : null, length);
  if (!usable || dump === null || dump.start !== ldtr.base) return null;
  const { base, limit } = ldtr;
  return { base, limit, words: wordsOf(dump.bytes), before: dump.before === null ? undefined : wordsOf(dump.before) };
}
