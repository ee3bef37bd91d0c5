/** Generates the interpreter: one wasm function, one br_table, a handler per shape (DESIGN.md, "The machine"). */
import * as x from '../../cpu/language/expr.ts';
import { Exit, REC, S } from '../../cpu/layout.ts';
import { Func, type Label } from '../wasm/func.ts';
import { ModuleBuilder, type Signature } from '../wasm/module.ts';
import { addHelpers, type Helpers } from './helpers.ts';
import { LOOPS } from './handlers.ts';
import { type Frame, InterpreterSem, state } from './interpreterSem.ts';
import { type Interpreter, PSEUDO, PSEUDO_COUNT, type Shape } from './slots.ts';

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
  const helpers = addHelpers(m);
  const loops = Array.from({ length: LOOPS }, (_, loop) => addLoop(m, helpers, shapes, jcc, loop));
  const ends = loops.map((_, loop) => PSEUDO_COUNT + shapes.filter((shape) => shape.loop <= loop).length);
  addTurns(m, loops, ends);
  return { wasm: m.build(), handlers: new Map(shapes.map((s, i) => [s.key, i + PSEUDO_COUNT])) };
}

const SIGNATURE: Signature = { params: ['i32', 'i32'], results: ['i32'] };

/** A dispatch loop over some of the shapes; Exit.other at a record of another loop. */
function addLoop(
  m: ModuleBuilder,
  helpers: Helpers,
  shapes: readonly Shape[],
  jcc: Shape['definition'],
  loop: number,
): number {
  const f = new Func(['i32', 'i32']);
  const pc = f.param(0);
  const left = f.param(1);
  const [start, tlb, reason] = [f.newLocal('i32'), f.newLocal('i32'), f.newLocal('i32')];
  f.set(start, pc);
  f.set(tlb, x.hostLoad(32, state(S.tlb)));
  f.block((exit) => {
    f.loop((next) => {
      const frame: Frame = { f, pc, start, left, tlb, reason, next, exit };
      dispatch(frame, helpers, shapes, jcc, loop);
    });
  });
  f.store(32, state(S.left), left);
  f.store(32, state(S.pc), pc);
  f.push(reason);
  return m.addFunction(SIGNATURE, f.locals, f.code);
}

/** Nested blocks with the br_table innermost; each handler follows the end of its block. */
function dispatch(
  frame: Frame,
  helpers: Helpers,
  shapes: readonly Shape[],
  jcc: Shape['definition'],
  loop: number,
): void {
  const { f, pc } = frame;
  const own = shapes.map((shape, i) => ({ shape, n: i + PSEUDO_COUNT })).filter(({ shape }) => shape.loop === loop);
  const other = f.open();
  const labels: Label[] = Array.from({ length: shapes.length + PSEUDO_COUNT }, () => other);
  for (const { n } of own.toReversed()) labels[n] = f.open();
  for (let n = PSEUDO_COUNT - 1; n >= 0; n--) labels[n] = f.open();
  f.brTable(labels, other, x.hostLoad(16, pc, REC.handler));
  for (let n = 0; n < PSEUDO_COUNT; n++) {
    f.close();
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

/** `run`: calls the loop that has the handler of the present record, for as long as each hands over to another. */
function addTurns(m: ModuleBuilder, loops: readonly number[], ends: readonly number[]): void {
  const f = new Func(['i32', 'i32']);
  const [pc, left] = [f.param(0), f.param(1)];
  const reason = f.newLocal('i32');
  f.loop((again) => {
    const handler = f.let(x.hostLoad(16, pc, REC.handler));
    const from = (n: number): void => {
      const enter = (): void => f.set(reason, x.call('i32', loops[n] as number, [pc, left]));
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
  m.addFunction(SIGNATURE, f.locals, f.code, 'run');
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
  f.br(frame.next);
}
