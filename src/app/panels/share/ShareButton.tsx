import { Share2 } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { Tip } from '../../components/Tip.tsx';
import { shortcutOf } from '../../keyboard/shortcuts.ts';
import { useMachine } from '../../store/machine.ts';
import styles from './ShareButton.module.css';

/** Copies a link to the machine as it stands. */
export function ShareButton() {
  const ready = useMachine((state) => state.view !== null && !state.booting);
  const { keys, aria, act } = shortcutOf('share');
  return (
    <Tip tip={`Copy a link to this machine, its past included (${keys})`}>
      <Control look="framed" aria-label="Share" aria-keyshortcuts={aria} isDisabled={!ready} onPress={act}>
        <Share2 size={15} aria-hidden />
        <span className={styles.word}>Share</span>
      </Control>
    </Tip>
  );
}
