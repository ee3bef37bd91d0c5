/** Looking for something in the past: the last place before this one where it happened. */
import { PageUse } from '../../cpu/tlb.ts';
import type { History, Work } from './history.ts';
import type { Place } from './position.ts';
import { compare, type Position } from './position.ts';
import { changedByRoutinesOnly, type Pieces, piecesOf, readPieces, readRegister, type Target } from './target.ts';
import type { TraceItem } from './trace.ts';
import type { BackTarget } from './views.ts';

/** How far back each window begins. Windows far back are run at full speed; they only grow so that little is run twice. */
const WINDOWS = [2_000, 1 << 16, 1 << 20, 1 << 22, 1 << 24];
const WIDEST = 1 << 24;
const SLICE = 1 << 20;

/** Something that notes where it saw what it looks for, while the history runs on to `until`. */
type Probe = (until: Position) => Work<Place | undefined>;

/**
 * Goes to the last place before this one that a probe finds, at most `farthest` instructions back or little more; stays
 * and says false when there is none.
 */
export function* searchBack(history: History, probe: Probe, farthest = Number.POSITIVE_INFINITY): Work<boolean> {
  const here = history.position;
  let until = here;
  for (let n = 0; (until.count > history.start.count && here.count - until.count < farthest) || n === 0; n++) {
    const width = WINDOWS[n] ?? WIDEST;
    const from = Math.max(until.count - width, history.start.count);
    yield* history.seek(from === history.start.count ? history.start : { count: from });
    const begin = history.position;
    const found = compare(begin, until) < 0 ? yield* probe(until) : undefined;
    if (found !== undefined) {
      yield* seekBefore(history, found);
      return true;
    }
    if (begin.count <= history.start.count) break;
    until = begin;
  }
  yield* history.seek(here);
  return false;
}

/**
 * To a place, or to the last one before it where one can stand: an interrupt is delivered before anybody can look at what
 * it interrupts.
 */
export function* seekBefore(history: History, place: Place): Work<void> {
  if (place.turn === undefined || place.events !== undefined) return yield* history.seek(place);
  yield* history.seek({ count: place.count });
  if (history.position.turn > place.turn && place.count > history.start.count) {
    yield* history.seek({ count: place.count - 1 });
  }
  let before = history.position;
  while (before.turn < place.turn || before.count < place.count) {
    history.step();
    yield 1;
    const { position } = history;
    if (position.turn > place.turn || position.count > place.count || compare(position, before) === 0) break;
    before = position;
  }
  yield* history.seek(before);
}

const MATCHES: Readonly<Record<Exclude<BackTarget, 'breakpoint' | 'output' | 'start'>, (item: TraceItem) => boolean>> =
  {
    syscall: ({ kind }) => kind === 'syscall',
    sysret: ({ kind }) => kind === 'sysret',
    'ring-change': ({ from, to, kind }) => from !== to && kind !== 'reset',
    exception: ({ kind }) => kind === 'exception',
    interrupt: ({ kind }) => kind === 'interrupt',
  };

/** Runs back to the last `target` before here. */
export function* runBack(history: History, target: BackTarget, breakpoints: ReadonlySet<bigint>): Work<boolean> {
  switch (target) {
    case 'start': {
      const moved = compare(history.start, history.position) < 0;
      yield* history.seek(history.start);
      return moved;
    }
    case 'output': {
      const sent = history.output.sent(history.output.length - 1);
      if (sent === undefined) return false;
      yield* seekBefore(history, sent);
      return true;
    }
    case 'breakpoint':
      if (breakpoints.size === 0) return false;
      return yield* searchBack(history, (until) => breakpointProbe(history, breakpoints, until));
    default:
      return yield* backInTrace(history, MATCHES[target]);
  }
}

/** In the trace first; what it has forgotten is run again. */
function* backInTrace(history: History, wanted: (item: TraceItem) => boolean): Work<boolean> {
  const { trace, position } = history;
  for (let n = trace.indexAt(position.count + 1) - 1; n >= trace.dropped; n--) {
    const item = trace.item(n);
    if (item === undefined || !wanted(item)) continue;
    if (item.count < position.count || item.turn < position.turn) {
      yield* seekBefore(history, item);
      return true;
    }
  }
  if (trace.dropped === 0) return false;
  return yield* searchBack(history, (until) => traceProbe(history, wanted, until));
}

/** Runs on until a place is reached. */
function* onTo(history: History, until: Position): Work<void> {
  while (compare(history.position, until) < 0) {
    const before = history.position;
    const left = until.count - before.count;
    if (left > 0) history.run(Math.min(left, SLICE));
    else history.step();
    yield history.position.count - before.count;
  }
}

function* traceProbe(history: History, wanted: (item: TraceItem) => boolean, until: Position): Work<Place | undefined> {
  let found: Place | undefined;
  history.trace.watch((item) => {
    if (wanted(item) && (item.count < until.count || item.turn < until.turn)) found = item;
  });
  try {
    yield* onTo(history, until);
  } finally {
    history.trace.watch(undefined);
  }
  return found;
}

/** Sees the places with RIP at one of these addresses that `counts`. */
export function* breakpointProbe(
  history: History,
  at: ReadonlySet<bigint>,
  until: Position,
  counts: () => boolean = () => true,
): Work<Place | undefined> {
  const { engine, cpu } = history.machine;
  let found: Position | undefined;
  const before = new Set(engine.breakpoints);
  const arm = (addresses: Iterable<bigint>): void => {
    engine.breakpoints.clear();
    for (const address of addresses) engine.breakpoints.add(address);
    engine.breakpointsChanged();
  };
  arm(at);
  try {
    while (compare(history.position, until) < 0) {
      if (at.has(cpu.rip) && counts()) found = history.position;
      const from = history.position;
      if (from.count < until.count) history.run(Math.min(until.count - from.count, SLICE));
      else history.step();
      yield history.position.count - from.count;
    }
  } finally {
    arm(before);
  }
  return found;
}

