import { FolderTree } from 'lucide-react';
import { useState } from 'react';
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components';
import { sourceFiles } from '../../store/commands.ts';
import { isKernelAssembly, isKernelFile } from '../../store/programs.ts';
import { fileName, selectFile } from '../../store/sources.ts';
import menus from '../topBar/Menus.module.css';
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
  return (
    <MenuTrigger onOpenChange={async (open) => open && setFiles(await sourceFiles())}>
      <Button className={styles.icon ?? ''} aria-label="Kernel files">
        <FolderTree size={16} aria-hidden />
      </Button>
      <Popover className={menus.popover ?? ''}>
        <Menu className={menus.menu ?? ''} aria-label="Kernel files" onAction={(key) => selectFile(String(key))}>
          {sections.map(({ title, files: listed }) => (
            <MenuSection key={title}>
              <Header className={styles.header ?? ''}>{title}</Header>
              {listed.map((file) => (
                <MenuItem key={file} id={file} className={menus.item ?? ''} textValue={fileName(file)}>
                  {fileName(file)}
                  <small>{file.slice(0, -fileName(file).length)}</small>
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
