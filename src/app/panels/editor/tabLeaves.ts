import { create } from 'zustand';

/** True while the next Tab leaves the editor. */
export const useTabLeaves = create<{ readonly leaves: boolean }>()(() => ({ leaves: false }));
