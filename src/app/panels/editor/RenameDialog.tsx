import { type FormEvent, useId, useState } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Control } from '../../components/Control.tsx';
import { moduleName, nameProblem } from '../../store/programs.ts';
import dialog from '../dialogs/PageDialog.module.css';
import styles from './EditorFoot.module.css';
import { renameProgram } from './programFiles.ts';

interface RenameDialogProps {
  readonly file: string;
  readonly files: readonly string[];
  readonly onClose: () => void;
}

/** Asks for a program's new name. */
export function RenameDialog({ file, files, onClose }: RenameDialogProps) {
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
