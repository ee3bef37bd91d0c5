/** Why a machine stands where it stands, in a sentence. */
import type { Fault } from '../cpu/fault.ts';
import type { StopReason } from '../machine/machine.ts';
import type { Transition } from '../machine/observers.ts';
import type { StopView } from './views.ts';

/** What there is to be said of a stop. */
export interface StopState {
  /** RIP by its symbol, or in hexadecimal. */
  readonly place: string;
  readonly cpl: number;
  readonly exitCode: number;
  /** The exception raised last in this run, and those of the last delivery. */
  readonly last: Fault | undefined;
  readonly chain: readonly Fault[];
  /** The change of ring that the run went to. */
  readonly transition: Transition | undefined;
  readonly atBreakpoint: boolean;
}

/** `fallback`: what a run is called that came to its goal. */
export function stopOf(reason: StopReason, fallback: StopView['reason'], state: StopState): StopView {
  const { place, cpl, last, transition } = state;
  switch (reason) {
    case 'exit':
      return { text: `The guest ended the machine with exit code ${state.exitCode}.`, reason: 'exit' };
    case 'triple-fault': {
      const names = state.chain.map(({ name }) => name);
      return { text: `Triple fault: ${names.join(', then ')}. The CPU has shut down.`, reason: 'triple-fault' };
    }
    case 'halted':
      return { text: `Halted with interrupts off at ${place}.`, reason: 'halted' };
    case 'stuck':
      return {
        text: `${last?.name ?? 'An exception'} is raised for ever at ${place}: its handler cannot begin.`,
        reason: 'halted',
      };
    case 'idle':
      return { text: `Halted, waiting for input, at ${place}.`, reason: 'halted' };
    default:
      break;
  }
  if (transition !== undefined) {
    return { text: `CPL ${transition.from.cpl} to ${transition.to.cpl}, RIP now ${place}.`, reason: 'ring-change' };
  }
  if (last !== undefined && fallback === 'step')
    return { text: `${last.name} raised: RIP now ${place}.`, reason: 'step' };
  if (reason === 'held') return { text: `Before the crossing at ${place}, CPL ${cpl}.`, reason: 'breakpoint' };
  if (reason === 'breakpoint' && state.atBreakpoint)
    return { text: `Breakpoint at ${place}, CPL ${cpl}.`, reason: 'breakpoint' };
  return { text: `RIP now ${place}, CPL ${cpl}.`, reason: fallback };
}

/** Before the delivery of an exception, or of the interrupt of a vector. */
export function awaiting(event: Fault | number, place: string): StopView {
  if (typeof event === 'number') {
    return { text: `Interrupt ${event} arrives at ${place}. Its delivery is next.`, reason: 'micro-step' };
  }
  const { name, why } = event;
  return {
    text: `${name} at ${place}: ${why.check} failed, found ${why.actual}. Its delivery is next.`,
    reason: 'micro-step',
  };
}
