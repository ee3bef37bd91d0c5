import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { Button } from '../Button.tsx';
import { lazyPart } from '../lazyPart.tsx';
import type { MenuPart } from './entries.ts';
import type { OpenMenuProps } from './OpenMenu.tsx';

const OpenMenu = lazyPart<OpenMenuProps>(async () => (await import('./OpenMenu.tsx')).OpenMenu);

interface MenuButtonProps {
  readonly entries: readonly MenuPart[];
  /** Accessible name of the menu, and of the button unless `named` by its own text. */
  readonly label: string;
  readonly named?: boolean;
  readonly className?: string | undefined;
  readonly placement?: OpenMenuProps['placement'];
  readonly look?: OpenMenuProps['look'];
  readonly isDisabled?: boolean;
  readonly onOpen?: () => void;
  readonly children: ReactNode;
}

/** A button that opens a menu. */
export function MenuButton({
  entries,
  label,
  named,
  className,
  isDisabled,
  onOpen,
  children,
  ...how
}: MenuButtonProps) {
  const [open, setOpen] = useState<Pick<OpenMenuProps, 'anchor' | 'focus'> | null>(null);
  const openAt = (anchor: HTMLButtonElement, focus: OpenMenuProps['focus']) => {
    // It has the focus again when the menu is closed.
    anchor.focus();
    setOpen({ anchor, focus });
    onOpen?.();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const { key, currentTarget } = event;
    const keys = { ArrowDown: 'first', ArrowUp: 'last', Enter: 'first', ' ': 'first' } as const;
    if (!(key in keys) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    openAt(currentTarget, keys[key as keyof typeof keys]);
  };
  return (
    <>
      <Button
        className={className}
        isDisabled={isDisabled}
        {...(!named && { 'aria-label': label })}
        aria-haspopup="menu"
        aria-expanded={open !== null}
        onPress={(button) => openAt(button, true)}
        onKeyDown={onKeyDown}
      >
        {children}
      </Button>
      {open !== null && <OpenMenu {...how} {...open} label={label} entries={entries} close={() => setOpen(null)} />}
    </>
  );
}
