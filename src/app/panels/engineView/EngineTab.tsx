import type { EngineView, RefusalReason } from '../../../worker/protocol.ts';
import { useNames } from '../system/useNames.ts';
import styles from './EngineTab.module.css';
import { useEngine } from './useEngine.ts';

const WHY: Readonly<Record<RefusalReason, string>> = {
  mode: 'not 64-bit code',
  routine: 'begins with an instruction only the interpreter has',
  rewritten: 'rewritten again and again',
  short: 'few instructions and no loop',
};
const REASONS: readonly RefusalReason[] = ['mode', 'routine', 'rewritten', 'short'];
/** Rows of each table. */
const MOST_ROWS = 40;

const grouped = (n: number): string => n.toLocaleString('en-US');
const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KiB`;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** How the machine's instructions run: which are interpreted, which are compiled, and why not more. */
export function EngineTab() {
  const engine = useEngine();
  if (engine === null) return <p className={styles.empty}>Asking the engine…</p>;
  return (
    <>
      <Share engine={engine} />
      {engine.compiles && <Compiled engine={engine} />}
      {engine.compiles && <Refused engine={engine} />}
    </>
  );
}

function Share({ engine: { compiles, run, compiled } }: { readonly engine: EngineView }) {
  const share = run === 0 ? 0 : compiled / run;
  return (
    <section className={styles.part} aria-label="Instructions run">
      <h3>
        Instructions run <small>ways back and forth included</small>
      </h3>
      <div className={styles.bar} role="img" aria-label={`${percent(share)} compiled, the rest interpreted`}>
        <div className={styles.fill} style={{ width: `${100 * share}%` }} />
      </div>
      <dl className={styles.facts}>
        <dt>compiled</dt>
        <dd>
          {grouped(compiled)} <small>{percent(share)}</small>
        </dd>
        <dt>interpreted</dt>
        <dd>
          {grouped(run - compiled)} <small>{percent(run === 0 ? 0 : 1 - share)}</small>
        </dd>
      </dl>
      {!compiles && <p className={styles.empty}>Compiling is off in this machine.</p>}
    </section>
  );
}

function Compiled({ engine: { regions, bytes, mostBytes, statistics } }: { readonly engine: EngineView }) {
  const shown = regions.slice(-MOST_ROWS).toReversed();
  const names = useNames(shown.map(({ rip }) => rip));
  const { compiled, rewritten, evicted, mapped, postponed } = statistics;
  return (
    <section className={styles.part} aria-label="Compiled code">
      <h3>
        Compiled code <small>hot loops and what they call, as WebAssembly</small>
      </h3>
      <dl className={styles.facts}>
        <dt>pieces now</dt>
        <dd>
          {grouped(regions.length)} <small>of {grouped(compiled)} ever made</small>
        </dd>
        <dt>WebAssembly</dt>
        <dd>
          {kilobytes(bytes)} <small>of at most {kilobytes(mostBytes)}</small>
        </dd>
        <dt>forgotten</dt>
        <dd>
          {grouped(rewritten)} <small>rewritten,</small> {grouped(evicted)} <small>for room</small>
        </dd>
        <dt>not entered</dt>
        <dd>
          {grouped(mapped)} <small>times: a page was mapped elsewhere</small>
        </dd>
        <dt>held up</dt>
        <dd>
          {grouped(postponed)} <small>times: compiling had taken its share of the time</small>
        </dd>
      </dl>
      {shown.length === 0 && <p className={styles.empty}>Nothing has been hot enough yet.</p>}
      {shown.length > 0 && (
        <table className={styles.table} aria-label="Compiled pieces">
          <thead>
            <tr>
              <th scope="col">from</th>
              <th scope="col">instructions</th>
              <th scope="col">pages</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ rip, instructions, pages }) => (
              <tr key={`${rip} ${instructions} ${pages}`}>
                <th scope="row">
                  <Place rip={rip} name={names.get(rip)} />
                </th>
                <td>{instructions}</td>
                <td>{pages}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Refused({ engine: { refused, statistics } }: { readonly engine: EngineView }) {
  const shown = refused.toReversed();
  const names = useNames(shown.map(({ rip }) => rip));
  return (
    <section className={styles.part} aria-label="Interpreted although hot">
      <h3>
        Interpreted although hot <small>newest first</small>
      </h3>
      <dl className={styles.facts}>
        {REASONS.map((why) => (
          <div key={why}>
            <dt>{WHY[why]}</dt>
            <dd>{grouped(statistics.refused[why])}</dd>
          </div>
        ))}
      </dl>
      {shown.length > 0 && (
        <ol className={styles.places}>
          {shown.map(({ rip, why }, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same place may be refused twice
            <li key={n}>
              <Place rip={rip} name={names.get(rip)} /> <small>{WHY[why]}</small>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Place({ rip, name }: { readonly rip: bigint; readonly name: string | undefined }) {
  return <code title={`0x${rip.toString(16)}`}>{name ?? `0x${rip.toString(16)}`}</code>;
}
