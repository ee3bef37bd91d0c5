import { ChevronDown } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover, Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { cx } from './cx.ts';
import { MoveMenu } from './MoveMenu.tsx';
import panel from './Panel.module.css';
import styles from './TabbedPanel.module.css';
import { useFitting } from './useFitting.ts';

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
  /** A menu at the end of the header, about the tab in front. */
  readonly menu?: (now: Id) => ReactNode;
}

/** Room that the menu of the tabs that do not fit takes. */
const menuWidth = 74;

/** A panel whose header is a list of tabs. Those that do not fit stand in a menu behind them. */
export function TabbedPanel<Id extends string>({ label, tabs, selected, onSelect, aside, menu }: TabbedPanelProps<Id>) {
  const [chosen, setChosen] = useState<Id | undefined>(tabs[0]?.id);
  const room = useRef<HTMLDivElement>(null);
  const measured = useRef<HTMLDivElement>(null);
  const fitting = useFitting(room, measured, menuWidth);
  const wanted = selected ?? chosen;
  const now = tabs.some(({ id }) => id === wanted) ? wanted : tabs[0]?.id;
  const choose = (id: Id) => {
    setChosen(id);
    onSelect?.(id);
  };
  // The chosen one is always in sight: in the place of the last that fits.
  const first = tabs.slice(0, fitting);
  const shown = first.some(({ id }) => id === now)
    ? first
    : [...first.slice(0, -1), ...tabs.filter(({ id }) => id === now)];
  const hidden = tabs.filter(({ id }) => !shown.some((tab) => tab.id === id));
  return (
    <section className={panel.panel} aria-label={label}>
      <h2 className="visually-hidden">{label}</h2>
      <Tabs
        selectedKey={now ?? ''}
        className={styles.tabs ?? ''}
        onSelectionChange={(key) => {
          const tab = tabs.find(({ id }) => id === key);
          if (tab !== undefined) choose(tab.id);
        }}
      >
        <div className={cx(panel.header, styles.header)}>
          <div ref={room} className={styles.room}>
            <div ref={measured} className={styles.measured} aria-hidden>
              {tabs.map(({ id, title }) => (
                <span key={id} className={styles.tab}>
                  {title}
                </span>
              ))}
            </div>
            <div className={styles.shown}>
              <TabList aria-label={label} className={styles.list ?? ''}>
                {shown.map(({ id, title }) => (
                  <Tab key={id} id={id} className={styles.tab ?? ''}>
                    {title}
                  </Tab>
                ))}
              </TabList>
              {hidden.length > 0 && <MoreMenu label={label} hidden={hidden} choose={choose} />}
            </div>
          </div>
          {aside !== undefined && <span className={panel.aside}>{aside}</span>}
          {menu === undefined || now === undefined ? <MoveMenu title={label} /> : menu(now)}
        </div>
        {tabs
          .filter(({ id }) => id === now)
          .map(({ id, content }) => (
            <TabPanel key={id} id={id} className={cx(panel.body, styles.body)}>
              {content}
            </TabPanel>
          ))}
      </Tabs>
    </section>
  );
}

interface MoreMenuProps<Id extends string> {
  readonly label: string;
  readonly hidden: readonly PanelTab<Id>[];
  readonly choose: (id: Id) => void;
}

function MoreMenu<Id extends string>({ label, hidden, choose }: MoreMenuProps<Id>) {
  return (
    <MenuTrigger>
      <Button className={styles.more ?? ''} aria-label={`More of ${label}`}>
        More <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Menu className={styles.menu ?? ''} aria-label={`More of ${label}`}>
          {hidden.map(({ id, title }) => (
            <MenuItem key={id} id={id} className={styles.item ?? ''} onAction={() => choose(id)}>
              {title}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
