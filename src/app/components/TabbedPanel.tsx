import { ChevronDown } from 'lucide-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { cx } from './cx.ts';
import { MenuButton } from './menu/MenuButton.tsx';
import { MoveMenu } from './MoveMenu.tsx';
import panel from './Panel.module.css';
import styles from './TabbedPanel.module.css';
import { TabList, TabPanel } from './Tabs.tsx';
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
const menuWidth = 94;

/** A panel whose header is a list of tabs. Those that do not fit stand in a menu behind them. */
export function TabbedPanel<Id extends string>({ label, tabs, selected, onSelect, aside, menu }: TabbedPanelProps<Id>) {
  const [chosen, setChosen] = useState<Id | undefined>(tabs[0]?.id);
  const room = useRef<HTMLDivElement>(null);
  const measured = useRef<HTMLDivElement>(null);
  const fitting = useFitting(room, measured, menuWidth);
  const prefix = useId();
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
      <div className={styles.tabs}>
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
              <TabList label={label} tabs={shown} now={now} choose={choose} prefix={prefix} />
              {hidden.length > 0 && <MoreMenu label={label} hidden={hidden} choose={choose} />}
            </div>
          </div>
          {aside !== undefined && <span className={panel.aside}>{aside}</span>}
          {menu === undefined || now === undefined ? <MoveMenu title={label} /> : menu(now)}
        </div>
        {tabs
          .filter(({ id }) => id === now)
          .map(({ id, content }) => (
            <TabPanel key={id} id={id} prefix={prefix} className={cx(panel.body, styles.body)}>
              {content}
            </TabPanel>
          ))}
      </div>
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
    <MenuButton
      className={styles.more}
      label={`More of ${label}`}
      placement="bottom end"
      look="small"
      entries={hidden.map(({ id, title }) => ({ id, title, act: () => choose(id) }))}
    >
      More <ChevronDown size={14} aria-hidden />
    </MenuButton>
  );
}
