import { useEffect, useId, useState } from 'react';
import { cx } from '../../components/cx.ts';
import { MoveMenu } from '../../components/MoveMenu.tsx';
import panel from '../../components/Panel.module.css';
import tabs from '../../components/TabbedPanel.module.css';
import { loadLines, loadSource } from '../../store/commands.ts';
import { useMachine } from '../../store/machine.ts';
import { firstProgram, isEditable, usePrograms } from '../../store/programs.ts';
import { selectFile, useSources } from '../../store/sources.ts';
import { BuildStatus } from './BuildStatus.tsx';
import { ChangedKernel } from './ChangedKernel.tsx';
import { EditorFoot } from './EditorFoot.tsx';
import { FileTabs } from './FileTabs.tsx';
import { KernelFilesMenu } from './KernelFilesMenu.tsx';
import { NewProgramMenu } from './NewProgramMenu.tsx';
import { PastText } from './PastText.tsx';
import { ProgramMenu } from './ProgramMenu.tsx';
import { SourcePane } from './SourcePane.tsx';

/** User programs to be edited and sources of the kernel, following the machine to where it stands. */
export function EditorPanel({ plain = false }: { readonly plain?: boolean }) {
  const served = useSources((state) => state.files);
  const selected = useSources((state) => state.selected);
  const programs = usePrograms((state) => state.programs);
  const plainEditor = usePrograms((state) => state.plainEditor);
  const machineNumber = useMachine((state) => state.machineNumber);
  const [typing, setTyping] = useState(false);
  const panelId = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another machine has other sources
  useEffect(() => {
    loadSource(selected);
    loadLines(selected);
  }, [selected, machineNumber]);
  const files = [...new Set([firstProgram, ...Object.keys(programs), ...served])];
  const withoutMonaco = plain || plainEditor;
  const editable = isEditable(selected);
  return (
    <section className={panel.panel} aria-label="Source">
      <div className={cx(panel.header, tabs.header)}>
        <FileTabs files={files} selected={selected} onSelect={selectFile} panelId={panelId} />
        <NewProgramMenu />
        <KernelFilesMenu />
        <BuildStatus file={selected} />
        {editable && (
          <ProgramMenu
            file={selected}
            files={files}
            typing={plain ? { on: typing, toggle: () => setTyping(!typing) } : null}
          />
        )}
        <MoveMenu title="Source" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrolled content must be reachable by keyboard */}
      <div id={panelId} role="tabpanel" aria-labelledby={`${panelId}-${selected}`} tabIndex={0} className={panel.body}>
        <SourcePane file={selected} plain={withoutMonaco} typing={plainEditor || typing} />
      </div>
      <PastText file={selected} />
      <ChangedKernel />
      {editable && <EditorFoot file={selected} plain={withoutMonaco} />}
    </section>
  );
}
