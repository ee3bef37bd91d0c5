/** What can be done about an exception: repaired before it, or asked where its cause came from. */
import type { FixView, OriginView, WhyView } from '../../worker/protocol.ts';
import { fail, machine, once } from './commands.ts';
import { canTravel } from './machine.ts';

/** Goes to before the exception and makes the changes there. */
export const repair = ({ at, turn }: WhyView, { changes }: FixView): Promise<void> =>
  once((m) => m.repair({ count: at, turn }, changes), canTravel);

/** Who set what the failed check looked at; empty when that cannot be told. */
export async function readOrigins(): Promise<readonly OriginView[]> {
  try {
    const found = await machine().origins();
    return 'title' in found ? [] : found;
  } catch (error) {
    fail(error);
    return [];
  }
}
