import { OctagonX, TriangleAlert, X } from 'lucide-react';
import { useState } from 'react';
import type { MachineView } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { cx } from '../../components/cx.ts';
import { dismissProblem, reset } from '../../store/commands.ts';
import { stepBack } from '../../store/history.ts';
import { useMachine } from '../../store/machine.ts';
import { OpenedNotice } from '../share/OpenedNotice.tsx';
import styles from './Banner.module.css';

interface BannersProps {
  /**
   * Where a status strip says that the guest has ended or waits, only a triple fault has a banner: one that came and went
   * with every run of a program being edited would move the page each time.
   */
  readonly ends?: 'all' | 'faults';
}

/** Problems to act on, and the end of a machine. */
export function Banners({ ends = 'all' }: BannersProps) {
  return (
    <>
      <OpenedNotice />
      <ProblemBanner />
      <EndBanner onlyFaults={ends === 'faults'} />
    </>
  );
}

function ProblemBanner() {
  const problem = useMachine((state) => state.problem);
  if (problem === null) return null;
  return (
    <div role="alert" className={cx(styles.banner, styles.problem)}>
      <TriangleAlert size={18} aria-hidden />
      <p>
        <b>{problem.title}</b> {problem.detail}
      </p>
      <Control aria-label="Dismiss" onPress={dismissProblem}>
        <X size={16} aria-hidden />
      </Control>
    </div>
  );
}

/** What ended the machine; null while it can go on. */
function endOf(view: MachineView): string | null {
  if (view.state === 'triple-fault') {
    const chain = view.why.map(({ name }) => name);
    return `Triple fault${chain.length > 0 ? `: ${chain.join(', then ')}` : ''}. The processor has shut down.`;
  }
  if (view.state === 'halted') return view.stop.text;
  if (view.state === 'off') {
    return `The machine has switched itself off${view.exitCode === null ? '' : `, exit code ${view.exitCode}`}.`;
  }
  return null;
}

function EndBanner({ onlyFaults }: { readonly onlyFaults: boolean }) {
  const view = useMachine((state) => state.view);
  const going = useMachine((state) => state.booting || state.running !== null);
  const [hidden, setHidden] = useState<MachineView | null>(null);
  const end = view === null || going ? null : endOf(view);
  if (view === null || end === null || hidden === view) return null;
  const fault = view.state === 'triple-fault';
  if (onlyFaults && !fault) return null;
  return (
    <div role={fault ? 'alert' : 'status'} className={cx(styles.banner, fault && styles.fault)}>
      {fault && <OctagonX size={18} aria-hidden />}
      <p>
        <b>{end}</b> Its state stays visible.
      </p>
      <Control look="framed" onPress={stepBack}>
        Step back
      </Control>
      <Control look="framed" onPress={reset}>
        Boot again
      </Control>
      <Control aria-label="Dismiss" onPress={() => setHidden(view)}>
        <X size={16} aria-hidden />
      </Control>
    </div>
  );
}
