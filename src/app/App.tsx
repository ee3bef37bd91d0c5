import { lazy, Suspense } from 'react';
import { EmbedPage } from './embed/EmbedPage.tsx';
import { type EmbedRequest, embedded } from './embed/request.ts';
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
import { useDialogs } from './store/dialogs.ts';
import { useLab } from './store/lab.ts';

const PaletteDialog = lazy(() =>
  import('./panels/palette/PaletteDialog.tsx').then(({ PaletteDialog }) => ({ default: PaletteDialog })),
);
const LabPage = lazy(() => import('./panels/lab/LabPage.tsx').then(({ LabPage }) => ({ default: LabPage })));

export function App() {
  const lab = useLab(({ open }) => open);
  if (embedded !== null) return <Embedded request={embedded} />;
  if (!lab) return <Playground />;
  return (
    <Suspense fallback={null}>
      <LabPage />
    </Suspense>
  );
}

function Embedded({ request }: { readonly request: EmbedRequest }) {
  useShortcuts();
  return (
    <>
      <EmbedPage request={request} />
      <Announcer />
      <ShareDialog />
      <BranchesDialog />
      <ProgressNotice />
    </>
  );
}

function Playground() {
  const phone = useMedia('(width < 760px)');
  const palette = useDialogs(({ open }) => open === 'palette');
  const dragging = useKernelDrop();
  useShortcuts();
  return (
    <>
      {phone ? <PhoneLayout /> : <DesktopLayout />}
      <Announcer />
      <BootDialog />
      <HelpDialog />
      {palette && (
        <Suspense fallback={null}>
          <PaletteDialog />
        </Suspense>
      )}
      <ShareDialog />
      <BranchesDialog />
      <ProgressNotice />
      {dragging && <div className="drop-hint">Drop a kernel or a saved machine</div>}
    </>
  );
}
