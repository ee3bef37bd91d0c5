import { Plus } from 'lucide-react';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import styles from './EditorFoot.module.css';
import { examples } from './examples.ts';
import { addExample, uploadPrograms } from './programFiles.ts';

const entries = [
  { title: 'Empty program', act: () => addExample('empty') },
  { title: 'Upload…', act: uploadPrograms },
  {
    heading: 'Examples',
    entries: examples.map(({ name, title, about }) => ({ title, about, act: () => addExample(name) })),
  },
];

/** A new program: empty, from a file, or from an example. */
export function NewProgramMenu() {
  return (
    <MenuButton className={styles.icon} label="New program" entries={entries}>
      <Plus size={16} aria-hidden />
    </MenuButton>
  );
}
