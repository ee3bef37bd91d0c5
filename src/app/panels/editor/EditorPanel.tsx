import { useEffect, useId } from 'react';
import { cx } from '../../components/cx.ts';
import panel from '../../components/Panel.module.css';
import tabs from '../../components/TabbedPanel.module.css';
import { loadSource } from '../../store/commands.ts';
import { useMachine } from '../../store/machine.ts';
import { selectFile, useSources } from '../../store/sources.ts';
import { FileTabs } from './FileTabs.tsx';
import { SourcePane } from './SourcePane.tsx';

/** Sources of the kernel and its user programs, following the machine to where it stands. */
export function EditorPanel({ plain = false }: { readonly plain?: boolean }) {
  const files = useSources((state) => state.files);
  const selected = useSources((state) => state.selected);
  const machineNumber = useMachine((state) => state.machineNumber);
  const panelId = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another machine has other sources
  useEffect(() => {
    loadSource(selected);
  }, [selected, machineNumber]);
  return (
    <section className={panel.panel} aria-label="Source">
      <div className={cx(panel.header, tabs.header)}>
        <FileTabs files={files} selected={selected} onSelect={selectFile} panelId={panelId} />
        <span className={panel.aside}>read only</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrolled content must be reachable by keyboard */}
      <div id={panelId} role="tabpanel" aria-labelledby={`${panelId}-${selected}`} tabIndex={0} className={panel.body}>
        <SourcePane file={selected} plain={plain} />
      </div>
    </section>
  );
}
