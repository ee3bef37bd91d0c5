/** Keys pressed soon after each other in a program are one edit: of all that it was meanwhile nothing has to be kept. */
import type { RecordedEvent } from '../debugger/history/events.ts';
import type { History } from '../debugger/history/history.ts';

/** Milliseconds between two changes of one edit. */
const PAUSE_MS = 2000;

export class EditBurst {
  private last: { readonly recorded: RecordedEvent; readonly name: string; readonly at: number } | undefined;

  /** A program was given to the machine, as the last event of its history. `now` in milliseconds. */
  began(history: History, name: string, now: number): void {
    const recorded = history.events.at(-1);
    this.last = recorded && { recorded, name, at: now };
  }

  /** True when another change of the program belongs to the edit that is the last event, and takes its place. */
  goesOn({ events, position }: History, name: string, now: number): boolean {
    const { last } = this;
    if (last === undefined || last.name !== name || now - last.at > PAUSE_MS) return false;
    return events.at(-1) === last.recorded && position.events === events.length;
  }
}
