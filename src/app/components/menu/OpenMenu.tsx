import { Check } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { Header, Menu, MenuItem, MenuSection, Popover, type PopoverProps, Separator } from 'react-aria-components';
import type { MenuEntry, MenuPart } from './entries.ts';
import styles from './Menu.module.css';

export interface OpenMenuProps {
  readonly entries: readonly MenuPart[];
  readonly label: string;
  /** The button it belongs to. */
  readonly anchor: HTMLElement;
  /** Which entry has the focus first; true: none yet, the menu itself. */
  readonly focus: 'first' | 'last' | true;
  readonly placement?: PopoverProps['placement'];
  readonly look?: 'small' | undefined;
  readonly close: () => void;
}

/** An open menu at its button. */
export function OpenMenu({ entries, label, anchor, focus, placement, look, close }: OpenMenuProps) {
  const trigger = useMemo(() => ({ current: anchor }), [anchor]);
  const menu = useRef<HTMLDivElement>(null);
  const choice = entries.flatMap((part) => (part !== 'line' && 'act' in part && part.checked ? [keyOf(part)] : []));
  return (
    <Popover
      trigger="MenuTrigger"
      triggerRef={trigger}
      scrollRef={menu}
      isOpen
      onOpenChange={(open) => {
        if (!open) close();
      }}
      placement={placement ?? 'bottom start'}
      aria-label={label}
      className={styles.popover ?? ''}
      data-look={look}
    >
      <Menu
        ref={menu}
        aria-label={label}
        autoFocus={focus}
        onClose={close}
        className={styles.menu ?? ''}
        {...(choice.length > 0 && { selectionMode: 'single', selectedKeys: choice, disallowEmptySelection: true })}
      >
        {entries.map((part, n) => partOf(part, n))}
      </Menu>
    </Popover>
  );
}

function partOf(part: MenuPart, n: number) {
  if (part === 'line') return <Separator key={`line ${n}`} className={styles.separator ?? ''} />;
  if (!('entries' in part)) return entryOf(part);
  return (
    <MenuSection key={part.heading}>
      <Header className={styles.heading}>{part.heading}</Header>
      {part.entries.map(entryOf)}
    </MenuSection>
  );
}

const keyOf = ({ id, title }: MenuEntry): string => id ?? (typeof title === 'string' ? title : '');

function entryOf(entry: MenuEntry) {
  const { title, about, keys, disabled = false, checked, act } = entry;
  const key = keyOf(entry);
  return (
    <MenuItem
      key={key}
      id={key}
      className={styles.item ?? ''}
      isDisabled={disabled}
      onAction={act}
      {...(typeof title === 'string' && { textValue: title })}
    >
      {keys === undefined ? (
        title
      ) : (
        <span className={styles.step}>
          {title} <kbd aria-hidden>{keys}</kbd>
        </span>
      )}
      {checked === true && <Check size={14} aria-hidden />}
      {about !== undefined && <small>{about}</small>}
    </MenuItem>
  );
}
