import { type ReactNode, useState } from 'react';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './Editable.module.css';
import { useEditScope } from './editScope.ts';
import { lazyPart } from './lazyPart.tsx';

const Editor = lazyPart(async () => (await import('./Editor.tsx')).Editor);

/** The shown value of a whole register, word or byte: a press opens its editor. Plain where nothing can be edited. */
export function Editable({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  const scope = useEditScope();
  const [edited, setEdited] = useState<HTMLElement | null>(null);
  if (scope === null) return children;
  return (
    <>
      <Button className={cx(styles.editable, className)} aria-haspopup="dialog" onPress={setEdited}>
        {children}
        <span className="visually-hidden">, edit {scope.name}</span>
      </Button>
      {edited !== null && (
        <Editor
          label={`Edit ${scope.name}`}
          anchor={edited}
          scope={scope}
          name={scope.name}
          value={scope.value}
          bits={scope.bits}
          whole={(value) => value}
          close={() => setEdited(null)}
        />
      )}
    </>
  );
}
