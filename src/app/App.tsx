import { useShortcuts } from './keyboard/useShortcuts.ts';
import { DesktopLayout } from './layout/DesktopLayout.tsx';
import { PhoneLayout } from './layout/PhoneLayout.tsx';
import { useKernelDrop } from './layout/useKernelDrop.ts';
import { useMedia } from './layout/useMedia.ts';
import { BootDialog } from './panels/dialogs/BootDialog.tsx';
import { HelpDialog } from './panels/dialogs/HelpDialog.tsx';
import { Announcer } from './panels/status/Announcer.tsx';

export function App() {
  const phone = useMedia('(width < 760px)');
  const dragging = useKernelDrop();
  useShortcuts();
  return (
    <>
      {phone ? <PhoneLayout /> : <DesktopLayout />}
      <Announcer />
      <BootDialog />
      <HelpDialog />
      {dragging && <div className="drop-hint">Drop a kernel to boot it</div>}
    </>
  );
}
