import { List } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { lazyPart } from '../../components/lazyPart.tsx';
import type { Mark } from '../../../worker/protocol.ts';
import type { OpenMarkListProps } from './OpenMarkList.tsx';
import styles from './Timeline.module.css';

const OpenMarkList = lazyPart<OpenMarkListProps>(async () => (await import('./OpenMarkList.tsx')).OpenMarkList);

interface MarkListProps {
  readonly marks: readonly Mark[];
  readonly disabled: boolean;
  readonly onGo: (count: number) => void;
}

/** The marks as a list to choose from. */
export function MarkList({ marks, disabled, onGo }: MarkListProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Button
        className={styles.tool}
        isDisabled={disabled || marks.length === 0}
        aria-label="List of events"
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onPress={setAnchor}
      >
        <List size={14} aria-hidden />
      </Button>
      {anchor !== null && <OpenMarkList marks={marks} anchor={anchor} onGo={onGo} close={() => setAnchor(null)} />}
    </>
  );
}
