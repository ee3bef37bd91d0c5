/** Generates the interpreter: one wasm function, one br_table, a handler per shape (DESIGN.md, "The machine"). */
import * as x from '../../cpu/language/expr.ts';
import type { Val } from '../../cpu/language/expr.ts';
import { Exit, JUMP_ENTRY, R, REC, RECORDS, REGION_ANSWER, REGION_OF, S } from '../../cpu/layout.ts';
import { Func, type Label } from '../wasm/func.ts';
import { ModuleBuilder, type Signature } from '../wasm/module.ts';
import { addHelpers, type Helpers } from './helpers.ts';
import { LOOPS } from './handlerShapes.ts';
import { type Frame, go, InterpreterSem, state } from './interpreterSem.ts';
import { jumpEntry } from './jumpEntry.ts';
import { type Interpreter, PSEUDO, PSEUDO_COUNT, REGION_SIGNATURE, type Shape } from './slots.ts';

/**
 * The module exports `run(record, left)`: runs from `record` until `left` would become negative at a transfer, or
 * something stops it; the result is an `Exit`, with S.left and S.pc written. It also exports `flagsWord()` (the six
 * arithmetic flags) and `condition(cc)`.
 *
 * Handlers of common shapes share one function and rarer ones a few others, which keeps the first small enough for the
 * host to compile soon and well. `run` calls them by turns.
 */
export function generateInterpreter(shapes: readonly Shape[], jcc: Shape['definition']): Interpreter {
  const m = new ModuleBuilder();
  m.importTable('regions');
  const helpers = addHelpers(m);
  const loops = Array.from({ length: LOOPS }, (_, loop) => addLoop(m, helpers, shapes, jcc, loop));
  const ends = loops.map((_, loop) => PSEUDO_COUNT + shapes.filter((shape) => shape.loop <= loop).length);
  addTurns(m, helpers, loops, ends);
  return { wasm: m.build(), handlers: new Map(shapes.map((s, i) => [s.key, i + PSEUDO_COUNT])) };
}

/** (record, left, handler) of a loop; (record, left) of `run`. */
const LOOP: Signature = { params: ['i32', 'i32', 'i32'], results: ['i32'] };
const RUN: Signature = { params: ['i32', 'i32'], results: ['i32'] };

/** A dispatch loop over some of the shapes; Exit.other at a record of another loop. */
function addLoop(
  m: ModuleBuilder,
  helpers: Helpers,
  shapes: readonly Shape[],
  jcc: Shape['definition'],
  loop: number,
): number {
  const f = new Func(LOOP.params);
  const pc = f.param(0);
  const left = f.param(1);
  const handler = f.param(2);
  const [start, tlb, reason] = [f.newLocal('i32'), f.newLocal('i32'), f.newLocal('i32')];
  f.set(start, pc);
  f.set(tlb, x.hostLoad(32, state(S.tlb)));
  f.block((exit) => {
    f.loop((next) => {
      const frame: Frame = { f, pc, start, left, tlb, reason, handler, next, exit };
      dispatch(frame, helpers, shapes, jcc, loop);
    });
  });
  f.store(32, state(S.left), left);
  f.store(32, state(S.pc), pc);
  f.push(reason);
  return m.addFunction(LOOP, f.locals, f.code);
}

/** Nested blocks with the br_table innermost; each handler follows the end of its block. */
function dispatch(
  frame: Frame,
  helpers: Helpers,
  shapes: readonly Shape[],
  jcc: Shape['definition'],
  loop: number,
): void {
  const { f } = frame;
  const own = shapes.map((shape, i) => ({ shape, n: i + PSEUDO_COUNT })).filter(({ shape }) => shape.loop === loop);
  const other = f.open();
  const labels: Label[] = Array.from({ length: shapes.length + PSEUDO_COUNT }, () => other);
  for (const { n } of own.toReversed()) labels[n] = f.open();
  for (let n = PSEUDO_COUNT - 1; n >= 0; n--) labels[n] = f.open();
  f.brTable(labels, other, frame.handler);
  for (let n = 0; n < PSEUDO_COUNT; n++) {
    f.close();
    if (n === PSEUDO.region) {
      new InterpreterSem(frame, helpers, false).handOver();
      continue;
    }
    pseudo(frame, helpers, n);
    f.releaseTemps();
  }
  for (const { shape } of own) {
    f.close();
    instruction(frame, helpers, shape, jcc);
    f.releaseTemps();
  }
  f.close();
  new InterpreterSem(frame, helpers, false).handOver();
}

/**
 * `run`: calls the region that begins at the present record, or the loop that has its handler, for as long as each hands
 * over to another.
 */
