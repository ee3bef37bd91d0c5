import type { ComponentType } from 'react';
import { EngineTab } from '../panels/engineView/EngineTab.tsx';
import { KernelTab } from '../panels/kernelView/KernelTab.tsx';
import { PagingTab } from '../panels/paging/PagingTab.tsx';
import { RingsTab } from '../panels/rings/RingsTab.tsx';
import { StackTab } from '../panels/stack/StackTab.tsx';
import { CodeTab } from '../panels/system/CodeTab.tsx';
import { DescriptorsTab } from '../panels/system/DescriptorsTab.tsx';
import { MemoryTab } from '../panels/system/MemoryTab.tsx';
import { MsrsTab } from '../panels/system/MsrsTab.tsx';
import type { SideTab } from '../store/settings.ts';

export interface SidePanelEntry {
  readonly id: SideTab;
  readonly title: string;
  readonly Content: ComponentType;
}

/** Every panel of the system's state, in the order of their tabs. */
export const sidePanels: readonly SidePanelEntry[] = [
  { id: 'descriptors', title: 'Descriptors', Content: DescriptorsTab },
  { id: 'msrs', title: 'MSRs', Content: MsrsTab },
  { id: 'paging', title: 'Paging', Content: PagingTab },
  { id: 'rings', title: 'Rings', Content: RingsTab },
  { id: 'kernel', title: 'Kernel', Content: KernelTab },
  { id: 'stack', title: 'Stack', Content: StackTab },
  { id: 'memory', title: 'Memory', Content: MemoryTab },
  { id: 'code', title: 'Code', Content: CodeTab },
  { id: 'engine', title: 'Engine', Content: EngineTab },
];
