import { CircleHelp, Command, FlaskConical, GraduationCap } from 'lucide-react';
import { Control } from '../../components/Control.tsx';
import { RingBadge } from '../../components/RingBadge.tsx';
import { Tip } from '../../components/Tip.tsx';
import { shortcutOf } from '../../keyboard/shortcuts.ts';
import { openDialog } from '../../store/dialogs.ts';
import { openLab } from '../../store/lab.ts';
import { closeLessons, openLessons, useLessonDoor } from '../../store/lessonDoor.ts';
import { currentCpl, useMachine } from '../../store/machine.ts';
import { ShareButton } from '../share/ShareButton.tsx';
import { Brand } from './Brand.tsx';
import { CpuMenu } from './CpuMenu.tsx';
import { KernelMenu } from './KernelMenu.tsx';
import { ThemeButton } from './ThemeButton.tsx';
import styles from './TopBar.module.css';
import { Transport } from './Transport.tsx';

export function TopBar() {
  const cpl = useMachine(currentCpl);
  return (
    <header className={styles.bar}>
      <Brand />
      <div className={styles.menus}>
        <KernelMenu />
        <CpuMenu />
      </div>
      <Transport />
      <RingBadge cpl={cpl} part="cpl" />
      <div className={styles.menus}>
        <LessonsButton />
        <LabButton />
        <ShareButton />
        <ThemeButton />
        <CommandsButton />
        <HelpButton />
      </div>
    </header>
  );
}

function LessonsButton() {
  const open = useLessonDoor((state) => state.open);
  return (
    <Tip tip="Guided lessons">
      <Control
        look="framed"
        aria-label="Lessons"
        aria-pressed={open}
        onPress={() => (open ? closeLessons() : openLessons())}
      >
        <GraduationCap size={16} aria-hidden />
        <span className={styles.word}>Lessons</span>
      </Control>
    </Tip>
  );
}

function LabButton() {
  return (
    <Tip tip="Flaw lab: the document’s faults, two machines side by side">
      <Control look="framed" aria-label="Flaw lab" onPress={() => openLab()}>
        <FlaskConical size={15} aria-hidden />
        <span className={styles.word}>Flaw lab</span>
      </Control>
    </Tip>
  );
}

function CommandsButton() {
  const { title, keys, aria } = shortcutOf('palette');
  return (
    <Tip tip={`${title} (${keys})`}>
      <Control look="framed" aria-label={title} aria-keyshortcuts={aria} onPress={() => openDialog('palette')}>
        <Command size={16} aria-hidden />
      </Control>
    </Tip>
  );
}

export function HelpButton() {
  return (
    <Tip tip="Keys and signs">
      <Control look="framed" aria-label="Keys and signs" onPress={() => openDialog('help')}>
        <CircleHelp size={16} aria-hidden />
      </Control>
    </Tip>
  );
}
