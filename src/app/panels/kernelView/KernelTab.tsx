import type { CallView, KernelView, ProcessView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { ago } from '../../format/ago.ts';
import { goTo } from '../../store/history.ts';
import { useKernel } from '../../store/kernel.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import styles from './KernelTab.module.css';

/** The kernel's own books: its processes, and the system calls made of it. */
export function KernelTab() {
  const kernel = useKernel();
  if (kernel === null) return <p className={styles.empty}>Looking at the kernel…</p>;
  return (
    <>
      <Processes kernel={kernel} />
      <Calls kernel={kernel} />
    </>
  );
}

function Processes({ kernel: { processes, reason } }: { readonly kernel: KernelView }) {
  return (
    <section className={styles.part} aria-label="Processes">
      <h3>
        Processes <small>read from the kernel’s memory</small>
      </h3>
      {processes === null && <p className={styles.empty}>{reason}</p>}
      {processes?.length === 0 && <p className={styles.empty}>There are none: not started yet, or all have ended.</p>}
      {processes !== null && processes.length > 0 && (
        <table className={styles.table} aria-label="Processes">
          <thead>
            <tr>
              <th scope="col">pid</th>
              <th scope="col">name</th>
              <th scope="col">state</th>
              <th scope="col">parent</th>
              <th scope="col">ticks</th>
            </tr>
          </thead>
          <tbody>
            {processes.map((process) => (
              <Process key={process.pid} process={process} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Process({ process: { pid, name, state, parent, ticks, current } }: { readonly process: ProcessView }) {
  return (
    <tr className={cx(current && styles.current)}>
      <th scope="row">{pid}</th>
      <td>
        <b>{name}</b>
        {current && <abbr title="CR3 holds its page tables">CR3</abbr>}
      </td>
      <td data-state={state}>{state}</td>
      <td>{parent ?? '–'}</td>
      <td>{ticks}</td>
    </tr>
  );
}

function Calls({ kernel: { calls, complete } }: { readonly kernel: KernelView }) {
  const ready = useMachine(canTravel);
  const now = useMachine((state) => state.view?.instructions ?? 0);
  return (
    <section className={styles.part} aria-label="System calls">
      <h3>
        System calls <small>newest first; a press goes there</small>
      </h3>
      {calls.length === 0 && <p className={styles.empty}>None has been made yet.</p>}
      <ol className={styles.calls}>
        {calls.toReversed().map((call) => (
          <li key={`${call.count} ${call.turn}`}>
            <button type="button" className={styles.call} disabled={!ready} onClick={() => goTo(call.count)}>
              <Call call={call} />
              <small>
                {call.process ?? `CPL ${call.from}`} · {call.door === 'syscall' ? '' : `by ${call.door} · `}
                {ago(now - call.count)}
              </small>
            </button>
          </li>
        ))}
      </ol>
      {!complete && calls.length > 0 && <p className={styles.empty}>Older ones are not looked at.</p>}
    </section>
  );
}

function Call({ call: { name, number, arguments: args, result } }: { readonly call: CallView }) {
  return (
    <code>
      <b>{name ?? `call ${number}`}</b>(
      {args.map((argument, index) => (
        <span key={argument.name} title={argument.name}>
          {index > 0 && ', '}
          <i>{argument.text}</i>
        </span>
      ))}
      ) <span className={cx(result?.startsWith('-') && styles.error)}>{result === null ? '…' : `= ${result}`}</span>
      {result === null && <span className="visually-hidden">has not returned</span>}
    </code>
  );
}
