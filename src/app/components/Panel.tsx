import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { MoveMenu } from './MoveMenu.tsx';
import styles from './Panel.module.css';

interface PanelProps {
  /** Accessible name of the region. */
  readonly label: string;
  /** Heading at the left of the header; none when the header is a tab list. */
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string | undefined;
}

/** One framed region of the page. */
export function Panel({ label, title, aside, children, className }: PanelProps) {
  return (
    <section className={cx(styles.panel, className)} aria-label={label}>
      {title !== undefined && (
        <header className={styles.header}>
          <h2 className={styles.title}>{title}</h2>
          {aside !== undefined && <span className={styles.aside}>{aside}</span>}
          <MoveMenu title={label} />
        </header>
      )}
      {children}
    </section>
  );
}

/** The scrolling part of a panel. */
export function PanelBody({
  children,
  className,
  label,
}: Pick<PanelProps, 'children' | 'className'> & { label?: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this is a scrolling region
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1, scrolled content must be reachable by keyboard
    <div className={cx(styles.body, className)} tabIndex={0} role="group" aria-label={label ?? 'Content'}>
      {children}
    </div>
  );
}
