/** From a raised exception to its handler, or to a double fault, or to shutdown (SDM vol. 3A, 6.15, interrupt 8). */
import { CR0 } from '../../registers/cr.ts';
import { EFER } from '../../registers/efer.ts';
import type { Cpu } from '../cpu.ts';
import { Fault, Vector } from '../fault.ts';
import { S } from '../layout.ts';
import { deliverProtected, deliverReal } from './interruptLegacy.ts';
import { type Event, interruptMicrocode } from './interruptLong.ts';
import { runMicrocode } from './microcode.ts';

const CONTRIBUTORY: ReadonlySet<number> = new Set([Vector.DE, Vector.TS, Vector.NP, Vector.SS, Vector.GP]);

/** Double-fault table: does raising `second` while delivering `first` make a double fault? */
function doubles(first: number, second: number): boolean {
  if (first === Vector.PF) return second === Vector.PF || CONTRIBUTORY.has(second);
  return CONTRIBUTORY.has(first) && CONTRIBUTORY.has(second);
}

/** Sends an event through the IDT. Throws the Fault of a refused delivery; then nothing has changed. */
export function enterHandler(cpu: Cpu, event: Event): void {
  if ((cpu.low(S.efer) & EFER.LMA) !== 0) return runMicrocode(cpu, interruptMicrocode(event));
  if (event.linear != null) cpu.set(S.cr2, event.linear);
  if ((cpu.low(S.cr0) & CR0.PE) !== 0) deliverProtected(cpu, event);
  else deliverReal(cpu, { ...event, errorCode: null });
}

/** Whether the pushed RF is 1: for faults, but neither for aborts nor for any #DB (SDM vol. 3B, 17.3.1.1). */
const resumes = (fault: Fault): boolean =>
  !fault.trap && fault.vector !== Vector.DB && fault.vector !== Vector.DF && fault.vector !== Vector.MC;

/**
 * Delivers an exception. Exceptions met on the way become a double fault or are delivered instead, as the manual's
 * table says; a third one shuts the CPU down. `cpu.chain` keeps all of them, first cause first.
 */
export function deliverException(cpu: Cpu, first: Fault): void {
  beginChain(cpu, first);
  let fault = first;
  for (;;) {
    try {
      enterHandler(cpu, eventOf(fault));
      return;
    } catch (e) {
      if (!(e instanceof Fault)) throw e;
      const next = afterRefusal(cpu, fault, e);
      if (next === null) return;
      fault = next;
    }
  }
}

/** The first cause of what follows. */
export function beginChain(cpu: Cpu, first: Fault): void {
  cpu.chain = [first];
  cpu.setLow(S.halted, 0);
}

/** The event that brings a fault to its handler. */
export const eventOf = (fault: Fault): Event => ({
  vector: fault.vector,
  errorCode: fault.errorCode,
  software: false,
  resume: resumes(fault),
  linear: fault.vector === Vector.PF ? fault.linear : null,
});

/** What is delivered when the delivery of `fault` met `second`; null when the processor has shut down. */
export function afterRefusal(cpu: Cpu, fault: Fault, second: Fault): Fault | null {
  second.during = fault.name;
  cpu.chain.push(second);
  if (fault.vector === Vector.DF) {
    cpu.shutdown = true;
    return null;
  }
  if (!doubles(fault.vector, second.vector)) return second;
  if (second.vector === Vector.PF && second.linear !== null) cpu.set(S.cr2, second.linear);
  const double = doubleFault(fault, second);
  cpu.chain.push(double);
  return double;
}

function doubleFault(first: Fault, second: Fault): Fault {
  return new Fault(Vector.DF, 0, {
    check: `the ${first.name} could be delivered`,
    expected: 'no exception on the way to its handler',
    actual: `${second.name}: ${second.why.check}`,
    manual: 'SDM vol. 3A, 6.15, interrupt 8',
    where: { kind: 'instruction' },
  });
}

export const interruptEvent = (vector: number): Event => ({ vector, errorCode: null, software: false, resume: false });

/** An interrupt from outside. Exceptions of its delivery are delivered in its place, and `refused` told of the first. */
export function deliverInterrupt(cpu: Cpu, vector: number, refused: (fault: Fault) => void): void {
  cpu.setLow(S.halted, 0);
  try {
    enterHandler(cpu, interruptEvent(vector));
  } catch (e) {
    if (!(e instanceof Fault)) throw e;
    refusedInterrupt(vector, e);
    refused(e);
    deliverException(cpu, e);
  }
}

/** Notes in a fault which interrupt was on its way when it was raised. */
export function refusedInterrupt(vector: number, fault: Fault): void {
  fault.during = vector === Vector.NMI ? 'the NMI' : `interrupt ${vector}`;
}
