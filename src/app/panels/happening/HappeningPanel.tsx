import { Panel, PanelBody } from '../../components/Panel.tsx';
import { useMachine } from '../../store/machine.ts';
import type { MachineView } from '../../../worker/protocol.ts';
import { fileName } from '../../store/sources.ts';
import { CodeListing } from '../system/CodeListing.tsx';
import styles from './HappeningPanel.module.css';
import { MicroSteps } from './MicroSteps.tsx';
import { StepButtons } from './StepButtons.tsx';
import { NextInstruction } from './NextInstruction.tsx';
import { RunningNotice } from './RunningNotice.tsx';
import { WhyCard } from './WhyCard.tsx';

function placeOf({ source, symbols }: MachineView): string {
  return source === null ? (symbols['rip'] ?? '') : `${fileName(source.file)}:${source.line}`;
}

/** Whether the micro-steps shown bring an exception to its handler. */
function isOfDelivery({ microcode, why }: MachineView): boolean {
  return microcode !== null && why.some(({ name }) => name === microcode.name);
}

/** What the machine has just done and is about to do: micro-steps, a fault with its cause, or the code around RIP. */
export function HappeningPanel() {
  const view = useMachine((state) => state.view);
  const baseline = useMachine((state) => state.baseline);
  const running = useMachine((state) => state.running !== null);
  if (view === null) {
    return (
      <Panel label="What is happening" title="What is happening">
        <Booting />
      </Panel>
    );
  }
  const { microcode } = view;
  // Its steps are what one looks at now; why it is delivered has been read.
  const delivering = microcode !== null && microcode.position > 0 && isOfDelivery(view);
  const aside = microcode === null ? placeOf(view) : microcode.manual;
  return (
    <Panel label="What is happening" title="What is happening" aside={aside}>
      <PanelBody label="What is happening, details">
        {running && <RunningNotice />}
        {view.why.length > 0 && (
          <WhyCard chain={view.why} ended={view.state === 'triple-fault'} folded={delivering} own />
        )}
        {microcode === null ? (
          <>
            <NextInstruction view={view} />
            {view.why.length === 0 && <CodeListing view={view} />}
          </>
        ) : (
          <MicroSteps
            microcode={microcode}
            view={view}
            baseline={baseline}
            follow={view.why.length === 0 || delivering}
            controls={<StepButtons />}
          />
        )}
      </PanelBody>
    </Panel>
  );
}

function Booting() {
  const booting = useMachine((state) => state.booting);
  return <p className={styles.empty}>{booting ? 'The machine is booting…' : 'There is no machine.'}</p>;
}
