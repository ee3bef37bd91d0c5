import type { MachineWorker } from '../../worker/protocol.ts';

/** The machine worker as seen from the page: every answer arrives later. */
export type MachinePort = {
  readonly [K in keyof MachineWorker]: (
    ...args: Parameters<MachineWorker[K]>
  ) => Promise<Awaited<ReturnType<MachineWorker[K]>>>;
};
