import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { PlacedPanel } from './placing.ts';

export type Theme = 'system' | 'light' | 'dark';
export type SideTab = 'descriptors' | 'msrs' | 'paging' | 'rings' | 'kernel' | 'stack' | 'memory' | 'code' | 'engine';
export type PhoneTab = 'code' | 'state' | 'memory' | 'output' | 'lesson';
export type Lanes = 'bytes' | 'words' | 'dwords' | 'qwords' | 'floats' | 'doubles';

/** What the person chose about the page itself; survives a reload. */
export interface Settings {
  readonly theme: Theme;
  /** Shortcuts of one letter can be switched off (WCAG 2.1.4). */
  readonly letterShortcuts: boolean;
  readonly sideTab: SideTab;
  readonly phoneTab: PhoneTab;
  /** Where each panel stands, once one has been moved. */
  readonly places: readonly PlacedPanel[] | null;
  /** What XMM registers are shown as. */
  readonly lanes: Lanes;
}

export const useSettings = create<Settings>()(
  persist(
    (): Settings => ({
      theme: 'system',
      letterShortcuts: true,
      sideTab: 'msrs',
      phoneTab: 'state',
      places: null,
      lanes: 'dwords',
    }),
    {
      name: 'emergence.settings',
      version: 1,
    },
  ),
);

const prefersLight = globalThis.window?.matchMedia('(prefers-color-scheme: light)');

/** The theme in force: the person's choice, else the system's. */
export function resolvedTheme(theme: Theme): 'light' | 'dark' {
  if (theme !== 'system') return theme;
  return prefersLight?.matches ? 'light' : 'dark';
}

/** Keeps `<html data-theme>` equal to the theme in force. */
export function followTheme(): void {
  const apply = () => {
    document.documentElement.dataset['theme'] = resolvedTheme(useSettings.getState().theme);
  };
  apply();
  useSettings.subscribe(apply);
  prefersLight?.addEventListener('change', apply);
}
