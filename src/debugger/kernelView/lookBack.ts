/** The last crossings of rings, and the system calls among them, found by going there and looking. */
import { Reg } from '../../cpu/cpu.ts';
import { S } from '../../cpu/layout.ts';
import { vectorName } from '../../cpu/fault.ts';
import type { History, Work } from '../history/history.ts';
import type { TraceItem } from '../history/trace.ts';
import { peekWords } from '../peek.ts';
import type { Session } from '../session.ts';
import { argumentsOf, CALLS, resultText } from './calls.ts';
import { isEmergence, readProcesses } from './processes.ts';
import type { CallView, CrossingView, KernelView } from './views.ts';

/** Crossings looked at, and instructions between the first of them and now. More would make every stop slow. */
const MOST = 96;
const FARTHEST = 8_000_000;
/** Doors to the kernel's dispatcher beside SYSCALL. */
const DOORS: Readonly<Record<string, string>> = { syscall: 'syscall', int: 'int 80h', callf: 'call gate' };

interface Open {
  readonly index: number;
  readonly number: number;
  readonly root: bigint;
  /** RIP that it returns to. */
  readonly back: bigint;
}

class Watch {
  readonly calls: CallView[] = [];
  readonly crossings: CrossingView[] = [];
  private open: Open[] = [];
  private readonly session: Session;
  private readonly history: History;
  private readonly known: boolean;

  constructor(session: Session, history: History) {
    this.session = session;
    this.history = history;
    this.known = isEmergence(session.machine.setup.kernel);
  }

  /** The machine stands before `item`. Leaves it behind. */
  look(item: TraceItem): void {
    const { session, history } = this;
    const { cpu } = session.machine;
    const left = session.place();
    const op = session.instruction()?.encoding.op ?? '';
    const delivered = item.kind === 'exception' || item.kind === 'interrupt';
    if (!delivered && op in DOORS) this.enter(item, op);
    if (!delivered && (op === 'sysret' || op === 'iret') && item.to === 3) this.leave(op);
    const from = cpu.cpl;
    history.step();
    const title = delivered ? titleOf(item) : op.toUpperCase().replace('CALLF', 'far CALL');
    const { count, turn } = item;
    this.crossings.push({ count, turn, title, from, to: cpu.cpl, left, entered: session.place() });
  }

  private enter({ count, turn }: TraceItem, op: string): void {
    const { cpu, setup } = this.session.machine;
    const number = Number(BigInt.asUintN(32, cpu.reg(Reg.rax)));
    const processes = readProcesses(cpu, setup.kernel);
    const current = typeof processes === 'string' ? undefined : processes.find((one) => one.current);
    const length = BigInt(this.session.instruction()?.length ?? 0);
    this.open.push({ index: this.calls.length, number, root: cpu.get(S.cr3), back: cpu.rip + length });
    this.calls.push({
      count,
      turn,
      door: DOORS[op] ?? op,
      from: cpu.cpl === 3 ? 3 : 0,
      process: current === undefined ? null : `${current.name} (${current.pid})`,
      number,
      name: this.known ? (CALLS[number]?.name ?? null) : null,
      arguments: argumentsOf(cpu, number, this.known),
      result: null,
    });
  }

  /** A return to ring 3 answers the call that was made from there. */
  private leave(op: string): void {
    const { cpu } = this.session.machine;
    const back = op === 'sysret' ? cpu.reg(Reg.rcx) : (peekWords(cpu, cpu.reg(Reg.rsp), 1)[0] ?? 0n);
    const root = cpu.get(S.cr3);
    const found = this.open.find((one) => one.back === back && one.root === root);
    const made = found && this.calls[found.index];
    if (found === undefined || made === undefined) return;
    this.open = this.open.filter((one) => one !== found);
    this.calls[found.index] = { ...made, result: resultText(found.number, this.known, cpu.reg(Reg.rax)) };
  }
}

function titleOf({ kind, vector }: TraceItem): string {
  return kind === 'exception' ? vectorName(vector) : `interrupt ${vector}`;
}

/** The kernel as it is now, and the last crossings. Always driven to its end. */
export function* kernelView(session: Session, history: History): Work<KernelView> {
  return yield* session.aside(history, () => look(session, history));
}

function* look(session: Session, history: History): Work<KernelView> {
  const { machine } = session;
  const processes = readProcesses(machine.cpu, machine.setup.kernel);
  const { trace, position } = history;
  const items: TraceItem[] = [];
  let n = trace.indexAt(position.count + 1) - 1;
  for (; n >= trace.dropped && items.length < MOST; n--) {
    const item = trace.item(n);
    if (item === undefined || item.kind === 'reset') continue;
    if (position.count - item.count > FARTHEST) break;
    // What is about to happen here has not happened yet.
    if (item.count > position.count || (item.count === position.count && item.turn >= position.turn)) continue;
    items.unshift(item);
  }
  const watch = new Watch(session, history);
  for (const item of items) {
    yield* history.seek({ count: item.count, turn: item.turn });
    watch.look(item);
    yield 0;
  }
  return {
    processes: typeof processes === 'string' ? null : processes,
    reason: typeof processes === 'string' ? processes : null,
    calls: watch.calls,
    crossings: watch.crossings,
    complete: n < trace.dropped && trace.dropped === 0,
  };
}
