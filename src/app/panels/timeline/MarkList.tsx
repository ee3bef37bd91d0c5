import { List } from 'lucide-react';
import { Button, Dialog, DialogTrigger, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { thousands } from '../../format/hex.ts';
import menus from '../topBar/Menus.module.css';
import styles from './Timeline.module.css';
import type { Mark } from '../../../worker/protocol.ts';

interface MarkListProps {
  readonly marks: readonly Mark[];
  readonly disabled: boolean;
  readonly onGo: (count: number) => void;
}

/** The marks as a list to choose from. */
export function MarkList({ marks, disabled, onGo }: MarkListProps) {
  return (
    <DialogTrigger>
      <Button className={styles.tool ?? ''} isDisabled={disabled || marks.length === 0} aria-label="List of events">
        <List size={14} aria-hidden />
      </Button>
      <Popover className={menus.popover ?? ''}>
        <Dialog className={styles.list ?? ''} aria-label="List of events">
          {({ close }) => (
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
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
