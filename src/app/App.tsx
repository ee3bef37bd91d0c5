import { lazy, Suspense } from 'react';
import { useShortcuts } from './keyboard/useShortcuts.ts';
import { DesktopLayout } from './layout/DesktopLayout.tsx';
import { PhoneLayout } from './layout/PhoneLayout.tsx';
import { useKernelDrop } from './layout/useKernelDrop.ts';
import { useMedia } from './layout/useMedia.ts';
import { BootDialog } from './panels/dialogs/BootDialog.tsx';
import { HelpDialog } from './panels/dialogs/HelpDialog.tsx';
import { BranchesDialog } from './panels/history/BranchesDialog.tsx';
import { ProgressNotice } from './panels/share/ProgressNotice.tsx';
import { ShareDialog } from './panels/share/ShareDialog.tsx';
import { Announcer } from './panels/status/Announcer.tsx';
import { useLab } from './store/lab.ts';

const LabPage = lazy(() => import('./panels/lab/LabPage.tsx').then(({ LabPage }) => ({ default: LabPage })));

export function App() {
  const lab = useLab(({ open }) => open);
  if (!lab) return <Playground />;
  return (
    <Suspense fallback={null}>
      <LabPage />
    </Suspense>
  );
}

function Playground() {
  const phone = useMedia('(width < 760px)');
  const dragging = useKernelDrop();
  useShortcuts();
  return (
    <>
      {phone ? <PhoneLayout /> : <DesktopLayout />}
      <Announcer />
      <BootDialog />
      <HelpDialog />
      <ShareDialog />
      <BranchesDialog />
      <ProgressNotice />
      {dragging && <div className="drop-hint">Drop a kernel or a saved machine</div>}
    </>
  );
}