/** Goes to the instruction that last changed a piece of state; false, and the machine stays, when none did. */
export function* whoSet(history: History, target: Target): Work<boolean> {
  const { cpu } = history.machine;
  const pieces = piecesOf(cpu, target);
  if (pieces !== undefined) {
    const read = (): string => readPieces(cpu, pieces).join();
    return yield* orByHand(
      history,
      read,
      searchBack(history, (until) => memoryProbe(history, pieces, until)),
    );
  }
  const read = (): bigint | undefined => readRegister(cpu, target);
  if (read() === undefined) return false;
  if (!changedByRoutinesOnly(target)) return yield* registerChange(history, target);
  return yield* orByHand(
    history,
    read,
    searchBack(history, (until) => routineProbe(history, target, until)),
  );
}

/** A probe tells the instruction count of a change; when it was made by hand there, this goes to before that. */
function* orByHand(history: History, read: () => unknown, search: Work<boolean>): Work<boolean> {
  const value = read();
  if (!(yield* search)) return false;
  const { position } = history;
  // The instruction here changes it, or nothing was done by hand.
  if (read() !== value) return true;
  for (let n = position.events - 1; n >= 0; n--) {
    const event = history.events[n];
    if (event === undefined || event.at.count !== position.count || event.at.turn !== position.turn) break;
    yield* history.seek(event.at);
    if (read() !== value) return true;
  }
  yield* history.seek(position);
  return true;
}

/** Sees changes by looking after every routine, exception and interrupt. */
function* routineProbe(history: History, target: Target, until: Position): Work<Place | undefined> {
  const { machine } = history;
  let found: Place | undefined;
  let value = readRegister(machine.cpu, target);
  machine.observers.probeRoutines((turn) => {
    const now = readRegister(machine.cpu, target);
    if (now !== value) found = { count: machine.count, turn };
    value = now;
  });
  try {
    while (compare(history.position, until) < 0) {
      const before = history.position;
      if (before.count < until.count) history.run(Math.min(until.count - before.count, SLICE));
      else history.step();
      const now = readRegister(machine.cpu, target);
      // What no routine did was done from outside.
      if (now !== value) found = before;
      value = now;
      yield history.position.count - before.count;
    }
  } finally {
    machine.observers.probeRoutines(undefined);
  }
  return found;
}

/** Sees changes by being told of every write to the pages, and comparing at the next one. */
function* memoryProbe(history: History, pieces: Pieces, until: Position): Work<Place | undefined> {
  const { machine } = history;
  const { tlb } = machine.cpu;
  const pages = [...new Set(pieces.map(({ physical }) => Math.floor(physical / 4096)))];
  let found: Place | undefined;
  let candidate: Place = history.position;
  let value = readPieces(machine.cpu, pieces);
  const look = (): void => {
    const now = readPieces(machine.cpu, pieces);
    if (now.some((byte, i) => byte !== value[i])) {
      found = candidate;
      value = now;
    }
  };
  tlb.onNoticed = () => {
    look();
    candidate = { count: machine.count, turn: machine.turns };
  };
  for (const page of pages) tlb.mark(page, PageUse.noticed);
  try {
    yield* onTo(history, until);
    look();
  } finally {
    for (const page of pages) tlb.unmark(page, PageUse.noticed);
    tlb.onNoticed = () => undefined;
  }
  return found;
}

/** Instructions within which every change of a program's register is seen; farther back only those that lasted. */
const STEPPED = 1 << 18;

function* registerChange(history: History, target: Target): Work<boolean> {
  const { machine, start } = history;
  const here = history.position;
  const read = (): bigint | undefined => readRegister(machine.cpu, target);
  const value = read();
  let until = here;
  for (const width of [64, 4096, STEPPED]) {
    yield* history.seek(until.count - width > start.count ? { count: until.count - width } : start);
    const begin = history.position;
    let found: Position | undefined;
    let last = read();
    while (compare(history.position, until) < 0) {
      const before = history.position;
      history.step();
      const now = read();
      if (now !== last) found = before;
      last = now;
      if (before.count % 4096 === 0) yield 4096;
    }
    if (found !== undefined) {
      yield* history.seek(found);
      return true;
    }
    if (compare(begin, start) <= 0) break;
    until = begin;
  }
  const lasting = yield* lastingChange(history, read, value, until);
  yield* history.seek(lasting ?? here);
  return lasting !== undefined;
}

/** The last checkpoint with another value, and by halves the instruction behind it. */
function* lastingChange(
  history: History,
  read: () => bigint | undefined,
  value: bigint | undefined,
  until: Position,
): Work<Position | undefined> {
  const earlier = history.checkpoints.filter(({ position }) => compare(position, until) < 0);
  for (let n = earlier.length - 1; n >= 0; n--) {
    const { position } = earlier[n] as (typeof earlier)[number];
    yield* history.seek(position);
    yield 0;
    if (read() === value) continue;
    let [low, high] = [position.count, (earlier[n + 1]?.position ?? until).count];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      yield* history.seek({ count: middle });
      if (read() === value) high = middle;
      else low = middle;
    }
    yield* history.seek({ count: low });
    return history.position;
  }
  return undefined;
}

/** Goes to the instruction that sent a byte of the output. */
export function* goToOutput(history: History, offset: number): Work<boolean> {
  const sent = history.output.sent(offset);
  if (sent === undefined) return false;
  yield* seekBefore(history, sent);
  return true;
}
