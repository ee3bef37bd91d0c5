/** Generates the interpreter: one wasm function, one br_table, a handler per shape (DESIGN.md, "The machine"). */
import * as x from '../../cpu/language/expr.ts';
import { REC, S } from '../../cpu/layout.ts';
import { Func, type Label } from '../wasm/func.ts';
import { ModuleBuilder } from '../wasm/module.ts';
import { addHelpers, type Helpers } from './helpers.ts';
import { type Frame, InterpreterSem, state } from './interpreterSem.ts';
import { type Interpreter, PSEUDO, PSEUDO_COUNT, type Shape } from './slots.ts';

/**
 * The module exports `run(record, left)`: runs from `record` until `left` would become negative at a transfer, or
 * something stops it; the result is an `Exit`, with S.left and S.pc written. It also exports `flagsWord()` (the six
 * arithmetic flags) and `condition(cc)`.
 */
export function generateInterpreter(shapes: readonly Shape[], jcc: Shape['definition']): Interpreter {
  const m = new ModuleBuilder();
  const helpers = addHelpers(m);
  const f = new Func(['i32', 'i32']);
  const pc = f.param(0);
  const left = f.param(1);
  const [start, tlb, reason] = [f.newLocal('i32'), f.newLocal('i32'), f.newLocal('i32')];
  f.set(start, pc);
  f.set(tlb, x.hostLoad(32, state(S.tlb)));
  f.block((exit) => {
    f.loop((next) => {
      const frame: Frame = { f, pc, start, left, tlb, reason, next, exit };
      dispatch(frame, shapes.length + PSEUDO_COUNT, (n) => {
        if (n >= PSEUDO_COUNT) instruction(frame, helpers, shapes[n - PSEUDO_COUNT] as Shape, jcc);
        else pseudo(frame, helpers, n);
        f.releaseTemps();
      });
    });
  });
  f.store(32, state(S.left), left);
  f.store(32, state(S.pc), pc);
  f.push(reason);
  m.addFunction({ params: ['i32', 'i32'], results: ['i32'] }, f.locals, f.code, 'run');
  return { wasm: m.build(), handlers: new Map(shapes.map((s, i) => [s.key, i + PSEUDO_COUNT])) };
}

/** Nested blocks with the br_table innermost; handler n follows the end of block n, block 0 being the innermost. */
function dispatch({ f, pc }: Frame, count: number, handler: (n: number) => void): void {
  const labels = Array.from({ length: count }, () => f.open()).reverse();
  f.brTable(labels, labels[count - 1] as Label, x.hostLoad(16, pc, REC.handler));
  for (let n = 0; n < count; n++) {
    f.close();
    handler(n);
  }
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
  const values = shape.slots.map((slot) => sem.value(slot, slot.kind === 'r' ? registers++ : 0));
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
