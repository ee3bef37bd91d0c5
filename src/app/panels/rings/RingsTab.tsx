import { Shield, User } from 'lucide-react';
import type { CrossingView, KernelView, MachineView } from '../../../worker/protocol.ts';
import { cx } from '../../components/cx.ts';
import { hex } from '../../format/hex.ts';
import { ago } from '../../format/ago.ts';
import { goTo } from '../../store/history.ts';
import { useKernel } from '../../store/kernel.ts';
import { canTravel, instructionView, useMachine } from '../../store/machine.ts';
import { fileName } from '../../store/sources.ts';
import styles from './RingsTab.module.css';

/** Crossings listed. */
const listed = 24;

/** Who is where: the ring that runs and what it runs, where the other one was left, and how the border was crossed. */
export function RingsTab() {
  const view = useMachine((state) => state.view);
  const inside = useMachine(instructionView);
  const kernel = useKernel();
  if (view === null || inside === null) return null;
  const { cpl } = view.registers;
  const crossings = kernel?.crossings.filter(({ from, to }) => from !== to) ?? [];
  const last = crossings.at(-1);
  return (
    <div className={styles.rings}>
      <Ring ring={3} here={cpl === 3} who={processOf(kernel)} where={whereIn(3, view, inside, crossings)} />
      <Border crossing={last} cpl={cpl} />
      <Ring ring={0} here={cpl !== 3} who={kernelName(kernel)} where={whereIn(0, view, inside, crossings)} />
      <p className={styles.unused}>Rings 1 and 2 exist too; nobody uses them.</p>
      <Crossings crossings={crossings} />
    </div>
  );
}

function processOf(kernel: KernelView | null): string {
  const current = kernel?.processes?.find((process) => process.current);
  return current === undefined ? 'the program' : `${current.name}, process ${current.pid}`;
}

const kernelName = (kernel: KernelView | null): string =>
  kernel === null || kernel.processes === null ? 'the kernel' : 'Emergence kernel';

/** Where a ring stands now, or where it was left. */
function whereIn(ring: 0 | 3, view: MachineView, inside: MachineView, crossings: readonly CrossingView[]): string {
  const here = (view.registers.cpl === 3) === (ring === 3);
  if (here) {
    const { source } = inside;
    const place = view.symbols['rip'] ?? hex(view.registers.rip);
    return source === null ? place : `${place} · ${fileName(source.file)}:${source.line}`;
  }
  const left = crossings.findLast(({ from }) => (from === 3) === (ring === 3));
  return left === undefined ? 'has not run yet' : `left at ${left.left}`;
}

interface RingProps {
  readonly ring: 0 | 3;
  readonly here: boolean;
  readonly who: string;
  readonly where: string;
}

function Ring({ ring, here, who, where }: RingProps) {
  const Sign = ring === 3 ? User : Shield;
  return (
    <section
      className={cx(styles.ring, ring === 3 ? styles.user : styles.kernel, here && styles.here)}
      aria-label={`Ring ${ring}`}
    >
      <Sign size={22} aria-hidden />
      <div>
        <b>CPL {ring}</b> <span>{who}</span>
        <code>{where}</code>
      </div>
      {here && <em>runs now</em>}
    </section>
  );
}

/** The border between the rings, with the last way over it: drawn once when it is crossed. */
function Border({ crossing, cpl }: { readonly crossing: CrossingView | undefined; readonly cpl: number }) {
  const inwards = cpl !== 3;
  return (
    <div className={styles.border}>
      <svg viewBox="0 0 40 46" width="40" height="46" aria-hidden>
        <g className={cx(!inwards && styles.outwards)}>
          <path className={styles.way} d="M20 3v36" />
          <path className={styles.way} d="M13 32l7 8 7-8" />
          {crossing !== undefined && (
            <circle key={`${crossing.count} ${crossing.turn}`} className={styles.walker} cx="20" cy="6" r="5" />
          )}
        </g>
      </svg>
      <p>
        {crossing === undefined ? (
          'The border has not been crossed yet.'
        ) : (
          <>
            <b>{crossing.title}</b> {crossing.from} to {crossing.to}, into <code>{crossing.entered}</code>
          </>
        )}
      </p>
    </div>
  );
}

function Crossings({ crossings }: { readonly crossings: readonly CrossingView[] }) {
  const ready = useMachine(canTravel);
  const now = useMachine((state) => state.view?.instructions ?? 0);
  if (crossings.length === 0) return null;
  return (
    <section aria-label="Last crossings">
      <h3 className={styles.heading}>Last crossings</h3>
      <ol className={styles.list}>
        {crossings
          .slice(-listed)
          .toReversed()
          .map(({ count, turn, title, from, to, left, entered }) => (
            <li key={`${count} ${turn}`}>
              <button type="button" className={styles.crossing} disabled={!ready} onClick={() => goTo(count)}>
                <span className={to === 3 ? styles.out : styles.in}>
                  {from} → {to}
                </span>
                <span>
                  <b>{title}</b>{' '}
                  <code>
                    {left} → {entered}
                  </code>
                  <small>{ago(now - count)}</small>
                </span>
              </button>
            </li>
          ))}
      </ol>
    </section>
  );
}
