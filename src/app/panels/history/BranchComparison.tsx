import type { BranchDifference } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { hex, thousands } from '../../format/hex.ts';
import styles from './Branches.module.css';

interface BranchComparisonProps {
  readonly ours: string;
  readonly theirs: string;
  readonly difference: BranchDifference;
  readonly onGo: (count: number) => void;
}

/** In what two branches differ first. */
export function BranchComparison({ ours, theirs, difference, onGo }: BranchComparisonProps) {
  const { events, output, state } = difference;
  const cut = output !== null && output.offset > before;
  const same = events === null && output === null && state.length === 0;
  return (
    <section className={styles.comparison} aria-label={`${ours} compared with ${theirs}`}>
      <h3>
        {ours} and {theirs}
      </h3>
      {same && <p>They do not differ.</p>}
      {events !== null && (
        <div>
          <h4>First change by hand that differs</h4>
          <Pair ours={ours} theirs={theirs} left={events.ours ?? 'nothing'} right={events.theirs ?? 'nothing'} />
          <Control look="framed" onPress={() => onGo(events.count)}>
            Go to instruction {thousands(events.count)}
          </Control>
        </div>
      )}
      {output !== null && (
        <div>
          <h4>Output differs from byte {thousands(output.offset)}</h4>
          <Pair ours={ours} theirs={theirs} left={quoted(output.ours, cut)} right={quoted(output.theirs, cut)} mono />
        </div>
      )}
      {state.length > 0 && (
        <div>
          <h4>
            {state.length} {state.length === 1 ? 'register differs' : 'registers differ'} at the ends
          </h4>
          <table className={styles.registers}>
            <thead>
              <tr>
                <th scope="col">register</th>
                <th scope="col">{ours}</th>
                <th scope="col">{theirs}</th>
              </tr>
            </thead>
            <tbody>
              {state.map((row) => (
                <tr key={row.name}>
                  <th scope="row">{row.name.toUpperCase()}</th>
                  <td>{hex(row.ours)}</td>
                  <td>{hex(row.theirs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
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
