/** Runs a machine to its end and keeps where it crossed rings and what was raised. */
import { type Fault, Vector } from '../../cpu/fault.ts';
import { CS, SS } from '../../cpu/segmentation.ts';
import { ATTRIBUTE } from '../../registers/descriptor.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Transition } from '../../machine/observers.ts';
import type { History } from '../history/history.ts';
import type { LabEvent } from './views.ts';

/** More are neither kept nor compared: by then a difference has shown, or the program only repeats itself. */
const MAX_EVENTS = 4096;
const SLICE = 1 << 20;

/** What the processor was after an event. */
interface After {
  readonly cpl: number;
  readonly cs: number;
  readonly csAttributes: number;
  readonly ss: number;
  readonly rip: bigint;
  readonly rflags: number;
  /** Symbol of RIP, while the program that it belongs to is mapped. */
  readonly name: string;
}

export interface Logged {
  /** Where the machine stands before it. */
  readonly count: number;
  readonly turn: number;
  readonly cause: string;
  readonly fault: Fault | undefined;
  /** RIP of the instruction that did it. */
  readonly from: bigint;
  readonly name: string;
  after: After | undefined;
  /** Exceptions that followed from this one, when it could not be delivered. */
  followed: readonly string[];
}

type NameOf = (address: bigint) => string;

/** Runs on until the machine stops by itself, or `budget` instructions are done. `nameOf` is asked as things happen. */
export function logEvents(history: History, budget: number, nameOf: NameOf): Logged[] {
  const { machine } = history;
  const events: Logged[] = [];
  const end = machine.retired + budget;
  machine.observers.onTransition((transition) => crossed(machine, events, transition, nameOf));
  const before = machine.observers.onException;
  machine.observers.onException = (fault) => {
    close(machine, events);
    add(events, machine, fault.name, fault, machine.cpu.rip, nameOf);
    before?.(fault);
  };
  try {
    while (machine.retired < end && events.length < MAX_EVENTS) {
      if (history.run(Math.min(SLICE, end - machine.retired)) !== 'count') break;
    }
  } finally {
    machine.observers.onTransition(undefined);
    machine.observers.onException = before;
  }
  close(machine, events);
  return events;
}

function add(
  events: Logged[],
  machine: Machine,
  cause: string,
  fault: Fault | undefined,
  from: bigint,
  nameOf: NameOf,
): Logged {
  const event: Logged = {
    // One cannot stand between an instruction and its debug trap.
    count: machine.count - (fault?.vector === Vector.DB && fault.trap ? 1 : 0),
    turn: machine.turns,
    cause,
    fault,
    from,
    name: nameOf(from),
    after: undefined,
    followed: [],
  };
  events.push(event);
  return event;
}

/** An exception in ring 0 crosses nothing: what it led to is seen when the next thing happens. */
function close({ cpu }: Machine, events: readonly Logged[]): void {
  const last = events.at(-1);
  if (last?.fault === undefined || last.after !== undefined || last.followed.length > 0) return;
  last.followed = cpu.chain.slice(1).map(({ name }) => name);
}

function crossed(machine: Machine, events: Logged[], { cause, from, to }: Transition, nameOf: NameOf): void {
  const { cpu } = machine;
  const last = events.at(-1);
  const raised = last?.fault !== undefined && last.after === undefined && last.fault.name === cause;
  const event = raised ? last : add(events, machine, cause.toUpperCase(), undefined, from.rip, nameOf);
  event.after = {
    cpl: to.cpl,
    cs: to.cs,
    csAttributes: cpu.attributes(CS),
    ss: cpu.selector(SS),
    rip: to.rip,
    rflags: cpu.rflags,
    name: nameOf(to.rip),
  };
  if (raised) event.followed = cpu.chain.slice(1).map(({ name }) => name);
}

/**
 * True when two events are one: the same cause at the same place, with the same outcome. Of RFLAGS only what SYSCALL
 * leaves counts: elsewhere arithmetic flags tell of the kernel's path and not of the crossing.
 */
export function sameEvent(a: Logged, b: Logged): boolean {
  if (a.cause !== b.cause || a.from !== b.from || a.fault?.errorCode !== b.fault?.errorCode) return false;
  if (a.followed.join() !== b.followed.join()) return false;
  const [x, y] = [a.after, b.after];
  if (x === undefined || y === undefined) return x === y;
  const flags = a.cause !== 'SYSCALL' || x.rflags === y.rflags;
  const place = x.cpl === y.cpl && x.rip === y.rip && x.cs === y.cs && x.csAttributes === y.csAttributes;
  return flags && place && x.ss === y.ss;
}

const hex = (value: number | bigint): string => `${value.toString(16).toUpperCase().padStart(2, '0')}h`;

/** What a person should see of where an event led. */
function afterText({ cs, csAttributes, ss, rflags, name }: After, cause: string): string {
  const width = (csAttributes & ATTRIBUTE.L) === 0 ? ' (32-bit)' : '';
  const trap = cause === 'SYSCALL' && (rflags & RFLAGS.TF) !== 0 ? ', TF still set' : '';
  return `CS ${hex(cs)}${width}, SS ${hex(ss)}, RIP ${name}${trap}`;
}

export function eventView({ count, cause, fault, name, after, followed }: Logged): LabEvent {
  const error = fault?.errorCode === undefined || fault.errorCode === null ? '' : ` error ${hex(fault.errorCode)}`;
  const then = followed.length === 0 ? '' : `, then ${followed.join(', ')}`;
  const at = fault === undefined ? '' : `at ${name}`;
  const to = after === undefined ? '' : afterText(after, cause);
  return {
    count,
    title: `${cause}${error}`,
    detail: `${[at, to].filter(Boolean).join('; ')}${then}`,
    cpl: after?.cpl ?? null,
    fault: fault !== undefined,
  };
}
