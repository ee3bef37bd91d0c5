import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './Button.tsx';
import styles from './Control.module.css';
import { cx } from './cx.ts';

interface ControlProps extends ButtonProps {
  readonly children: ReactNode;
  /** The shortcut, shown on the button. */
  readonly keys?: string | undefined;
  readonly look?: 'plain' | 'primary' | 'framed';
}

/** A button of the page. */
export function Control({ children, keys, look = 'plain', className, ...props }: ControlProps) {
  return (
    <Button {...props} className={cx(styles.control, styles[look], className)}>
      {children}
      {keys !== undefined && (
        <kbd aria-hidden data-long={keys.length > 2 || undefined}>
          {keys}
        </kbd>
      )}
    </Button>
  );
}
