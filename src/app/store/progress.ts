import { create } from 'zustand';
import type { ProgressView } from '../../worker/protocol.ts';

/** What the machine is on its way to, when that takes longer than a moment. */
export const useProgress = create<{ readonly progress: ProgressView | null }>()(() => ({ progress: null }));

export function showProgress(progress: ProgressView | null): void {
  useProgress.setState({ progress });
}
