import type { ComponentType } from 'react';
import { lazyPart } from './components/lazyPart.tsx';
import { type EmbedRequest, embedded } from './embed/request.ts';
import { useShortcuts } from './keyboard/useShortcuts.ts';
import { DesktopLayout } from './layout/DesktopLayout.tsx';
import { useKernelDrop } from './layout/useKernelDrop.ts';
import { useMedia } from './layout/useMedia.ts';
import { ProgressNotice } from './panels/share/ProgressNotice.tsx';
import { Announcer } from './panels/status/Announcer.tsx';
import { type DialogName, useDialogs } from './store/dialogs.ts';
import { useLab } from './store/lab.ts';

const EmbedPage = lazyPart(async () => (await import('./embed/EmbedPage.tsx')).EmbedPage);
const PhoneLayout = lazyPart(async () => (await import('./layout/PhoneLayout.tsx')).PhoneLayout);
const LabPage = lazyPart(async () => (await import('./panels/lab/LabPage.tsx')).LabPage);
const dialogs: Record<DialogName, ComponentType> = {
  boot: lazyPart(async () => (await import('./panels/dialogs/BootDialog.tsx')).BootDialog),
  help: lazyPart(async () => (await import('./panels/dialogs/HelpDialog.tsx')).HelpDialog),
  share: lazyPart(async () => (await import('./panels/share/ShareDialog.tsx')).ShareDialog),
  branches: lazyPart(async () => (await import('./panels/history/BranchesDialog.tsx')).BranchesDialog),
  places: lazyPart(async () => (await import('./panels/history/PlacesDialog.tsx')).PlacesDialog),
  palette: lazyPart(async () => (await import('./panels/palette/PaletteDialog.tsx')).PaletteDialog),
};

export function App() {
  const lab = useLab(({ open }) => open);
  if (embedded !== null) return <Embedded request={embedded} />;
  if (!lab) return <Playground />;
  return <LabPage />;
}

/** The dialog that is open, if any. */
function OpenDialog() {
  const open = useDialogs((state) => state.open);
  if (open === null) return null;
  const Dialog = dialogs[open];
  return <Dialog />;
}

function Embedded({ request }: { readonly request: EmbedRequest }) {
  useShortcuts();
  return (
    <>
      <EmbedPage request={request} />
      <Announcer />
      <OpenDialog />
      <ProgressNotice />
    </>
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
      <OpenDialog />
      <ProgressNotice />
      {dragging && <div className="drop-hint">Drop a kernel or a saved machine</div>}
    </>
  );
}
