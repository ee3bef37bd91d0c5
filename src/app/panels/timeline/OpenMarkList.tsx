import { useMemo } from 'react';
import { Dialog, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import menus from '../../components/menu/Menu.module.css';
import { thousands } from '../../format/hex.ts';
import type { Mark } from '../../../worker/protocol.ts';
import styles from './Timeline.module.css';

export interface OpenMarkListProps {
  readonly marks: readonly Mark[];
  /** The button it belongs to. */
  readonly anchor: HTMLElement;
  readonly onGo: (count: number) => void;
  readonly close: () => void;
}

/** The list of marks, open. */
export function OpenMarkList({ marks, anchor, onGo, close }: OpenMarkListProps) {
  const trigger = useMemo(() => ({ current: anchor }), [anchor]);
  return (
    <Popover
      className={menus.popover ?? ''}
      triggerRef={trigger}
      isOpen
      onOpenChange={(open) => {
        if (!open) close();
      }}
    >
      <Dialog className={styles.list ?? ''} aria-label="List of events">
        <ListBox
          aria-label="Events"
          items={marks.map((mark, id) => ({ ...mark, id }))}
          onAction={(id) => {
            const mark = marks[Number(id)];
            close();
            if (mark !== undefined) onGo(mark.count);
          }}
        >
          {({ count, title }) => (
            <ListBoxItem className={menus.item ?? ''} textValue={`${title}, instruction ${count}`}>
              {title} <small>instruction {thousands(count)}</small>
            </ListBoxItem>
          )}
        </ListBox>
      </Dialog>
    </Popover>
  );
}
