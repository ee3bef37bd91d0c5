/**
 * Where the guilty value came from: who set it last, and when that was the processor saving a register, who set the
 * register (delayed causes: a selector loaded by SYSRET makes an IRETQ fail much later).
 */
import type { History, Work } from '../history/history.ts';
import { compare } from '../history/position.ts';
import { seekBefore, whoSet } from '../history/search.ts';
import type { Target } from '../history/target.ts';
import { peekWords } from '../peek.ts';
import type { Session } from '../session.ts';
import type { OriginView } from '../views.ts';
import { levelsOf } from '../walkView.ts';
import { descriptorTarget, registerTarget } from './fixes.ts';
import type { Raised } from './whyView.ts';

interface Suspect {
  /** "U/S of PML4E[0]", "SS = 13h". */
  readonly what: string;
  readonly target: Target;
  /** The register that a delivery saved there. */
  readonly saved?: string;
}

/** More would not be read. */
const MOST = 3;
const hex = (value: bigint | number): string => `${value.toString(16).toUpperCase()}h`;

/** The words that IRET takes, by their place on the stack. */
const FRAME: readonly (readonly [register: string, place: number])[] = [
  ['cs', 1],
  ['ss', 4],
];

/** What the failed check looked at. The machine stands where the fault was raised. */
function suspectsOf(session: Session, { fault }: Raised): Suspect[] {
  const { where } = fault.why;
  const { cpu } = session.machine;
  if (where.kind === 'walk') {
    return levelsOf(where.steps)
      .filter(({ refused }) => refused !== null)
      .map(({ name, index, target, refused }) => ({ what: `${refused} of ${name}[${index}]`, target }));
  }
  if (where.kind === 'register') {
    const target = registerTarget(where.name);
    return target === null ? [] : [{ what: `${where.name} = ${hex(where.value)}`, target }];
  }
  if (where.kind === 'structure') {
    const { name, of, linear, bytes, value } = where;
    return [{ what: `${name} of ${of} = ${hex(value)}`, target: { kind: 'memory', address: linear, bytes } }];
  }
  if (where.kind !== 'descriptor') return [];
  const suspects: Suspect[] = [];
  if (session.instruction()?.encoding.op === 'iret') {
    const frame = peekWords(cpu, cpu.reg(4), 5);
    for (const [register, place] of FRAME) {
      if (Number(frame[place] ?? -1n) !== where.selector) continue;
      const address = cpu.reg(4) + BigInt(8 * place);
      const what = `${register.toUpperCase()} = ${hex(where.selector)}`;
      suspects.push({ what, target: { kind: 'memory', address, bytes: 8 }, saved: register });
    }
  }
  const name =
    where.gateBytes !== undefined ? `gate ${where.selector >> 3}` : `descriptor ${hex(where.selector & 0xfff8)}`;
  suspects.push({ what: name, target: descriptorTarget(where) });
  return suspects;
}

/** Instructions that save registers on a stack as a delivery does. */
const SAVING = new Set(['int', 'int3', 'into', 'callf']);

/** Who did what is about to be done here: an instruction, or an exception or interrupt. Leaves the place. */
function doer(session: Session, history: History): { by: string; delivered: boolean } {
  const byHand = { by: 'a change by hand', delivered: false };
  // What was done from outside at this place comes before all else.
  const event = history.events[history.position.events];
  if (event !== undefined && compare(event.at, history.position) === 0) return byHand;
  const insn = session.instructionText();
  const saving = SAVING.has(session.instruction()?.encoding.op ?? '');
  const { count, turn } = history.position;
  history.step();
  const { position, trace } = history;
  const item = trace.item(trace.indexAt(position.count + 1) - 1);
  if (position.turn > turn && item !== undefined && item.turn >= turn) {
    const name = item.kind === 'exception' ? session.machine.cpu.chain[0]?.name : `interrupt ${item.vector}`;
    if (item.kind === 'exception' || item.kind === 'interrupt') return { by: name ?? 'an exception', delivered: true };
  }
  return position.count > count ? { by: insn, delivered: saving } : byHand;
}

function* originOf(session: Session, history: History, suspect: Suspect, from: number): Work<OriginView> {
  const { what, target, saved } = suspect;
  if (!(yield* whoSet(history, target))) return { what, count: null, ago: null, by: null, place: null, source: null };
  const { position } = history;
  const place = session.place();
  const source = session.sourceLine();
  const { by, delivered } = doer(session, history);
  if (delivered && saved !== undefined) {
    yield* history.seek(position);
    return yield* originOf(session, history, { what, target: { kind: 'register', name: saved } }, from);
  }
  return { what, count: position.count, ago: from - position.count, by, place, source };
}

/** Where what the first cause of the last exception looked at came from. Always driven to its end. */
export function* originsOf(session: Session, history: History): Work<OriginView[]> {
  const first = session.firstCause;
  return first === undefined ? [] : yield* session.aside(history, () => lookedAt(session, history, first));
}

function* lookedAt(session: Session, history: History, raised: Raised): Work<OriginView[]> {
  const place = { count: raised.at, turn: raised.turn };
  yield* seekBefore(history, place);
  const suspects = suspectsOf(session, raised).slice(0, MOST);
  const origins: OriginView[] = [];
  for (const suspect of suspects) {
    yield* seekBefore(history, place);
    origins.push(yield* originOf(session, history, suspect, raised.at));
  }
  return origins;
}
