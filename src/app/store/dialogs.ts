import { create } from 'zustand';

export type DialogName = 'boot' | 'help' | 'share' | 'branches' | 'places' | 'palette';

/** The dialog in front of the page, if any. */
export const useDialogs = create<{ readonly open: DialogName | null }>()(() => ({ open: null }));

export function openDialog(open: DialogName): void {
  useDialogs.setState({ open });
}

export function closeDialog(): void {
  useDialogs.setState({ open: null });
}
