/** What comes from outside the machine: with its start, all that a history needs. */
import { type Cpu, highOf } from '../../cpu/cpu.ts';
import { isCanonical } from '../../cpu/dataAccess.ts';
import { Fault } from '../../cpu/fault.ts';
import { RAM, S } from '../../cpu/layout.ts';
import { writeCr0, writeCr3, writeCr4 } from '../../cpu/system/control.ts';
import { writeMsr } from '../../cpu/system/msr.ts';
import type { BootModule } from '../../machine/loader/planBoot.ts';
import { type Problem, problem } from '../../machine/loader/problem.ts';
import type { Machine } from '../../machine/machine.ts';
import { FLOAT_REGISTERS, pokeFloatRegister } from '../floatRegisters.ts';
import { pokeSystemRegister, SYSTEM_REGISTERS } from '../systemRegisters.ts';
import type { Position } from './position.ts';
import { GENERAL, msrNumber, piecesOf, type Target } from './target.ts';

export type HistoryEvent =
  /** Bytes typed at the other end of COM1. */
  | { readonly kind: 'serial'; readonly bytes: Uint8Array }
  /** A piece of state changed by hand. Memory takes as many low bytes of the value as the target has, at most 8. */
  | { readonly kind: 'poke'; readonly target: Target; readonly value: bigint }
  /** The reset line. */
  | { readonly kind: 'reset' }
  /** A reset into other files: an edited program, another command line. */
  | {
      readonly kind: 'load';
      readonly kernel: Uint8Array;
      readonly commandLine: string;
      readonly modules: readonly BootModule[];
      /** File name of a module before whose first use the machine is to stand: the kernel does not boot again. */
      readonly restart?: string;
      /** For people: "userprog.S edited". */
      readonly label: string;
    };

export interface RecordedEvent {
  /** Where the machine stood; `events` is the number of this event. */
  readonly at: Position;
  readonly event: HistoryEvent;
}

/** Makes it happen. A problem leaves the machine as it was. */
export function applyEvent(machine: Machine, event: HistoryEvent): Problem | undefined {
  switch (event.kind) {
    case 'serial':
      for (const byte of event.bytes) machine.receiveSerial(byte);
      return undefined;
    case 'reset':
      machine.reset();
      return undefined;
    case 'load':
      return machine.load(event, event.restart);
    case 'poke':
      return poke(machine.cpu, event.target, event.value);
  }
}

const NO_SUCH = 'No such state';

function poke(cpu: Cpu, target: Target, value: bigint): Problem | undefined {
  if (target.kind === 'register') {
    const { name } = target;
    if (FLOAT_REGISTERS.includes(name)) return attempt(name, () => pokeFloatRegister(cpu, name, value));
    if (SYSTEM_REGISTERS.includes(name)) {
      return attempt(name, () => {
        const done = pokeSystemRegister(cpu, name, BigInt.asUintN(64, value));
        return done === true || problem('Not accepted', done);
      });
    }
    return pokeRegister(cpu, name, BigInt.asUintN(64, value));
  }
  if (target.kind === 'msr') {
    const number = msrNumber(target.name);
    return attempt(target.name, () => number !== undefined && writeMsr(cpu, number, BigInt.asUintN(64, value)));
  }
  const pieces = piecesOf(cpu, target);
  if (pieces === undefined) return problem(NO_SUCH, 'The address is not mapped to RAM now.');
  let rest = value;
  for (const { physical, bytes } of pieces) {
    cpu.access.willWrite(RAM + physical, bytes);
    for (let i = 0; i < bytes; i++) {
      cpu.bytes[RAM + physical + i] = Number(rest & 0xffn);
      rest >>= 8n;
    }
  }
  return undefined;
}

/** Flags that a person may set: all but VM and what is reserved. */
const SETTABLE_FLAGS = 0x3d7fd5;

function pokeRegister(cpu: Cpu, name: string, value: bigint): Problem | undefined {
  const general = GENERAL.indexOf(name);
  if (general >= 0) {
    cpu.setReg(general, value);
    return undefined;
  }
  return attempt(name, () => {
    switch (name) {
      case 'rip':
        if (cpu.long && !isCanonical(highOf(value))) return problem('Not accepted', 'RIP must be canonical.');
        cpu.rip = cpu.long ? value : BigInt.asUintN(32, value);
        return true;
      case 'rflags':
        cpu.rflags = Number(value & BigInt(SETTABLE_FLAGS)) | (cpu.rflags & ~SETTABLE_FLAGS);
        return true;
      case 'cr0':
        writeCr0(cpu, value);
        return true;
      case 'cr2':
        cpu.set(S.cr2, value);
        return true;
      case 'cr3':
        writeCr3(cpu, value);
        return true;
      case 'cr4':
        writeCr4(cpu, value);
        return true;
      default:
        return false;
    }
  });
}

/** A refusal of the processor becomes a problem in its own words. */
function attempt(name: string, write: () => boolean | Problem): Problem | undefined {
  try {
    const done = write();
    if (typeof done !== 'boolean') return done;
    return done ? undefined : problem(NO_SUCH, `There is no register ${name} to be changed.`);
  } catch (e) {
    if (!(e instanceof Fault)) throw e;
    const { check, expected, actual } = e.why;
    return problem('The processor refuses this value', `${check}: expected ${expected}, got ${actual}.`);
  }
}
