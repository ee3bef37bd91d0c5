import { Check, Pencil } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { BranchView } from '../../../worker/protocol.ts';
import { Control } from '../../components/Control.tsx';
import { thousands } from '../../format/hex.ts';
import { renameBranch } from '../../store/history.ts';
import styles from './Branches.module.css';

interface BranchRowProps {
  readonly branch: BranchView;
  readonly onGo: () => void;
  readonly onCompare: () => void;
}

const longestName = 60;

export function BranchRow({ branch, onGo, onCompare }: BranchRowProps) {
  const [naming, setNaming] = useState<string | null>(null);
  const { id, name, present, forkedAt, end, events } = branch;
  const rename = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (naming !== null && naming.trim() !== '') await renameBranch(id, naming);
    setNaming(null);
  };
  const changes = events === 0 ? '' : `, ${events} ${events === 1 ? 'change' : 'changes'} by hand`;
  return (
    <li className={styles.row} aria-label={name} aria-current={present || undefined}>
      {naming === null ? (
        <div className={styles.title}>
          {present && <Check size={15} aria-hidden />}
          <b>{name}</b>
          <Control aria-label={`Rename ${name}`} onPress={() => setNaming(name)}>
            <Pencil size={13} aria-hidden />
          </Control>
        </div>
      ) : (
        <form className={styles.title} onSubmit={rename}>
          <input
            // biome-ignore lint/a11y/noAutofocus: it stands where the pressed button stood
            autoFocus
            aria-label="Name of the branch"
            maxLength={longestName}
            value={naming}
            spellCheck={false}
            onChange={({ target }) => setNaming(target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.stopPropagation();
              setNaming(null);
            }}
          />
          <Control look="framed" type="submit">
            Rename
          </Control>
        </form>
      )}
      <small>
        {present ? 'The machine is here. ' : ''}
        {!present && forkedAt !== null ? `Parted at ${thousands(forkedAt)}, went` : 'Went'} to {thousands(end)}
        {changes}
      </small>
      {!present && (
        <div className={styles.actions}>
          <Control look="framed" aria-label={`Compare with ${name}`} onPress={onCompare}>
            Compare
          </Control>
          <Control look="framed" aria-label={`Go to ${name}`} onPress={onGo}>
            Go there
          </Control>
        </div>
      )}
    </li>
  );
}
