import type { AccessKind, MicrocodeView, TableEntry } from '../../worker/protocol.ts';
import { fail, machine } from './commands.ts';

/** Present entries of a paging structure; empty when the machine does not answer. */
export async function readPageTable(physical: bigint): Promise<readonly TableEntry[]> {
  try {
    return await machine().pageTable(physical);
  } catch (error) {
    fail(error);
    return [];
  }
}

/** The walk of an address as micro-steps; null when the machine does not answer. */
export async function readWalkSteps(address: bigint, cpl: 0 | 3, kind: AccessKind): Promise<MicrocodeView | null> {
  try {
    return await machine().walkSteps(address, cpl, kind);
  } catch (error) {
    fail(error);
    return null;
  }
}
