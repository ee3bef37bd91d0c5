/** The history of the present branch from left to right. */
import { vectorName } from '../../cpu/fault.ts';
import { titleOf } from './titles.ts';
import type { Cursors, History } from './history.ts';
import type { TraceItem } from './trace.ts';
import type { BranchView, Mark, Stretch, TimelineView } from './views.ts';

const MOST_MARKS = 1000;
const MOST_STRETCHES = 2000;
/** About one for three pixels of a wide screen. */
const USUAL_STRETCHES = 600;
/** Marks looked at before they are thinned out. */
const MOST_LOOKED_AT = 20_000;

function titleOfItem({ kind, vector }: TraceItem): string {
  if (kind === 'exception') return vectorName(vector);
  if (kind === 'interrupt') return `interrupt ${vector}`;
  return kind === 'crossing' ? 'change of ring' : kind === 'reset' ? 'reset' : kind.toUpperCase();
}

/** What happened from count `from` to count `to`, in about `stretches` pieces or more where the rings change. */
export function timelineOf(history: History, from: number, to: number, stretches = USUAL_STRETCHES): TimelineView {
  const [first, last] = [history.start.count, history.end.count];
  const low = Math.min(Math.max(Math.floor(from), first), last);
  const high = Math.min(Math.max(Math.ceil(to), low), last);
  const marks = [
    ...traceMarks(history, low, high),
    ...outputMarks(history, low, high),
    ...eventMarks(history, low, high),
  ];
  marks.sort((a, b) => a.count - b.count);
  const kept = thinned(marks, MOST_MARKS);
  return {
    from: first,
    to: last,
    now: history.position.count,
    stretches: stretchesOf(history, low, high, Math.min(Math.max(Math.floor(stretches), 1), MOST_STRETCHES)),
    marks: kept,
    complete: kept.length === marks.length && low >= history.trace.knownFrom,
    branches: branchesOf(history),
  };
}

function thinned<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, n) => items[Math.floor((n * items.length) / most)] as Item);
}

function traceMarks({ trace }: History, low: number, high: number): Mark[] {
  const begin = Math.max(trace.indexAt(low), trace.dropped);
  const end = trace.indexAt(high + 1);
  const every = Math.max(1, Math.ceil((end - begin) / MOST_LOOKED_AT));
  const marks: Mark[] = [];
  for (let n = begin; n < end; n += every) {
    const item = trace.item(n);
    if (item !== undefined) {
      marks.push({ count: item.count, kind: item.kind, title: titleOfItem(item), offset: 0, bytes: 0 });
    }
  }
  return marks;
}

/** Output that follows closely on other output is one mark. */
function outputMarks({ output }: History, low: number, high: number): Mark[] {
  const near = Math.max((high - low) / 200, 2000);
  const marks: Mark[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let open: { count: number; offset: number } | undefined;
  const end = output.lengthAt(high + 1);
  const close = (offset: number): void => {
    if (open !== undefined) {
      marks.push({
        count: open.count,
        kind: 'output',
        title: 'output',
        offset: open.offset,
        bytes: offset - open.offset,
      });
    }
  };
  for (let offset = output.lengthAt(low); offset < end; offset++) {
    const sent = output.sent(offset);
    if (sent === undefined) continue;
    if (sent.count - last > near) {
      close(offset);
      open = { count: sent.count, offset };
    }
    last = sent.count;
  }
  close(end);
  return marks;
}

function eventMarks({ events }: History, low: number, high: number): Mark[] {
  return events
    .filter(({ at, event }) => at.count >= low && at.count <= high && event.kind !== 'reset')
    .map(({ at, event }) => ({ count: at.count, kind: 'edit', title: titleOf(event), offset: 0, bytes: 0 }));
}

/** Stretches of one ring where the crossings are known and few, otherwise sums between checkpoints. */
function stretchesOf(history: History, low: number, high: number, wanted: number): Stretch[] {
  const { trace } = history;
  const crossings = trace.indexAt(high + 1) - Math.max(trace.indexAt(low), trace.dropped);
  if (low >= trace.knownFrom && crossings <= wanted * 8) return joined(ringStretches(history, low, high), wanted);
  return joined(checkpointStretches(history, low, high), wanted);
}

function ringStretches(history: History, low: number, high: number): Stretch[] {
  const { trace, machine } = history;
  const result: Stretch[] = [];
  const begin = trace.indexAt(low);
  let cpl = trace.item(begin - 1)?.to ?? trace.item(begin)?.from ?? machine.cpu.cpl;
  let at = low;
  const close = (end: number): void => {
    if (end > at) result.push({ from: at, to: end, user: cpl === 3 ? 1 : 0 });
    at = Math.max(at, end);
  };
  for (let n = begin; ; n++) {
    const item = trace.item(n);
    if (item === undefined || item.count > high) break;
    if (item.from === item.to) continue;
    // An instruction that crosses still belongs to the ring it began in.
    close(Math.min(item.vector < 0 && item.kind !== 'reset' ? item.count + 1 : item.count, high));
    cpl = item.to;
  }
  close(high);
  return result;
}

function checkpointStretches(history: History, low: number, high: number): Stretch[] {
  const points: { count: number; user: number }[] = history.checkpoints.map(({ position, extra }) => ({
    count: position.count,
    user: userOf(extra),
  }));
  const { position, end } = history;
  points.push({ count: position.count, user: history.trace.totals().user });
  points.sort((a, b) => a.count - b.count);
  const result: Stretch[] = [];
  for (let n = 0; n < points.length; n++) {
    const [a, b] = [points[n] as (typeof points)[number], points[n + 1] ?? { count: end.count, user: Number.NaN }];
    const [from, to] = [Math.max(a.count, low), Math.min(b.count, high)];
    if (to <= from) continue;
    const user = Number.isNaN(b.user) ? (result.at(-1)?.user ?? 0) : (b.user - a.user) / (b.count - a.count);
    result.push({ from, to, user });
  }
  return result;
}
const userOf = (cursors: Cursors): number => cursors.trace.totals.user;

/** Neighbours become one until there are at most `most`. */
function joined(stretches: readonly Stretch[], most: number): Stretch[] {
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (first === undefined || last === undefined || stretches.length <= most) return [...stretches];
  const least = (last.to - first.from) / most;
  const result: Stretch[] = [];
  for (const next of stretches) {
    const open = result.at(-1);
    if (open === undefined || open.to - open.from >= least) {
      result.push(next);
      continue;
    }
    const user = (open.user * (open.to - open.from) + next.user * (next.to - next.from)) / (next.to - open.from);
    result[result.length - 1] = { from: open.from, to: next.to, user };
  }
  return result;
}

export function branchesOf(history: History): BranchView[] {
  const { branches, end, events } = history;
  const left = branches.all().map(({ id, name, forkedAt, state }) => ({
    id,
    name,
    present: false,
    forkedAt: forkedAt.count,
    end: state.end.count,
    events: state.events.length,
  }));
  const present = { ...branches.present, present: true, forkedAt: null, end: end.count, events: events.length };
  return [...left, present].sort((a, b) => a.id - b.id);
}
