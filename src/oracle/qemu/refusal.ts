/** The record of a case whose first instruction is refused: nothing has happened but the exception. */
import { FIELDS, type Field, FIRST_WATCH, NO_ERROR, Outcome, RECORD_BYTES } from './record.ts';
import type { TestCase } from './testCase.ts';

const FLAG = { IF: 0x200n, TF: 0x100n, NT: 0x4000n, RF: 0x10000n };
const DEFINED_FLAGS = 0x3f7fd7n;
const UNTOUCHED_CR2 = 0xc2c2c2c2n;
const HARNESS_CODE = 8n;
const INTERRUPT_GATE = 0xen;
const FRAME_BYTES = 40;
/** SS0 of the TSS. */
const STACK0 = 0x10n;
/** The selector of the guest's 16-bit TSS. */
const NARROW_TSS = 0x78n;
const DOUBLE_FAULT = 8;

/** Fields that have the same name as the register they come from. */
const SAME: readonly Field[] = FIELDS.filter((name) => !/^(vector|error|handler.*|cr2|unused)$/.test(name));

/** Where the handler of a vector finds its stack. */
function handlerStack(c: TestCase, vector: number): { top: bigint; interruptGate: boolean } {
  const gate = c.written(c.image.at('idt') + 16 * vector);
  const ist = gate === undefined ? (vector === DOUBLE_FAULT ? 7 : 1) : Number((gate >> 32n) & 7n);
  const interruptGate = gate === undefined || ((gate >> 40n) & 15n) === INTERRUPT_GATE;
  const inner = (c.start('cs') & 3n) === 0n ? c.start('rsp') : BigInt(c.image.at('stack0'));
  const top = ist === 0 ? inner : BigInt(c.image.at(ist === 7 ? 'harness_ist' : ist % 2 === 1 ? 'ist1' : 'ist2'));
  return { top: top & ~15n, interruptGate };
}

/** The record of `vector` with an error code (null: none), `at` bytes behind where the case began. */
export function refusal(c: TestCase, vector: number, error: number | null, at = 0): Outcome {
  const o = new Outcome(new BigUint64Array(RECORD_BYTES / 8));
  if (!c.image.isLong) return legacyRefusal(c, o, vector, error, at);
  for (const name of SAME) o.set(name, c.start(name));
  const flags = (c.start('rflags') & DEFINED_FLAGS) | 2n;
  const { top, interruptGate } = handlerStack(c, vector);
  o.set('vector', BigInt(vector));
  o.set('error', error === null ? NO_ERROR : BigInt(error));
  o.set('rip', c.start('rip') + BigInt(at));
  o.set('rflags', vector === DOUBLE_FAULT ? flags : flags | FLAG.RF);
  o.set('handlerCs', HARNESS_CODE);
  o.set('handlerSs', (c.start('cs') & 3n) === 0n ? c.start('ss') : 0n);
  o.set('handlerRsp', top - BigInt(FRAME_BYTES + (error === null ? 0 : 8)));
  o.set('handlerFlags', flags & ~(FLAG.TF | FLAG.NT | FLAG.RF | (interruptGate ? FLAG.IF : 0n)));
  o.set('cr2', UNTOUCHED_CR2);
  c.watches.forEach(({ at: place }, i) => o.setWord(FIRST_WATCH + i, c.written(place) ?? 0n));
  return o;
}

const VM = 0x20000n;
/** Bytes that the processor pushes but for the error code. */
const LEGACY_FRAME = { same: 12, outer: 20, virtual: 36 };

/** The same outside IA-32e mode: the handler is at CPL 0, on the stack of the case if that was at CPL 0 too. */
function legacyRefusal(c: TestCase, o: Outcome, vector: number, error: number | null, at: number): Outcome {
  for (const name of SAME) o.set(name, c.start(name));
  const flags = (c.start('rflags') & DEFINED_FLAGS) | 2n;
  const virtual = (flags & VM) !== 0n;
  const inner = !virtual && (c.start('cs') & 3n) === 0n;
  const bytes = LEGACY_FRAME[virtual ? 'virtual' : inner ? 'same' : 'outer'] + (error === null ? 0 : 4);
  const top = inner ? c.start('rsp') : BigInt(c.image.at(c.start('tr') === NARROW_TSS ? 'low_stack' : 'stack0'));
  o.set('vector', BigInt(vector));
  o.set('error', error === null ? NO_ERROR : BigInt(error));
  o.set('rip', c.start('rip') + BigInt(at));
  o.set('rflags', vector === DOUBLE_FAULT ? flags : flags | FLAG.RF);
  o.set('handlerCs', HARNESS_CODE);
  o.set('handlerSs', inner ? c.start('ss') : STACK0);
  o.set('handlerRsp', top - BigInt(bytes));
  o.set('handlerFlags', flags & ~(FLAG.TF | FLAG.NT | FLAG.RF | FLAG.IF | VM));
  o.set('cr2', UNTOUCHED_CR2);
  // What the stub leaves on a stack that the case looks at: the frame, the vector, and what it saves there.
  const pushed: Field[] = ['rflags', 'cs', 'rip'];
  if (!inner) pushed.unshift('ss', 'rsp');
  if (virtual) pushed.unshift('gs', 'fs', 'ds', 'es');
  if (error !== null) pushed.push('error');
  pushed.push('vector', 'handlerFlags', 'rax');
  c.watches.forEach(({ at: place }, i) => {
    let value = c.written(place) ?? 0n;
    pushed.forEach((field, n) => {
      const offset = Number(top) - 4 * (n + 1) - place;
      if (offset === 0 || offset === 4) value |= (o.get(field) & 0xffffffffn) << BigInt(8 * offset);
    });
    o.setWord(FIRST_WATCH + i, value);
  });
  return o;
}
