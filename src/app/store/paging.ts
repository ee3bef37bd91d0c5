import type { AccessKind, MicrocodeView, TableView } from '../../worker/protocol.ts';
import { fail, machine } from './commands.ts';

/** Present entries of a paging structure, so many levels below CR3; null when the machine does not answer. */
export async function readPageTable(level: number, physical: bigint): Promise<TableView | null> {
  try {
    return await machine().pageTable(level, physical);
  } catch (error) {
    fail(error);
    return null;
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
