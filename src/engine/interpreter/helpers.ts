/** Functions that handlers call: imports from the host, and shared pieces of generated code. */
import * as x from '../../cpu/language/expr.ts';
import type { Val } from '../../cpu/language/expr.ts';
import * as flags from '../../cpu/language/flags.ts';
import type { Flags } from '../../cpu/language/flags.ts';
import { REC, S, SEG, STATE } from '../../cpu/layout.ts';
import { Func, type Label } from '../wasm/func.ts';
import type { ModuleBuilder, Signature } from '../wasm/module.ts';

export interface Helpers {
  /** slow(linear low, linear high, access, record, left): host address, or 0 when an exception is pending. */
  readonly slow: number;
  /** Puts a bounced write where it belongs. */
  readonly commit: number;
  /** link(record): record of the branch target in the same page, now linked; 0 when it needs a lookup. */
  readonly link: number;
  /**
   * find(rip low, rip high, from): record of a RIP, to which the record `from` went (0: not told); 0 when it cannot run
   * from a record now, with S.rip set to it.
   */
  readonly find: number;
  /** system(record, left): runs the instruction's TypeScript routine; an Outcome. `left` excludes what ran before it. */
  readonly system: number;
  /** badTarget(record): raises #GP(0) for a branch. */
  readonly badTarget: number;
  /** Effective address of a record's memory operand: any base, index, address size. */
  readonly address: number;
  /** segmented(record, effective address, access): linear address. */
  readonly segmented: number;
  /** stackLinear(record, offset, access): linear address in the stack segment outside 64-bit mode. */
  readonly stackLinear: number;
  /** One test function per even condition code. */
  readonly test: readonly number[];
  readonly anyTest: number;
  readonly word: number;
}

const I: readonly ['i32'] = ['i32'];
const stateAt = (offset: number): Val => x.i32(STATE + offset);
/** An address no TLB entry ever has: bits 63 and 62 differ. */
const REFUSED = x.i64(1n << 63n);

export function addHelpers(m: ModuleBuilder): Helpers {
  const ints = (n: number): Signature => ({ params: Array.from({ length: n }, () => 'i32' as const), results: I });
  const slow = m.importFunction('slow', ints(5));
  const commit = m.importFunction('commit', ints(0));
  const link = m.importFunction('link', ints(1));
  const find = m.importFunction('find', ints(3));
  const system = m.importFunction('system', ints(2));
  const badTarget = m.importFunction('badTarget', ints(1));
  const segment = m.importFunction('segment', ints(4));

  const test = [0, 2, 4, 6, 8, 10, 12, 14].map((cc) => flagFunction(m, (f) => x.eqz(x.eqz(flags.condition(f, cc)))));
  return {
    slow,
    commit,
    link,
    find,
    system,
    badTarget,
    address: addressFunction(m),
    segmented: segmentedFunction(m, segment),
    stackLinear: stackLinearFunction(m, segment),
    test,
    anyTest: anyTestFunction(m, test),
    word: flagFunction(m, flags.word, 'flagsWord'),
  };
}

/** A function that switches on the stored flag kind and returns `value` of those flags. */
function flagFunction(m: ModuleBuilder, value: (f: Flags) => Val, exportAs?: string): number {
  const f = new Func([]);
  const kinds = flags.FLAG_OPS.flatMap((op) => ([8, 16, 32, 64] as const).map((size) => ({ op, size })));
  const labels: Label[] = [];
  const nest = (i: number): void => {
    if (i < 0) {
      f.brTable([...labels].reverse(), labels[0] as Label, x.hostLoad(32, stateAt(S.flagKind)));
      return;
    }
    f.block((label) => {
      labels.push(label);
      nest(i - 1);
    });
    const kind = kinds[i];
    if (kind === undefined) throw new Error('no such flag kind');
    const size = kind.op === 'word' ? 32 : kind.size;
    const stored = (offset: number): Val => x.zext(x.hostLoad(64, stateAt(offset)), 64, size);
    f.return(value({ op: kind.op, size, x: f.let(stored(S.flagX)), y: f.let(stored(S.flagY)) }));
    f.releaseTemps();
  };
  nest(kinds.length - 1);
  f.unreachable();
  return m.addFunction({ params: [], results: I }, f.locals, f.code, exportAs);
}

function anyTestFunction(m: ModuleBuilder, tests: readonly number[]): number {
  const f = new Func(I);
  const cc = f.param(0);
  tests.forEach((t, i) => {
    const result = x.xor(x.call('i32', t, []), x.and(cc, x.i32(1)));
    f.if(x.eq(x.shr(cc, x.i32(1)), x.i32(i)), () => f.return(result));
  });
  f.unreachable();
  return m.addFunction({ params: I, results: I }, f.locals, f.code, 'condition');
}

function addressFunction(m: ModuleBuilder): number {
  const f = new Func(I);
  const record = f.param(0);
  const byte = (at: number): Val => x.hostLoad(8, record, at);
  const register = (at: number): Val => x.hostLoad(64, byte(at), STATE);
  const scaled = x.shl(register(REC.index), x.extendU(byte(REC.scale)));
  const sum = f.let(x.add(x.add(register(REC.base), scaled), x.hostLoad(64, record, REC.disp)));
  const size = f.let(byte(REC.addressSize));
  f.if(x.eqz(size), () => f.return(sum));
  f.push(x.and(sum, x.select(x.eq(size, x.i32(1)), x.i64(0xffffffffn), x.i64(0xffffn))));
  return m.addFunction({ params: I, results: ['i64'] }, f.locals, f.code);
}

/** Linear address outside 64-bit mode: flat segments here, others by the host, which may refuse. */
function legacyLinear(f: Func, segment: number, at: Val, number: Val, record: Val, offset: Val, access: Val): void {
  f.if(x.hostLoad(32, at, SEG.flat), () => f.return(x.extendU(x.add(x.hostLoad(32, at, SEG.base), offset))));
  const linear = f.let(x.call('i32', segment, [record, number, offset, access]));
  f.if(x.hostLoad(32, stateAt(S.refused)), () => f.return(REFUSED));
  f.push(x.extendU(linear));
}

function segmentedFunction(m: ModuleBuilder, segment: number): number {
  const f = new Func(['i32', 'i64', 'i32']);
  const [record, ea, access] = [f.param(0), f.param(1), f.param(2)];
  const number = f.let(x.hostLoad(8, record, REC.segment));
  const at = f.let(x.add(stateAt(S.segments), x.mul(number, x.i32(SEG.bytes))));
  f.if(x.eq(x.hostLoad(32, stateAt(S.codeSize)), x.i32(64)), () => {
    // Only FS and GS have a base in 64-bit mode (SDM vol. 3A, 3.4.4).
    f.return(x.add(ea, x.select(x.geU(number, x.i32(4)), f.let(x.hostLoad(64, at, SEG.base)), x.i64(0n))));
  });
  legacyLinear(f, segment, at, number, record, f.let(x.wrap(ea)), access);
  return m.addFunction({ params: ['i32', 'i64', 'i32'], results: ['i64'] }, f.locals, f.code);
}

function stackLinearFunction(m: ModuleBuilder, segment: number): number {
  const f = new Func(['i32', 'i32', 'i32']);
  const [record, offset, access] = [f.param(0), f.param(1), f.param(2)];
  const SS = 2;
  legacyLinear(f, segment, stateAt(S.segments + SS * SEG.bytes), x.i32(SS), record, offset, access);
  return m.addFunction({ params: ['i32', 'i32', 'i32'], results: ['i64'] }, f.locals, f.code);
}
