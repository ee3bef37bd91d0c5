import { useRef, useState } from 'react';
import type { BranchDifference, BranchView } from '../../../worker/protocol.ts';
import { compareBranch, goTo, switchBranch } from '../../store/history.ts';
import { closeDialog } from '../../store/dialogs.ts';
import { PageDialog } from '../dialogs/PageDialog.tsx';
import { useTimeline } from '../timeline/useTimeline.ts';
import { BranchComparison } from './BranchComparison.tsx';
import { BranchRow } from './BranchRow.tsx';
import styles from './Branches.module.css';

/** The ways this machine has gone: to name, to return to and to compare. */
export function BranchesDialog() {
  return (
    <PageDialog name="branches" title="Branches">
      <Branches />
    </PageDialog>
  );
}

function Branches() {
  const timeline = useTimeline(null);
  const [compared, setCompared] = useState<{ branch: BranchView; difference: BranchDifference } | null>(null);
  const comparing = useRef(false);
  if (timeline === null) return null;
  const { branches } = timeline;
  const present = branches.find((branch) => branch.present);
  const compare = async (branch: BranchView): Promise<void> => {
    // A button that is switched off while it has the focus would take the keyboard from the dialog.
    if (comparing.current) return;
    comparing.current = true;
    const difference = await compareBranch(branch.id);
    comparing.current = false;
    if (difference !== null) setCompared({ branch, difference });
  };
  return (
    <>
      <p className={styles.about}>
        {branches.length === 1
          ? 'There is one way so far. Doing something new in the past begins another branch, and keeps this one.'
          : 'Each way that the machine has gone is kept. Doing something new in the past begins another one.'}
      </p>
      <ul className={styles.list} aria-label="Branches">
        {branches.map((branch) => (
          <BranchRow
            key={branch.id}
            branch={branch}
            onGo={() => {
              closeDialog();
              switchBranch(branch.id);
            }}
            onCompare={() => compare(branch)}
          />
        ))}
      </ul>
      {compared !== null && present !== undefined && compared.branch.id !== present.id && (
        <BranchComparison
          ours={present.name}
          theirs={branches.find(({ id }) => id === compared.branch.id)?.name ?? compared.branch.name}
          difference={compared.difference}
          onGo={(count) => {
            closeDialog();
            goTo(count);
          }}
        />
      )}
    </>
  );
}
