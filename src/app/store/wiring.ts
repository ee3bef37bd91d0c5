import { NOTHING_WIRED, type Wiring, wiringOf } from '../format/wiring.ts';
import type { MicrocodeView } from '../../worker/protocol.ts';
import { type MachineState, useMachine } from './machine.ts';

const known = new WeakMap<MicrocodeView, Wiring>();

/** What the micro-step at large reads and writes. Nothing while the machine runs: what is shown is past then. */
export function currentWiring({ view, running }: MachineState): Wiring {
  const microcode = view?.microcode ?? null;
  if (microcode === null || running !== null) return NOTHING_WIRED;
  const found = known.get(microcode) ?? wiringOf(microcode);
  known.set(microcode, found);
  return found;
}

export function useWiring<Chosen>(choose: (wiring: Wiring) => Chosen): Chosen {
  return useMachine((state) => choose(currentWiring(state)));
}
