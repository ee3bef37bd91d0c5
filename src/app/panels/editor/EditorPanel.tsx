import { useEffect } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { cx } from '../../components/cx.ts';
import panel from '../../components/Panel.module.css';
import tabs from '../../components/TabbedPanel.module.css';
import { loadSource } from '../../store/commands.ts';
import { useMachine } from '../../store/machine.ts';
import { fileName, selectFile, useSources } from '../../store/sources.ts';
import { SourcePane } from './SourcePane.tsx';

/** Sources of the kernel and its user programs, following the machine to where it stands. */
export function EditorPanel({ plain = false }: { readonly plain?: boolean }) {
  const files = useSources((state) => state.files);
  const selected = useSources((state) => state.selected);
  const machineNumber = useMachine((state) => state.machineNumber);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another machine has other sources
  useEffect(() => {
    loadSource(selected);
  }, [selected, machineNumber]);
  return (
    <section className={panel.panel} aria-label="Source">
      <Tabs className={tabs.tabs ?? ''} selectedKey={selected} onSelectionChange={(key) => selectFile(String(key))}>
        <div className={cx(panel.header, tabs.header)}>
          <TabList aria-label="Files" className={tabs.list ?? ''}>
            {files.map((file) => (
              <Tab key={file} id={file} className={tabs.tab ?? ''}>
                {fileName(file)}
              </Tab>
            ))}
          </TabList>
          <span className={panel.aside}>read only</span>
        </div>
        <TabPanel id={selected} className={cx(panel.body, tabs.body)}>
          <SourcePane file={selected} plain={plain} />
        </TabPanel>
      </Tabs>
    </section>
  );
}
