import { Search } from 'lucide-react';
import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from 'react-aria-components';
import { PanelBody } from '../../components/Panel.tsx';
import { closeDialog, useDialogs } from '../../store/dialogs.ts';
import { actionGroups } from './actions.ts';
import styles from './PaletteDialog.module.css';

/** Everything the page can do, found by typing a part of its name. */
export function PaletteDialog() {
  const open = useDialogs((state) => state.open === 'palette');
  return (
    <ModalOverlay
      className={styles.overlay ?? ''}
      isOpen={open}
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) closeDialog();
      }}
    >
      <Modal className={styles.modal ?? ''}>
        <Dialog className={styles.dialog ?? ''} aria-label="Commands">
          <Palette />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Palette() {
  const { contains } = useFilter({ sensitivity: 'base' });
  // Every word that was typed occurs somewhere in the name.
  const matches = (name: string, typed: string) =>
    typed
      .split(/\s+/)
      .filter(Boolean)
      .every((word) => contains(name, word));
  return (
    <Autocomplete filter={matches}>
      <SearchField aria-label="Command" autoFocus className={styles.field ?? ''}>
        <Search size={16} aria-hidden />
        <Input className={styles.input ?? ''} placeholder="What do you want to do?" />
      </SearchField>
      <PanelBody label="Commands, the list">
        <Menu
          aria-label="Commands"
          className={styles.menu ?? ''}
          renderEmptyState={() => <p className={styles.none}>Nothing has a name like this.</p>}
        >
          {actionGroups().map(({ title, actions }) => (
            <MenuSection key={title} id={title}>
              <Header className={styles.heading}>{title}</Header>
              {actions.map(({ id, title: name, keys, act }) => (
                <MenuItem
                  key={id}
                  id={id}
                  textValue={name}
                  className={styles.item ?? ''}
                  onAction={() => {
                    closeDialog();
                    act();
                  }}
                >
                  {name}
                  {keys !== undefined && <kbd>{keys}</kbd>}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </PanelBody>
    </Autocomplete>
  );
}
