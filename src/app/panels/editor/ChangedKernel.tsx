import { Shield } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { backToBuiltKernel, changedSources } from '../../store/kernelEditing.ts';
import { usePrograms } from '../../store/programs.ts';
import { fileName, useSources } from '../../store/sources.ts';
import styles from './EditorFoot.module.css';

/** Says that the kernel is not the built one, and how to get that back. */
export function ChangedKernel() {
  const changed = usePrograms((state) => state.kernel !== null);
  const programs = usePrograms((state) => state.programs);
  const texts = useSources((state) => state.texts);
  if (!changed) return null;
  const files = Object.keys(changedSources({ programs }, { texts })).map(fileName);
  return (
    <div className={styles.changed} role="note" aria-label="Changed kernel">
      <Shield size={14} aria-hidden />
      <span>
        <b>Changed kernel</b> {files.join(', ')}
      </span>
      <Button className={styles.link ?? ''} onPress={() => backToBuiltKernel()}>
        Back to the built kernel
      </Button>
    </div>
  );
}
