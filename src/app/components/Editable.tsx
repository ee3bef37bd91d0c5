import { type ReactNode, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './Editable.module.css';
import { EditForm } from './EditForm.tsx';
import { EditPopover } from './EditPopover.tsx';
import { useEditScope } from './editScope.ts';

/** The shown value of a whole register, word or byte: a press opens its editor. Plain where nothing can be edited. */
export function Editable({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  const scope = useEditScope();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (scope === null) return children;
  return (
    <>
      <Button
        ref={button}
        className={cx(styles.editable, className)}
        aria-haspopup="dialog"
        onPress={() => setOpen(true)}
      >
        {children}
        <span className="visually-hidden">, edit {scope.name}</span>
      </Button>
      <EditPopover label={`Edit ${scope.name}`} anchor={button} open={open} onClose={() => setOpen(false)}>
        <EditForm
          scope={scope}
          name={scope.name}
          value={scope.value}
          bits={scope.bits}
          whole={(value) => value}
          close={() => setOpen(false)}
        />
      </EditPopover>
    </>
  );
}
