/** The machine on the page as scripts see it. */
import type { MachineView, RegisterView } from '../../worker/protocol.ts';
import { useMachine } from '../store/machine.ts';
import { serialBytes, useSerial } from '../store/serial.ts';
import type { EventMap, FaultState, MachineState } from './types.ts';

const GENERAL = 'RAX RCX RDX RBX RSP RBP RSI RDI R8 R9 R10 R11 R12 R13 R14 R15'.split(' ');

const faultOf = (why: MachineView['why'][number]): FaultState => {
  const { name, vector, errorCode, cpl, rip, check, expected, actual, manual } = why;
  return { name, vector, errorCode, cpl, rip, check, expected, actual, manual };
};

export function stateOf(view: MachineView): MachineState {
  return {
    state: view.state,
    instructions: view.instructions,
    cpl: view.registers.cpl,
    rip: view.registers.rip,
    symbol: view.symbols['rip'] ?? null,
    text: view.stop.text,
    exitCode: view.exitCode,
    faults: view.why.map(faultOf),
  };
}

/** Of a running machine the counters are those of a moment ago, the rest is from its last stop. */
export function presentState(): MachineState {
  const { view, running } = useMachine.getState();
  if (view === null) throw new Error('No machine has been booted yet: wait for ready().');
  const state = stateOf(view);
  if (running === null) return state;
  return { ...state, state: 'running', instructions: running.instructions, cpl: running.cpl, text: 'Running' };
}

export function registersOf(registers: RegisterView): Record<string, bigint> {
  const { gpr, segments, msrs, cpl, rip, rflags, cr0, cr2, cr3, cr4, cr8 } = registers;
  const named: Record<string, bigint> = { RIP: rip, RFLAGS: rflags, CR0: cr0, CR2: cr2, CR3: cr3, CR4: cr4, CR8: cr8 };
  gpr.forEach((value, n) => {
    named[GENERAL[n] ?? ''] = value;
  });
  for (const [name, { selector }] of Object.entries(segments)) named[name.toUpperCase()] = BigInt(selector);
  return { ...named, CPL: BigInt(cpl), ...msrs };
}

/** What has arrived, shown already or not. */
export function outputNow(): string {
  const { bytes } = serialBytes();
  return new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n');
}

/** Resolves once the machine stands: booted, opened and not running. */
export function standing(): Promise<void> {
  const stands = (): boolean => {
    const { view, booting, busy, running } = useMachine.getState();
    return view !== null && !booting && !busy && running === null;
  };
  return until(stands, useMachine.subscribe);
}

/** Resolves once a condition holds, which is looked at after every change; never rejects. */
export function until(holds: () => boolean, subscribe: (changed: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    if (holds()) return resolve();
    const stop = subscribe(() => {
      if (!holds()) return;
      stop();
      resolve();
    });
  });
}

/** Resolves with false when `milliseconds` pass first. */
export async function within(milliseconds: number, happens: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const inTime = await Promise.race([happens.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

/** Calls back at every event of a name. Returns how to stop. */
export function onEvent<Name extends keyof EventMap>(name: Name, tell: (value: EventMap[Name]) => void): () => void {
  if (name === 'output') {
    return useSerial.subscribe((now, before) => {
      if (now !== before) tell(outputNow() as EventMap[Name]);
    });
  }
  return useMachine.subscribe((now, before) => {
    const stopped = now.view !== null && now.running === null && !now.booting;
    const news = now.view !== before.view || before.running !== null || before.booting;
    if (stopped && news) tell(presentState() as EventMap[Name]);
  });
}
