import type { SideView } from '../../../worker/protocol.ts';
import { Panel, PanelBody } from '../../components/Panel.tsx';
import { RingBadge } from '../../components/RingBadge.tsx';
import { thousands } from '../../format/hex.ts';
import { useLab } from '../../store/lab.ts';
import { MicroSteps } from '../happening/MicroSteps.tsx';
import { NextInstruction } from '../happening/NextInstruction.tsx';
import { WhyCard } from '../happening/WhyCard.tsx';
import styles from './SideCard.module.css';

interface SideCardProps {
  readonly side: 'left' | 'right';
  readonly view: SideView;
  readonly before: SideView | null;
}

/** One of the two machines: its ring, what it is about to do or why it faulted, and what it has printed. */
export function SideCard({ side, view, before }: SideCardProps) {
  const { chosen, leftFlawed, leftCpu, rightCpu } = useLab();
  const flawed = (side === 'right' || leftFlawed) && chosen.length > 0;
  const name = flawed ? chosen.join(' ') : 'repaired kernel';
  const cpu = side === 'left' ? leftCpu : rightCpu;
  const title = `${side === 'left' ? 'Left' : 'Right'} machine`;
  const { machine, output } = view;
  const { why, microcode, state, registers } = machine;
  return (
    <Panel
      label={title}
      title={name}
      aside={
        <span className={styles.aside}>
          <span>
            {cpu === 'amd' ? 'AMD' : 'Intel'} · instruction {thousands(machine.instructions)}
          </span>
          <RingBadge cpl={registers.cpl} />
        </span>
      }
    >
      <PanelBody label={`${title}, what happens`}>
        {why.length > 0 && <WhyCard chain={why} ended={state === 'triple-fault'} />}
        {microcode === null ? (
          <NextInstruction view={machine} />
        ) : (
          <MicroSteps
            microcode={microcode}
            view={machine}
            baseline={before?.machine ?? null}
            follow={why.length === 0}
          />
        )}
      </PanelBody>
      <PanelBody label={`${title}, serial output`} className={styles.output}>
        <pre>{output === '' ? 'Nothing printed yet.' : output}</pre>
      </PanelBody>
    </Panel>
  );
}
