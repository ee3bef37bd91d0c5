import type { ReactNode } from 'react';

/** Something that a menu offers. */
export interface MenuEntry {
  /** Tells it apart from the others; its title when absent. */
  readonly id?: string;
  readonly title: ReactNode;
  /** Said below the title. */
  readonly about?: string;
  /** Its shortcut. */
  readonly keys?: string;
  readonly disabled?: boolean;
  /** One of a choice: whether it is the present one. */
  readonly checked?: boolean;
  readonly act: () => void;
}

/** Entries under a heading. */
export interface MenuGroup {
  readonly heading: string;
  readonly entries: readonly MenuEntry[];
}

/** What a menu consists of, from top to bottom. */
export type MenuPart = MenuEntry | MenuGroup | 'line';
