import { Link as LinkIcon } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { embedded } from '../../embed/request.ts';
import { leaveLink, useOpening } from '../../store/opening.ts';
import styles from './Notices.module.css';

/** Says that the machine came from a link or file, and how to get back to one's own. */
export function OpenedNotice() {
  const foreign = useOpening((state) => state.foreign);
  if (!foreign || embedded !== null) return null;
  return (
    <div className={styles.notice}>
      <LinkIcon size={15} aria-hidden />
      <p>
        <b>Opened from a link or file.</b> <span>Your own programs are kept aside, as you left them.</span>
      </p>
      <Control look="framed" onPress={leaveLink}>
        Back to mine
      </Control>
      <Control onPress={() => useOpening.setState({ foreign: false })}>Hide</Control>
    </div>
  );
}
