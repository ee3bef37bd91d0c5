import { Plus } from 'lucide-react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import menus from '../topBar/Menus.module.css';
import styles from './EditorFoot.module.css';
import { examples } from './examples.ts';
import { addExample, uploadPrograms } from './programFiles.ts';

/** A new program: empty, from a file, or from an example. */
export function NewProgramMenu() {
  return (
    <MenuTrigger>
      <Button className={styles.icon ?? ''} aria-label="New program">
        <Plus size={16} aria-hidden />
      </Button>
      <Popover className={menus.popover ?? ''}>
        <Menu className={menus.menu ?? ''} aria-label="New program">
          <MenuItem className={menus.item ?? ''} onAction={() => addExample('empty')}>
            Empty program
          </MenuItem>
          <MenuItem className={menus.item ?? ''} onAction={uploadPrograms}>
            Upload…
          </MenuItem>
          <MenuSection>
            <Header className={styles.header ?? ''}>Examples</Header>
            {examples.map(({ name, title, about }) => (
              <MenuItem key={name} className={menus.item ?? ''} textValue={title} onAction={() => addExample(name)}>
                {title}
                <small>{about}</small>
              </MenuItem>
            ))}
          </MenuSection>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
