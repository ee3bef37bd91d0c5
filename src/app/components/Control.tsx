import { type ReactNode, useCallback } from 'react';
import { Button, type ButtonProps } from 'react-aria-components';
import styles from './Control.module.css';
import { cx } from './cx.ts';

interface ControlProps extends Omit<ButtonProps, 'className' | 'children'> {
  readonly children: ReactNode;
  /** The shortcut, shown on the button. */
  readonly keys?: string | undefined;
  readonly look?: 'plain' | 'primary' | 'framed';
  readonly className?: string | undefined;
  readonly 'aria-keyshortcuts'?: string | undefined;
}

/** A button of the page. */
export function Control({
  children,
  keys,
  look = 'plain',
  className,
  'aria-keyshortcuts': shortcut,
  ...props
}: ControlProps) {
  // React Aria's button passes on the attributes it knows, and this is none of them.
  const announceKeys = useCallback(
    (button: HTMLButtonElement | null) => {
      if (shortcut !== undefined) button?.setAttribute('aria-keyshortcuts', shortcut);
    },
    [shortcut],
  );
  return (
    <Button {...props} ref={announceKeys} className={cx(styles.control, styles[look], className)}>
      {children}
      {keys !== undefined && (
        <kbd aria-hidden data-long={keys.length > 2 || undefined}>
          {keys}
        </kbd>
      )}
    </Button>
  );
}
