import { FolderTree } from 'lucide-react';
import { useState } from 'react';
import { MenuButton } from '../../components/menu/MenuButton.tsx';
import { sourceFiles } from '../../store/commands.ts';
import { isKernelAssembly, isKernelFile } from '../../store/programs.ts';
import { fileName, selectFile } from '../../store/sources.ts';
import styles from './EditorFoot.module.css';

/** The kernel's sources, to be opened in a tab: assembly to change, C and headers to read. */
export function KernelFilesMenu() {
  const [files, setFiles] = useState<readonly string[]>([]);
  const kernel = files.filter(isKernelFile);
  const sections = [
    { title: 'Assembly, can be changed', files: kernel.filter(isKernelAssembly) },
    { title: 'C, to read', files: kernel.filter((file) => file.endsWith('.c')) },
    { title: 'Headers and layout, to read', files: kernel.filter((file) => /\.(h|ld)$/.test(file)) },
  ];
  const entries = sections.map(({ title, files: listed }) => ({
    heading: title,
    entries: listed.map((file) => ({
      id: file,
      title: fileName(file),
      about: file.slice(0, -fileName(file).length),
      act: () => selectFile(file),
    })),
  }));
  return (
    <MenuButton
      className={styles.icon}
      label="Kernel files"
      entries={entries}
      onOpen={async () => setFiles(await sourceFiles())}
    >
      <FolderTree size={16} aria-hidden />
    </MenuButton>
  );
}
