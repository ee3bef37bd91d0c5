/** Runs a machine in slices, between which the outside has its turn, until something ends the run. */
import { SavedState } from '../../devices/savedState.ts';
import type { Machine } from '../../machine/machine.ts';

/** Where serial input comes from; see SerialInput. */
export interface Input {
  readonly interactive: boolean;
  readonly ended: boolean;
  readonly available: boolean;
  deliver(at: number, receive: (byte: number) => void): void;
  arrival(milliseconds?: number): Promise<void>;
}

export interface RunControl {
  readonly input: Input;
  /** Stops after exactly this many instructions; may be Infinity. */
  readonly maxInstructions: number;
  /** Whether the output wanted by the caller has come. The caller asks the machine to stop when it does. */
  readonly matched: () => boolean;
  /** Whether the person outside wants an end. */
  readonly interrupted: () => boolean;
  /** Hears of each byte of input before the machine gets it. */
  readonly typed?: (byte: number) => void;
  /** Shows what the guest has sent. */
  readonly flush: () => Promise<void>;
}

export type Reason = 'until' | 'exit' | 'halted' | 'limit' | 'triple-fault' | 'interrupted';

export interface Ending {
  readonly reason: Reason;
  /** Host time spent running instructions. */
  readonly milliseconds: number;
}

/** Host time, and before a person also guest time, that a slice should take. It changes when input is looked at only. */
const SLICE_MS = 20;
const LONGEST_SLEEP_MS = 50;

export async function runMachine(machine: Machine, control: RunControl): Promise<Ending> {
  const { input, maxInstructions } = control;
  const began = performance.now();
  const guestBegan = machine.now();
  let milliseconds = 0;
  let slice = 100_000;
  const end = (reason: Reason): Ending => ({ reason, milliseconds });
  for (;;) {
    if (control.matched()) {
      // To the boundary at which a run of exactly this many instructions stops: due timers and interrupts are taken.
      machine.run(0);
      return end('until');
    }
    if (control.interrupted()) return end('interrupted');
    input.deliver(machine.retired, (byte) => {
      control.typed?.(byte);
      machine.receiveSerial(byte);
    });

    const started = performance.now();
    const guestStarted = machine.now();
    const stop = machine.run(Math.min(slice, maxInstructions - machine.retired));
    const took = performance.now() - started;
    milliseconds += took;
    await control.flush();
    if (control.matched()) continue;

    if (stop === 'exit' || stop === 'triple-fault' || stop === 'halted') return end(stop);
    if (stop === 'idle') {
      if (!input.available && (input.ended || !serialCanWake(machine))) return end('halted');
      await input.arrival();
      continue;
    }
    if (machine.retired >= maxInstructions) return end('limit');

    const guestTook = input.interactive ? (machine.now() - guestStarted) / 1e6 : 0;
    const cost = Math.max(took, guestTook);
    if (cost < SLICE_MS / 2) slice = Math.min(slice * 2, 2 ** 40);
    else if (cost > SLICE_MS * 2) slice = Math.max(Math.floor(slice / 2), 100);
    const ahead = input.interactive ? (machine.now() - guestBegan) / 1e6 - (performance.now() - began) : 0;
    if (ahead > 1) await input.arrival(Math.min(ahead, LONGEST_SLEEP_MS));
    else await new Promise(setImmediate);
  }
}

const RECEIVED_DATA = 1;
const OUT2 = 8;

/** Whether a received byte raises an interrupt. */
function serialCanWake(machine: Machine): boolean {
  const state = new SavedState(machine.devices.com1.save());
  return (state.number('ier', 0, 0xf) & RECEIVED_DATA) !== 0 && (state.number('mcr', 0, 0x1f) & OUT2) !== 0;
}
