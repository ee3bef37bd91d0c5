import { History } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { bringBack, forgetAside, isOfPast } from '../../store/following.ts';
import { usePrograms } from '../../store/programs.ts';
import { fileName } from '../../store/sources.ts';
import styles from './EditorFoot.module.css';

/** Says that a newer text of the person's than the one shown is kept, and brings it back. */
export function PastText({ file }: { readonly file: string }) {
  const kept = usePrograms((state) => state.aside[file]);
  const text = usePrograms((state) => state.programs[file]?.text);
  if (kept === undefined) return null;
  return (
    <div className={styles.past} role="status" aria-label="Newer text">
      <History size={14} aria-hidden />
      <span>
        {isOfPast(file, text) && (
          <>
            <b>{fileName(file)} as the machine has it here.</b>{' '}
          </>
        )}
        What you typed later is kept.
      </span>
      <Button className={styles.link ?? ''} onPress={() => bringBack(file)}>
        Use the newer text
      </Button>
      <Button className={styles.link ?? ''} onPress={() => forgetAside(file)}>
        Hide
      </Button>
    </div>
  );
}
