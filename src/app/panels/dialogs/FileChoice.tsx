import { X } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { chooseFiles, chooseModules, readFile } from '../../store/kernelFile.ts';
import type { Setup } from '../../store/machine.ts';
import styles from './FileChoice.module.css';

interface FileChoiceProps {
  readonly setup: Setup;
  readonly onChange: (setup: Setup) => void;
}

/** The kernel and its boot modules. */
export function FileChoice({ setup, onChange }: FileChoiceProps) {
  const chooseKernel = async () => {
    const [file] = await chooseFiles(false);
    const bytes = file === undefined ? null : await readFile(file);
    if (file !== undefined && bytes !== null)
      onChange({ ...setup, kernel: { name: file.name, bytes }, stopAt: 'entry' });
  };
  const addModules = async () => onChange({ ...setup, modules: [...setup.modules, ...(await chooseModules())] });
  const rename = (at: number, name: string) =>
    onChange({ ...setup, modules: setup.modules.map((other, index) => (index === at ? { ...other, name } : other)) });
  return (
    <>
      <div className={styles.row}>
        <span>Kernel</span>
        <b>{setup.kernel?.name ?? 'Emergence (built in)'}</b>
        <Control look="framed" onPress={chooseKernel}>
          Choose file…
        </Control>
        {setup.kernel !== null && (
          <Control
            aria-label="Use the built-in kernel"
            onPress={() => onChange({ ...setup, kernel: null, stopAt: 'first-syscall' })}
          >
            <X size={14} aria-hidden />
          </Control>
        )}
      </div>
      <div className={styles.row}>
        <span>Modules</span>
        <ul>
          {setup.modules.length === 0 && (
            <li className={styles.none}>{setup.kernel === null ? 'the kernel’s own user programs' : 'none'}</li>
          )}
          {setup.modules.map((module, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two modules may have one name
            <li key={index}>
              <input
                aria-label="Module name and arguments"
                value={module.name}
                spellCheck={false}
                onChange={({ target }) => rename(index, target.value)}
              />
              <Control
                aria-label={`Remove ${module.name}`}
                onPress={() => onChange({ ...setup, modules: setup.modules.filter((other) => other !== module) })}
              >
                <X size={14} aria-hidden />
              </Control>
            </li>
          ))}
        </ul>
        <Control look="framed" onPress={addModules}>
          Add…
        </Control>
      </div>
    </>
  );
}
