import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { cx } from './cx.ts';
import styles from './TabbedPanel.module.css';

interface TabListProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly title: ReactNode }[];
  readonly now: Id | undefined;
  readonly choose: (id: Id) => void;
  /** Beginning of the elements' names in the document. */
  readonly prefix: string;
}

export const tabId = (prefix: string, id: string): string => `${prefix}-tab-${id}`;
export const panelId = (prefix: string, id: string): string => `${prefix}-panel-${id}`;

/** Tabs of which the chosen one is a stop of the Tab key; arrows, Home and End choose (WAI-ARIA Authoring Practices). */
export function TabList<Id extends string>({ label, tabs, now, choose, prefix }: TabListProps<Id>) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = tabs.findIndex(({ id }) => id === now);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    choose(next.id);
    document.getElementById(tabId(prefix, next.id))?.focus();
  };
  return (
    <div role="tablist" aria-label={label} aria-orientation="horizontal" className={styles.list} onKeyDown={onKeyDown}>
      {tabs.map(({ id, title }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={tabId(prefix, id)}
          className={styles.tab}
          aria-selected={id === now}
          aria-controls={id === now ? panelId(prefix, id) : undefined}
          tabIndex={id === now ? 0 : -1}
          onClick={() => choose(id)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

interface TabPanelProps {
  readonly id: string;
  readonly prefix: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** What the chosen tab shows. A stop of the Tab key itself only when nothing in it is one. */
export function TabPanel({ id, prefix, className, children }: TabPanelProps) {
  const panel = useRef<HTMLDivElement>(null);
  const [empty, setEmpty] = useState(false);
  useEffect(() => {
    const { current } = panel;
    if (current === null) return;
    const look = () =>
      setEmpty(current.querySelector('button, a[href], input, select, textarea, [tabindex="0"]') === null);
    look();
    const observer = new MutationObserver(look);
    observer.observe(current, { subtree: true, childList: true });
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={panel}
      role="tabpanel"
      id={panelId(prefix, id)}
      aria-labelledby={tabId(prefix, id)}
      className={cx(className)}
      {...(empty && { tabIndex: 0 })}
    >
      {children}
    </div>
  );
}
