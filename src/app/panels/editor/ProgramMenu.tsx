import { MoreVertical, Pencil } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import {
  Button,
  Dialog,
  Heading,
  Menu,
  MenuItem,
  MenuTrigger,
  Modal,
  ModalOverlay,
  Popover,
} from 'react-aria-components';
import { Control } from '../../components/Control.tsx';
import { firstProgram, isKernelAssembly, moduleName, nameProblem, usePrograms } from '../../store/programs.ts';
import { fileName, useSources } from '../../store/sources.ts';
import dialog from '../dialogs/PageDialog.module.css';
import menus from '../topBar/Menus.module.css';
import styles from './EditorFoot.module.css';
import {
  addProgram,
  type Deleted,
  deleteProgram,
  downloadProgram,
  renameProgram,
  restoreOriginal,
  undelete,
} from './programFiles.ts';

interface ProgramMenuProps {
  readonly file: string;
  readonly files: readonly string[];
  /** Where listing and text area take turns: which one it is now. */
  readonly typing: { readonly on: boolean; readonly toggle: () => void } | null;
}

/** What can be done with the program in the editor. */
export function ProgramMenu({ file, files, typing }: ProgramMenuProps) {
  const text = usePrograms((state) => state.programs[file]?.text);
  const original = useSources((state) => state.texts[file]);
  const plainEditor = usePrograms((state) => state.plainEditor);
  const [renaming, setRenaming] = useState(false);
  const [deleted, setDeleted] = useState<Deleted | null>(null);
  const kernel = isKernelAssembly(file);
  const own = file !== firstProgram && !kernel;
  const name = kernel ? fileName(file) : moduleName(file);
  return (
    <>
      {typing !== null && (
        <Button className={styles.icon ?? ''} aria-pressed={typing.on} onPress={typing.toggle}>
          <Pencil size={15} aria-hidden /> {typing.on ? 'Done' : 'Edit'}
        </Button>
      )}
      {deleted !== null && (
        <Button
          className={styles.icon ?? ''}
          onPress={() => {
            undelete(deleted);
            setDeleted(null);
          }}
        >
          Undo delete
        </Button>
      )}
      <MenuTrigger>
        <Button className={styles.icon ?? ''} aria-label={`${kernel ? 'Kernel file' : 'Program'} ${name}`}>
          <MoreVertical size={16} aria-hidden />
        </Button>
        <Popover className={menus.popover ?? ''} placement="bottom end">
          <Menu className={menus.menu ?? ''} aria-label={`${kernel ? 'Kernel file' : 'Program'} ${name}`}>
            {!kernel && (
              <MenuItem className={menus.item ?? ''} isDisabled={!own} onAction={() => setRenaming(true)}>
                Rename…
              </MenuItem>
            )}
            {!kernel && (
              <MenuItem
                className={menus.item ?? ''}
                onAction={() => addProgram(moduleName(file), text ?? original ?? '')}
              >
                Duplicate
              </MenuItem>
            )}
            <MenuItem className={menus.item ?? ''} onAction={() => downloadProgram(file)}>
              Download
            </MenuItem>
            {own ? (
              <MenuItem className={menus.item ?? ''} onAction={() => setDeleted(deleteProgram(file))}>
                Delete
              </MenuItem>
            ) : (
              <MenuItem
                className={menus.item ?? ''}
                isDisabled={text === undefined || typeof original !== 'string' || text === original}
                onAction={() => restoreOriginal(file, original ?? '')}
              >
                Back to the original
              </MenuItem>
            )}
            <MenuItem className={menus.item ?? ''} onAction={() => usePrograms.setState({ plainEditor: !plainEditor })}>
              {plainEditor ? 'Editor with colours' : 'Plain text area'}
              <small>
                {plainEditor ? 'with squiggles, addresses, breakpoints' : 'for screen readers that prefer it'}
              </small>
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {renaming && <RenameDialog file={file} files={files} onClose={() => setRenaming(false)} />}
    </>
  );
}

interface RenameDialogProps {
  readonly file: string;
  readonly files: readonly string[];
  readonly onClose: () => void;
}

function RenameDialog({ file, files, onClose }: RenameDialogProps) {
  const [name, setName] = useState(moduleName(file));
  const id = useId();
  const wrong = name === moduleName(file) ? null : nameProblem(name, files);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wrong !== null) return;
    if (name !== moduleName(file)) renameProgram(file, name);
    onClose();
  };
  return (
    <ModalOverlay className={dialog.overlay ?? ''} isOpen isDismissable onOpenChange={onClose}>
      <Modal className={dialog.modal ?? ''}>
        <Dialog className={dialog.dialog ?? ''}>
          <header className={dialog.header}>
            <Heading slot="title">Rename {moduleName(file)}</Heading>
          </header>
          <form className={styles.form} onSubmit={submit}>
            <label htmlFor={id}>Name</label>
            <input
              id={id}
              value={name}
              aria-invalid={wrong !== null}
              aria-describedby={`${id}-wrong`}
              onChange={(event) => setName(event.target.value)}
            />
            <Control type="submit" look="primary" isDisabled={wrong !== null}>
              Rename
            </Control>
            <Control onPress={onClose}>Cancel</Control>
          </form>
          <p id={`${id}-wrong`} role="status" className={styles.bad}>
            {wrong}
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
