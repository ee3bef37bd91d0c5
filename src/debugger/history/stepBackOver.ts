/** Going back over a call that has returned: to the CALL, SYSCALL, INT or exception that it came back from. */
import type { Cpu } from '../../cpu/cpu.ts';
import { Reg } from '../../cpu/cpu.ts';
import { CALLS } from '../calls.ts';
import { instructionAt } from '../disassemble.ts';
import type { History, Work } from './history.ts';
import type { Place } from './position.ts';
import type { Position } from './position.ts';
import { breakpointProbe, searchBack } from './search.ts';

const RETURNS = new Set(['ret', 'retf', 'iret', 'sysret', 'sysexit']);
const LONGEST = 15n;
/** A call that lasted longer is not looked for: what looks like a return may be a thread's first entry. */
const FARTHEST = 1 << 27;

/** Where a return has led: what its call left must have stood here too. */
interface Landing {
  readonly rip: bigint;
  readonly cpl: number;
  /** Stack pointer before the call. */
  readonly rsp: bigint;
}

/** Like History.stepBack, but back over a return to before the call of it. */
export function* stepBackOver(history: History): Work<boolean> {
  const { cpu } = history.machine;
  const landing = { rip: cpu.rip, cpl: cpu.cpl, rsp: cpu.reg(Reg.rsp) };
  const here = history.position;
  if (!(yield* history.stepBack())) return false;
  const { position } = history;
  const insn = instructionAt(cpu, cpu.rip);
  const ran = position.count < here.count && position.events === here.events;
  if (!ran || insn === undefined || !RETURNS.has(insn.encoding.op)) return true;
  // RET n has taken the arguments off the stack too.
  const [removed] = insn.operands;
  const rsp = removed?.kind === 'imm' ? BigInt.asUintN(64, landing.rsp - BigInt(removed.low)) : landing.rsp;
  yield* searchBack(history, (until) => callProbe(history, { ...landing, rsp }, until), FARTHEST);
  return true;
}

const isAt = (cpu: Cpu, { cpl, rsp }: Landing): boolean => cpu.cpl === cpl && cpu.reg(Reg.rsp) === rsp;

/** Sees calls that come back to the landing, and exceptions and interrupts that struck there. */
function* callProbe(history: History, landing: Landing, until: Position): Work<Place | undefined> {
  const { machine } = history;
  const { cpu } = machine;
  const [heardException, heardInterrupt] = [machine.observers.onException, machine.observers.onInterrupt];
  let struck: Place | undefined;
  const strikes = (): boolean => cpu.rip === landing.rip && isAt(cpu, landing);
  machine.observers.onException = () => {
    if (strikes() && machine.count < until.count) struck = { count: machine.count, turn: machine.turns };
  };
  // One cannot stand between an instruction and the interrupt that follows it.
  machine.observers.onInterrupt = () => {
    if (strikes()) struck = { count: machine.count - 1 };
  };
  const calls = new Set<bigint>();
  for (let length = 1n; length <= LONGEST; length++) calls.add(BigInt.asUintN(64, landing.rip - length));
  const comesBack = (): boolean => {
    if (!isAt(cpu, landing)) return false;
    const insn = instructionAt(cpu, cpu.rip);
    return insn !== undefined && CALLS.has(insn.encoding.op) && cpu.rip + BigInt(insn.length) === landing.rip;
  };
  try {
    const called = yield* breakpointProbe(history, calls, until, comesBack);
    return later(called, struck);
  } finally {
    machine.observers.onException = heardException;
    machine.observers.onInterrupt = heardInterrupt;
  }
}

function later(a: Place | undefined, b: Place | undefined): Place | undefined {
  return a === undefined || (b !== undefined && b.count > a.count) ? b : a;
}
