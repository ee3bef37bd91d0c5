import { callFrames, frameLabels } from '../../format/stack.ts';
import { hex } from '../../format/hex.ts';
import { wordsOf } from '../../format/words.ts';
import { useMachine } from '../../store/machine.ts';
import { useTaskState } from '../system/useTaskState.ts';
import { useMemory } from '../system/useMemory.ts';
import { useNames } from '../system/useNames.ts';
import styles from './StackTab.module.css';
import { StackTable } from './StackTable.tsx';

const wordsShown = 64;

/** The stack from RSP up: words, what they point at, and the frame a crossing from ring 3 left. */
export function StackTab() {
  const registers = useMachine((state) => state.view?.registers);
  const rsp = registers?.gpr[4] ?? 0n;
  const dump = useMemory(registers === undefined ? null : rsp, wordsShown * 8);
  const taskState = useTaskState();
  const read = dump === null || dump.start !== rsp ? [] : wordsOf(dump.bytes);
  const words = read.slice(0, read.findLastIndex((word) => word !== null) + 1);
  const names = useNames(words.filter((word) => word !== null && word !== 0n) as bigint[]);
  if (registers === undefined) return null;
  const rsp0 = taskState?.fields.find(({ field }) => field.name === 'RSP0')?.value ?? null;
  const wordAt = (address: bigint): bigint | null => words[Number((address - rsp) / 8n)] ?? null;
  const saved = frameLabels(registers, rsp0, wordAt);
  const labels = new Map([...callFrames(registers, wordAt), ...saved]);
  // Above the frame there is nothing of this crossing's.
  const shown = saved.size === 0 || rsp0 === null ? words : words.slice(0, Number((rsp0 - rsp) / 8n));
  return (
    <div className={styles.stack}>
      <p className={styles.summary}>
        <b>RSP {hex(rsp)}</b>{' '}
        {saved.size > 0 ? 'on the kernel’s stack; what it took from ring 3 is saved at its top' : ''}
      </p>
      {shown.length === 0 ? (
        <p className={styles.summary}>No page is present there.</p>
      ) : (
        <StackTable rsp={rsp} words={shown} names={names} labels={labels} frame={registers.gpr[5] ?? 0n} />
      )}
    </div>
  );
}
