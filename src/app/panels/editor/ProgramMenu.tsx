import { MoreVertical, Pencil } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { lazyPart } from '../../components/lazyPart.tsx';
import type { MenuPart } from '../../components/menu/entries.ts';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import { firstProgram, isKernelAssembly, moduleName, usePrograms } from '../../store/programs.ts';
import { fileName, useSources } from '../../store/sources.ts';
import styles from './EditorFoot.module.css';
import { addProgram, type Deleted, deleteProgram, downloadProgram, restoreOriginal, undelete } from './programFiles.ts';

const RenameDialog = lazyPart(async () => (await import('./RenameDialog.tsx')).RenameDialog);

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
  const ofProgram: readonly MenuPart[] = [
    { title: 'Rename…', disabled: !own, act: () => setRenaming(true) },
    { title: 'Duplicate', act: () => addProgram(moduleName(file), text ?? original ?? '') },
  ];
  const entries: readonly MenuPart[] = [
    ...(kernel ? [] : ofProgram),
    { title: 'Download', act: () => downloadProgram(file) },
    own
      ? { title: 'Delete', act: () => setDeleted(deleteProgram(file)) }
      : {
          title: 'Back to the original',
          disabled: text === undefined || typeof original !== 'string' || text === original,
          act: () => restoreOriginal(file, original ?? ''),
        },
    {
      title: plainEditor ? 'Editor with colours' : 'Plain text area',
      about: plainEditor ? 'with squiggles, addresses, breakpoints' : 'for screen readers that prefer it',
      act: () => usePrograms.setState({ plainEditor: !plainEditor }),
    },
  ];
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
      <MenuButton
        className={styles.icon}
        label={`${kernel ? 'Kernel file' : 'Program'} ${name}`}
        placement="bottom end"
        entries={entries}
      >
        <MoreVertical size={16} aria-hidden />
      </MenuButton>
      {renaming && <RenameDialog file={file} files={files} onClose={() => setRenaming(false)} />}
    </>
  );
}
