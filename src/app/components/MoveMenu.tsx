import { Columns3 } from 'lucide-react';
import { createContext, useContext } from 'react';
import { bringFirst, movePanel, placeOf, restoreLayout } from '../store/places.ts';
import { type MovablePanel, places } from '../store/placing.ts';
import { MenuButton } from './menu/MenuButton.tsx';
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
    <MenuButton
      className={styles.move}
      label={`Place of ${title}`}
      placement="bottom end"
      look="small"
      entries={[
        ...places
          .filter((place) => place !== here)
          .map((place) => ({ title: `Move to the ${place}`, act: () => movePanel(it, place) })),
        { title: panel === undefined ? 'Move to the top' : 'Make it the first tab', act: () => bringFirst(it) },
        { title: 'Restore the layout', act: restoreLayout },
      ]}
    >
      <Columns3 size={14} aria-hidden />
    </MenuButton>
  );
}
