import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { cx } from './cx.ts';
import panel from './Panel.module.css';
import styles from './TabbedPanel.module.css';

export interface PanelTab<Id extends string> {
  readonly id: Id;
  readonly title: ReactNode;
  readonly content: ReactNode;
}

interface TabbedPanelProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly PanelTab<Id>[];
  readonly selected?: Id;
  readonly onSelect?: (id: Id) => void;
  readonly aside?: ReactNode;
}

/** A panel whose header is a list of tabs. */
export function TabbedPanel<Id extends string>({ label, tabs, selected, onSelect, aside }: TabbedPanelProps<Id>) {
  const choice = selected === undefined ? {} : { selectedKey: selected };
  return (
    <section className={panel.panel} aria-label={label}>
      <Tabs
        {...choice}
        className={styles.tabs ?? ''}
        onSelectionChange={(key) => {
          const tab = tabs.find(({ id }) => id === key);
          if (tab !== undefined) onSelect?.(tab.id);
        }}
      >
        <div className={cx(panel.header, styles.header)}>
          <TabList aria-label={label} className={styles.list ?? ''}>
            {tabs.map(({ id, title }) => (
              <Tab key={id} id={id} className={styles.tab ?? ''}>
                {title}
              </Tab>
            ))}
          </TabList>
          {aside !== undefined && <span className={panel.aside}>{aside}</span>}
        </div>
        {tabs.map(({ id, content }) => (
          <TabPanel key={id} id={id} className={cx(panel.body, styles.body)}>
            {content}
          </TabPanel>
        ))}
      </Tabs>
    </section>
  );
}
