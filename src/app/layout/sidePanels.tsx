import type { ComponentType } from 'react';
import { lazyPart } from '../components/lazyPart.tsx';
import { MsrsTab } from '../panels/system/MsrsTab.tsx';
import type { SideTab } from '../store/settings.ts';

export interface SidePanelEntry {
  readonly id: SideTab;
  readonly title: string;
  readonly Content: ComponentType;
}

/** Every panel of the system's state, in the order of their tabs. */
export const sidePanels: readonly SidePanelEntry[] = [
  {
    id: 'descriptors',
    title: 'Descriptors',
    Content: lazyPart(async () => (await import('../panels/system/DescriptorsTab.tsx')).DescriptorsTab),
  },
  { id: 'msrs', title: 'MSRs', Content: MsrsTab },
  {
    id: 'paging',
    title: 'Paging',
    Content: lazyPart(async () => (await import('../panels/paging/PagingTab.tsx')).PagingTab),
  },
  {
    id: 'rings',
    title: 'Rings',
    Content: lazyPart(async () => (await import('../panels/rings/RingsTab.tsx')).RingsTab),
  },
  {
    id: 'kernel',
    title: 'Kernel',
    Content: lazyPart(async () => (await import('../panels/kernelView/KernelTab.tsx')).KernelTab),
  },
  {
    id: 'stack',
    title: 'Stack',
    Content: lazyPart(async () => (await import('../panels/stack/StackTab.tsx')).StackTab),
  },
  {
    id: 'memory',
    title: 'Memory',
    Content: lazyPart(async () => (await import('../panels/system/MemoryTab.tsx')).MemoryTab),
  },
  { id: 'code', title: 'Code', Content: lazyPart(async () => (await import('../panels/system/CodeTab.tsx')).CodeTab) },
  {
    id: 'engine',
    title: 'Engine',
    Content: lazyPart(async () => (await import('../panels/engineView/EngineTab.tsx')).EngineTab),
  },
];