function addTurns(m: ModuleBuilder, helpers: Helpers, loops: readonly number[], ends: readonly number[]): void {
  const f = new Func(RUN.params);
  const [pc, left] = [f.param(0), f.param(1)];
  const [reason, handler] = [f.newLocal('i32'), f.newLocal('i32')];
  const region = m.typeIndex(REGION_SIGNATURE);
  f.loop((again) => {
    f.set(handler, x.hostLoad(16, pc, REC.handler));
    f.if(x.eq(handler, x.i32(PSEUDO.region)), () => {
      enterRegion(f, pc, left, region, helpers, again);
      f.set(handler, x.hostLoad(16, pc, REC.plain));
    });
    const from = (n: number): void => {
      const enter = (): void => f.set(reason, x.call('i32', loops[n] as number, [pc, left, handler]));
      if (n === loops.length - 1) enter();
      else f.if(x.ltU(handler, x.i32(ends[n] as number)), enter, () => from(n + 1));
    };
    from(0);
    f.if(x.ne(reason, x.i32(Exit.other)), () => f.return(reason));
    f.set(pc, x.hostLoad(32, state(S.pc)));
    f.set(left, x.hostLoad(32, state(S.left)));
    f.br(again);
  });
  f.unreachable();
  m.addFunction(RUN, f.locals, f.code, 'run');
}

/** Runs the region at `pc` and goes on behind it: `again` where that may be another region's beginning. */
function enterRegion(f: Func, pc: Val, left: Val, signature: number, helpers: Helpers, again: Label): void {
  const slot = f.let(x.hostLoad(32, x.shr(x.sub(pc, x.i32(RECORDS)), x.i32(REC.shift - 2)), REGION_OF));
  const answer = f.newLocal('i32');
  f.if(slot, () => {
    f.store(32, state(S.left), left);
    f.callIndirect(signature, [], slot);
    f.popInto(answer);
    const after = f.let(x.hostLoad(32, state(S.left)));
    count(f, R.retired, x.extendU(x.sub(left, after)));
    count(f, R.entries, x.i64(1n));
    f.set(left, after);
    f.store(32, x.i32(R.answer), answer);
    f.if(x.eqz(answer), () => goToRip(f, pc, helpers, again));
    f.set(pc, x.and(answer, x.i32(~(REGION_ANSWER.plain | REGION_ANSWER.budget))));
    f.if(x.hostLoad(32, x.i32(R.eager)), () => {
      f.store(32, state(S.pc), pc);
      f.return(x.i32(Exit.budget));
    });
    f.brIf(again, x.eqz(x.and(answer, x.i32(REGION_ANSWER.plain))));
  });
}

const count = (f: Func, at: number, n: Val): void => f.store(64, x.i32(at), x.add(x.hostLoad(64, x.i32(at)), n));

/** One in so many. */
const TELL_EVERY = 64;

/** A region was left for S.rip. */
function goToRip(f: Func, pc: Val, helpers: Helpers, again: Label): void {
  f.if(x.hostLoad(32, x.i32(R.eager)), () => f.return(x.i32(Exit.stopped)));
  const rip = f.let(x.hostLoad(64, state(S.rip)));
  const low = f.let(x.wrap(rip));
  const entry = f.let(jumpEntry(low));
  const from = f.let(x.hostLoad(32, x.i32(R.source)));
  // The host hears of some jumps to where the region knows no way, although the jump cache could answer.
  const told = x.and(x.ne(from, x.i32(0)), x.eqz(x.and(x.hostLoad(32, x.i32(R.entries)), x.i32(TELL_EVERY - 1))));
  f.if(
    x.and(x.eq(x.hostLoad(64, entry, JUMP_ENTRY.rip), rip), x.eqz(told)),
    () => f.set(pc, x.hostLoad(32, entry, JUMP_ENTRY.record)),
    () => {
      f.set(pc, x.call('i32', helpers.find, [low, x.wrap(x.shr(rip, x.i64(32n))), from]));
      f.if(x.eqz(pc), () => f.return(x.i32(Exit.stopped)));
    },
  );
  f.store(64, state(S.ripBase), x.sub(rip, x.extendU(x.hostLoad(16, pc, REC.offset))));
  f.br(again);
}

function pseudo(frame: Frame, helpers: Helpers, n: number): void {
  const sem = new InterpreterSem(frame, helpers, false);
  if (n === PSEUDO.stop) sem.stop();
  else if (n === PSEUDO.routine) sem.routine();
  else {
    // The record counts no instruction: as if it stood one place earlier.
    frame.f.set(frame.start, x.add(frame.start, x.i32(REC.bytes)));
    sem.jump(sem.value({ kind: 't', size: 64 }, 0));
  }
}

function instruction(frame: Frame, helpers: Helpers, shape: Shape, jcc: Shape['definition']): void {
  const { f, pc } = frame;
  const sem = new InterpreterSem(frame, helpers, shape.legacy);
  let registers = 0;
  const values = shape.slots.map((slot) => sem.value(slot, slot.kind === 'r' || slot.kind === 'x' ? registers++ : 0));
  shape.definition.generate(sem, shape.size, values);
  let records = 1;
  if (shape.fusedCondition !== undefined) {
    sem.offset = REC.bytes;
    sem.fixedCondition = shape.fusedCondition;
    jcc.generate(sem, 64, [sem.value({ kind: 'c', size: 8 }, 0), sem.value({ kind: 't', size: 64 }, 1)]);
    records = 2;
  }
  if (sem.ended) return;
  f.set(pc, x.add(pc, x.i32(records * REC.bytes)));
  go(frame);
}
