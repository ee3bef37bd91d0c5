import type { BranchDifference } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { countOf, differencesText } from '../../format/branches.ts';
import { hex, thousands } from '../../format/hex.ts';
import styles from './Branches.module.css';
import { type DifferenceRow, DifferenceTable } from './DifferenceTable.tsx';
import { MemoryDifferences } from './MemoryDifferences.tsx';

interface BranchComparisonProps {
  readonly ours: string;
  readonly theirs: string;
  readonly difference: BranchDifference;
  readonly onGo: (count: number) => void;
}

/** In what two branches differ first: in what was done by hand, in their state and in their output. */
export function BranchComparison({ ours, theirs, difference, onGo }: BranchComparisonProps) {
  const { events, output, ends } = difference;
  const cut = output !== null && output.offset > before;
  const names = { ours, theirs };
  return (
    <section className={styles.comparison} aria-label={`${ours} compared with ${theirs}`}>
      <h3>
        {ours} and {theirs}
      </h3>
      <p role="status">{differencesText(ours, theirs, difference)}</p>
      {events !== null && (
        <>
          <div>
            <h4>Events: first difference at instruction {thousands(events.count)}</h4>
            <Pair {...names} left={events.ours ?? 'nothing'} right={events.theirs ?? 'nothing'} />
            <Control look="framed" onPress={() => onGo(events.count)}>
              Go to instruction {thousands(events.count)}
            </Control>
          </div>
          <div>
            <h4>
              {output === null ? 'Output: the same' : `Output: first difference at byte ${thousands(output.offset)}`}
            </h4>
            {output !== null && (
              <Pair {...names} left={quoted(output.ours, cut)} right={quoted(output.theirs, cut)} mono />
            )}
          </div>
          <div>
            <h4>State where they end</h4>
            <p className={styles.about}>
              {ends.ours === ends.theirs
                ? `Both at instruction ${thousands(ends.ours)}.`
                : `${ours} at instruction ${thousands(ends.ours)}, ${theirs} at ${thousands(ends.theirs)}.`}
            </p>
            <StateDifferences {...names} difference={difference} />
          </div>
        </>
      )}
    </section>
  );
}

function StateDifferences({ ours, theirs, difference }: Omit<BranchComparisonProps, 'onGo'>) {
  const { state, descriptors, devices, memory } = difference;
  const names = { ours, theirs };
  const values = state.map((row) => ({ ...row, ours: hex(row.ours), theirs: hex(row.theirs) }));
  const msrs = values.filter(({ name }) => name.startsWith('IA32_'));
  const registers = values
    .filter(({ name }) => !name.startsWith('IA32_'))
    .map((row) => ({ ...row, name: row.name.toUpperCase() }));
  const entries = descriptors.map(
    ({ table, index, ...row }): DifferenceRow => ({
      name:
        table === 'idt'
          ? `IDT gate ${index >> 1}${index % 2 === 1 ? ', high half' : ''}`
          : `${table.toUpperCase()} ${hex(8 * index)}`,
      ours: row.ours === null ? 'no entry' : hex(row.ours, 16),
      theirs: row.theirs === null ? 'no entry' : hex(row.theirs, 16),
    }),
  );
  const parts = devices.map(({ name, ...row }) => ({ name, ours: row.ours ?? 'none', theirs: row.theirs ?? 'none' }));
  return (
    <>
      <DifferenceTable {...names} title={countOf(registers.length, 'register')} of="register" rows={registers} />
      <DifferenceTable {...names} title={countOf(msrs.length, 'MSR')} of="MSR" rows={msrs} />
      <DifferenceTable {...names} title={countOf(entries.length, 'descriptor')} of="descriptor" rows={entries} />
      <DifferenceTable {...names} title={countOf(parts.length, 'part of a device')} of="device" rows={parts} />
      <MemoryDifferences {...names} memory={memory} />
    </>
  );
}

/** Line ends and other controls as they would be typed; `cut` when the text does not begin here. */
const quoted = (text: string, cut: boolean): string =>
  text === '' ? 'nothing more' : `${cut ? '…' : ''}${JSON.stringify(text).slice(1, -1)}`;
/** Characters shown before the first that differs. */
const before = 40;

interface PairProps {
  readonly ours: string;
  readonly theirs: string;
  readonly left: string;
  readonly right: string;
  readonly mono?: boolean;
}

function Pair({ ours, theirs, left, right, mono = false }: PairProps) {
  return (
    <dl className={styles.pair}>
      <div>
        <dt>{ours}</dt>
        <dd className={mono ? styles.mono : undefined}>{left}</dd>
      </div>
      <div>
        <dt>{theirs}</dt>
        <dd className={mono ? styles.mono : undefined}>{right}</dd>
      </div>
    </dl>
  );
}
