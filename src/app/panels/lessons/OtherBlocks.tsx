import { Lightbulb, Play, ScanSearch } from 'lucide-react';
import { useState } from 'react';
import { Control } from '../../components/Control.tsx';
import type { Block, Panel } from '../../../lessons/lesson.ts';
import { canTravel, useMachine } from '../../store/machine.ts';
import { showPanels } from '../../store/panelNames.ts';
import { type PhoneTab, useSettings } from '../../store/settings.ts';
import styles from './Blocks.module.css';
import { perform, useCourse } from './course.ts';
import { Texts } from './Texts.tsx';

type Of<Kind extends Block['kind']> = Extract<Block, { readonly kind: Kind }>;

/** A button that has the machine do something. */
export function StepBlock({ block }: { readonly block: Of<'step'> }) {
  const ready = useMachine((state) => canTravel(state) && !state.busy);
  const settingUp = useCourse((state) => state.settingUp);
  return (
    <div>
      <Control look="primary" isDisabled={!ready || settingUp} onPress={() => perform(block.do)}>
        <Play size={14} aria-hidden />
        {block.label}
      </Control>
    </div>
  );
}

/** Names of panels as a reader meets them, and where a phone has them. */
const PANELS: Readonly<Record<Panel, readonly [string, PhoneTab]>> = {
  descriptors: ['the descriptors', 'state'],
  msrs: ['the MSRs', 'state'],
  paging: ['the page walk', 'memory'],
  code: ['the disassembly', 'memory'],
  stack: ['the stack', 'memory'],
  memory: ['the memory', 'memory'],
  registers: ['the registers', 'state'],
  happening: ['what is happening', 'state'],
  terminal: ['the terminal', 'output'],
  source: ['the source', 'code'],
  timeline: ['the timeline', 'state'],
};

/** The accessible names of panels that are always there on a large screen. */
const REGIONS: Partial<Record<Panel, string>> = {
  registers: 'Registers',
  happening: 'What is happening',
  terminal: 'Terminal',
  source: 'Source',
  timeline: 'Timeline',
};

const BRIEFLY_MS = 1600;

/** Brings a panel to the front and lets it light up. */
function show(panel: Panel): void {
  showPanels([panel]);
  if (useSettings.getState().phoneTab === 'lesson') useSettings.setState({ phoneTab: PANELS[panel][1] });
  // The panel may only be there after the next frame.
  requestAnimationFrame(() => {
    const region = document.querySelector(`section[aria-label="${REGIONS[panel] ?? 'System'}"]`);
    region?.setAttribute('data-pointed', '');
    setTimeout(() => region?.removeAttribute('data-pointed'), BRIEFLY_MS);
  });
}

export function ShowBlock({ block }: { readonly block: Of<'show'> }) {
  return (
    <div>
      <Control look="framed" onPress={() => show(block.panel)}>
        <ScanSearch size={15} aria-hidden />
        {block.label === '' ? `Show ${PANELS[block.panel][0]}` : block.label}
      </Control>
    </div>
  );
}

export function HintBlock({ block }: { readonly block: Of<'hint'> }) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return (
      <div>
        <Control look="plain" onPress={() => setOpen(true)}>
          Give me a hint
        </Control>
      </div>
    );
  }
  return (
    <div role="note" className={styles.hint}>
      <Lightbulb size={15} aria-hidden />
      <div className={styles.texts}>
        <Texts texts={block.texts} />
      </div>
    </div>
  );
}
