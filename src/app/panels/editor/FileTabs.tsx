import { Shield } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import tabs from '../../components/TabbedPanel.module.css';
import { isKernelFile } from '../../store/programs.ts';
import { fileName } from '../../store/sources.ts';
import styles from './FileTabs.module.css';

interface FileTabsProps {
  readonly files: readonly string[];
  readonly selected: string;
  readonly onSelect: (file: string) => void;
  /** Id of the one panel whose content the tabs change. */
  readonly panelId: string;
}

/** Tabs over one panel that stays: an editor keeps its state while the file in it changes. */
export function FileTabs({ files, selected, onSelect, panelId }: FileTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another file's tab may have to be brought into view
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected]);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const index = (files.indexOf(selected) + step + files.length) % files.length;
    const file = files[index];
    if (file === undefined) return;
    event.preventDefault();
    onSelect(file);
    const tab = list.current?.children[index];
    if (tab instanceof HTMLElement) tab.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label="Files" className={styles.files} onKeyDown={move}>
      {files.map((file) => (
        <button
          key={file}
          type="button"
          role="tab"
          id={`${panelId}-${file}`}
          className={tabs.tab}
          aria-selected={file === selected}
          aria-controls={panelId}
          tabIndex={file === selected ? 0 : -1}
          data-selected={file === selected || undefined}
          title={isKernelFile(file) ? `${file}, kernel` : file}
          onClick={() => onSelect(file)}
        >
          {isKernelFile(file) && <Shield className={styles.kernel} size={12} aria-hidden />}
          {fileName(file)}
        </button>
      ))}
    </div>
  );
}
