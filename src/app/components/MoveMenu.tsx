import { Columns3 } from 'lucide-react';
import { createContext, useContext } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { bringFirst, movePanel, placeOf, restoreLayout } from '../store/places.ts';
import { type MovablePanel, places } from '../store/placing.ts';
import styles from './TabbedPanel.module.css';

/** Which panel the header inside is of, where panels can be moved. */
export const MovableAs = createContext<MovablePanel | null>(null);

interface MoveMenuProps {
  /** What the panel is called. */
  readonly title: string;
  /** The tab in front, where the header is of several panels. */
  readonly panel?: MovablePanel;
}

/** Moves a panel to another column: a small menu at the end of its header. Nothing where panels have one place only. */
export function MoveMenu({ title, panel }: MoveMenuProps) {
  const around = useContext(MovableAs);
  const it = panel ?? around;
  if (it === null) return null;
  const here = placeOf(it);
  return (
    <MenuTrigger>
      <Button className={styles.move ?? ''} aria-label={`Place of ${title}`}>
        <Columns3 size={14} aria-hidden />
      </Button>
      <Popover className={styles.popover ?? ''} placement="bottom end">
        <Menu className={styles.menu ?? ''} aria-label={`Place of ${title}`}>
          {places
            .filter((place) => place !== here)
            .map((place) => (
              <MenuItem key={place} className={styles.item ?? ''} onAction={() => movePanel(it, place)}>
                Move to the {place}
              </MenuItem>
            ))}
          <MenuItem className={styles.item ?? ''} onAction={() => bringFirst(it)}>
            {panel === undefined ? 'Move to the top' : 'Make it the first tab'}
          </MenuItem>
          <MenuItem className={styles.item ?? ''} onAction={restoreLayout}>
            Restore the layout
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
