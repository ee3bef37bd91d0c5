/** What two branches differ in, in a sentence. */
import type { BranchDifference } from '../../worker/protocol.ts';
import { thousands } from './hex.ts';

/** "1 register differs", "2 parts of a device differ". */
export function countOf(count: number, what: string): string {
  const [first = '', ...rest] = what.split(' ');
  return `${counted(count, [`${first}${count === 1 ? '' : 's'}`, ...rest].join(' '))} ${count === 1 ? 'differs' : 'differ'}`;
}
const counted = (count: number, what: string): string => `${thousands(count)} ${what}`;

export function differencesText(ours: string, theirs: string, difference: BranchDifference): string {
  const { events, output, ends, state, descriptors, devices, memory } = difference;
  if (events === null) {
    if (ends.ours === ends.theirs) return 'They do not differ.';
    const [far, near] = ends.ours > ends.theirs ? [ours, theirs] : [theirs, ours];
    return `They do not differ as far as both have got: ${far} has only gone further than ${near}.`;
  }
  const found = state.length + descriptors.length + devices.length + memory.pages;
  const places = [`in events from instruction ${thousands(events.count)}`];
  if (output !== null) places.push(`in output from byte ${thousands(output.offset)}`);
  if (found > 0) places.push('in the state where they end');
  const same = [...(output === null ? ['output'] : []), ...(found === 0 ? ['the state where they end'] : [])];
  return `They differ ${places.join(', ')}${same.length === 0 ? '' : `, but not in ${same.join(' and ')}`}.`;
}
