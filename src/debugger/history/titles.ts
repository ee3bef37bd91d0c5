/** What a person did to a machine, in words. */
import type { HistoryEvent } from './events.ts';
import type { Target } from './target.ts';

export function nameOf(target: Target): string {
  switch (target.kind) {
    case 'register':
      return target.name.toUpperCase();
    case 'msr':
      return target.name;
    case 'descriptor':
      return `${target.table.toUpperCase()} entry ${(8 * target.index).toString(16)}h`;
    default:
      return `memory at ${target.address.toString(16)}h`;
  }
}

export function titleOf(event: HistoryEvent): string {
  switch (event.kind) {
    case 'serial':
      return 'typed';
    case 'reset':
      return 'reset';
    case 'load':
      return event.label;
    case 'poke':
      return `${nameOf(event.target)} changed`;
  }
}
