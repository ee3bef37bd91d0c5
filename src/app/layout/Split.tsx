import type { ReactNode } from 'react';
import { Fragment } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { Guard } from '../components/Guard.tsx';
import { cx } from '../components/cx.ts';
import styles from './Split.module.css';

interface SplitProps {
  /** Names the saved sizes. */
  readonly id: string;
  readonly direction: 'horizontal' | 'vertical';
  readonly parts: readonly {
    readonly id: string;
    /** Percent of the whole at first. */
    readonly size: number;
    readonly least: number;
    readonly content: ReactNode;
  }[];
}

/** Parts beside or above each other, with handles between them; sizes are remembered. */
export function Split({ id, direction, parts }: SplitProps) {
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({
    id: `emergence.layout.${id}`,
    panelIds: parts.map((part) => part.id),
    storage: localStorage,
  });
  return (
    <Group
      orientation={direction}
      className={styles.group}
      onLayoutChanged={onLayoutChanged}
      {...(defaultLayout === undefined ? {} : { defaultLayout })}
    >
      {parts.map((part, index) => (
        <Fragment key={part.id}>
          {index > 0 && (
            <Separator
              className={cx(styles.handle, styles[direction])}
              aria-label={`Resize ${part.id.replace('-', ' ')}`}
            />
          )}
          <Panel id={part.id} defaultSize={`${part.size}%`} minSize={`${part.least}%`}>
            <Guard name={part.id}>{part.content}</Guard>
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}
