import { type ReactNode, useMemo } from 'react';
import { EditForm, type EditFormProps } from './EditForm.tsx';
import { EditPopover } from './EditPopover.tsx';
import tip from './Tip.module.css';

interface EditorProps extends EditFormProps {
  readonly label: string;
  /** What was pressed. */
  readonly anchor: HTMLElement;
  /** Said above the form. */
  readonly about?: ReactNode;
}

/** The open editor of a piece of state. */
export function Editor({ label, anchor, about, ...form }: EditorProps) {
  const at = useMemo(() => ({ current: anchor }), [anchor]);
  return (
    <EditPopover label={label} anchor={at} open onClose={form.close}>
      {about !== undefined && <div className={tip.text}>{about}</div>}
      <EditForm {...form} />
    </EditPopover>
  );
}
