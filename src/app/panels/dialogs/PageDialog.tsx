import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Control } from '../../components/Control.tsx';
import { closeDialog, type DialogName, useDialogs } from '../../store/dialogs.ts';
import styles from './PageDialog.module.css';

interface PageDialogProps {
  readonly name: DialogName;
  readonly title: string;
  readonly children: ReactNode;
}

/** A dialog in front of the page; its content is made anew each time it opens. */
export function PageDialog({ name, title, children }: PageDialogProps) {
  const open = useDialogs((state) => state.open === name);
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
        <Dialog className={styles.dialog ?? ''}>
          <header className={styles.header}>
            <Heading slot="title">{title}</Heading>
            <Control aria-label="Close" onPress={closeDialog}>
              <X size={16} aria-hidden />
            </Control>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
