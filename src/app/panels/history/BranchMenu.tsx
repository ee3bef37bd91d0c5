import { GitBranch } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import type { BranchView } from '../../../worker/protocol.ts';
import { openDialog } from '../../store/dialogs.ts';
import styles from './BackMenu.module.css';

interface BranchMenuProps {
  readonly branches: readonly BranchView[];
}

/** The way this machine has gone, and the way to the others. */
export function BranchMenu({ branches }: BranchMenuProps) {
  const present = branches.find((branch) => branch.present);
  if (present === undefined) return null;
  const others = branches.length - 1;
  return (
    <Button
      className={styles.branch}
      onPress={() => openDialog('branches')}
      aria-label={`Branches: on ${present.name}${others > 0 ? `, ${others} more` : ''}`}
    >
      <GitBranch size={12} aria-hidden />
      <span className={styles.branchName}>{present.name}</span>
      {others > 0 && <small>+{others}</small>}
    </Button>
  );
}
