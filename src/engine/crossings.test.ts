import { describe, expect, it } from 'vitest';
import { Reg } from '../cpu/cpu.ts';
import { CROSSINGS, R, S, STATE } from '../cpu/layout.ts';
import { routineOf } from '../cpu/routines/index.ts';
import { EFER } from '../registers/efer.ts';
import { RFLAGS } from '../registers/rflags.ts';
import { seededRandom } from '../testing/random.ts';
import { BareMachine } from './oracle/bareMachine.ts';

const USER = 0x400000;
const KERNEL = 0x600000;
const NOT_CANONICAL = 1n << 60n;
const INSTRUCTIONS = { syscall: [0x0f, 0x05], sysretq: [0x48, 0x0f, 0x07], sysretl: [0x0f, 0x07] };
const SPIN = [0xff, 0xc0, 0xeb, 0xfc]; // 1: inc %eax; jmp 1b

/** Where the interpreter and routines keep what matters during an instruction only. */
const SCRATCH = new Set<number>([S.left, S.pc, S.nextRip, S.nextRip + 4]);

interface State {
  readonly code: readonly number[];
  readonly cpl: 0 | 3;
  readonly enabled: boolean;
  readonly star: bigint;
  readonly fmask: number;
  readonly rflags: number;
  readonly rcx: bigint;
  readonly r11: bigint;
  readonly interruptLine: boolean;
  readonly count: number;
}

/** What is left of the machine after it ran: state, exception, and what was noted. */
function after(state: State, byRoutine: boolean): unknown {
  const machine = new BareMachine({ mode: 64, cpl: state.cpl, regions: 'off' });
  const { cpu, engine } = machine;
  machine.write(machine.map(USER, 0x1000), Uint8Array.from([...SPIN]));
  machine.write(machine.map(KERNEL, 0x1000), Uint8Array.from([...SPIN, ...state.code, ...SPIN]));
  engine.observe(byRoutine ? (insn) => routineOf(insn)(cpu, insn) : undefined, true);
  cpu.setLow(S.efer, cpu.low(S.efer) | (state.enabled ? EFER.SCE : 0));
  cpu.set(S.star, state.star);
  cpu.set(S.lstar, BigInt(KERNEL));
  cpu.setLow(S.fmask, state.fmask);
  cpu.interruptLine = state.interruptLine;
  cpu.setReg(Reg.rcx, state.rcx);
  cpu.setReg(Reg.r11, state.r11);
  cpu.rflags = state.rflags;
  const ran = machine.run(BigInt(KERNEL + SPIN.length), state.count);
  const { crossings } = engine;
  const noted = Array.from({ length: crossings.length }, (_, n) => crossings.kept(n));
  cpu.setStatusFlags(cpu.statusFlags());
  const words = Array.from(cpu.words.subarray(STATE >> 2, (STATE + S.end) >> 2), (word, n) =>
    SCRATCH.has(n << 2) ? 0 : word,
  );
  return {
    ran,
    pause: engine.pause,
    fault: machine.fault?.name ?? null,
    words,
    stamp: cpu.words[R.stamp >> 2],
    noted,
    sums: [crossings.syscalls, crossings.userUpTo(ran), crossings.inUser],
  };
}

/** At KERNEL, going to ring 3 and back for ever. */
function roundTrips(): BareMachine {
  const machine = new BareMachine({ mode: 64, cpl: 0, regions: 'off' });
  const { cpu } = machine;
  machine.write(machine.map(USER, 0x1000), Uint8Array.from([...INSTRUCTIONS.syscall, 0xeb, 0xfc]));
  machine.write(machine.map(KERNEL, 0x1000), Uint8Array.from(INSTRUCTIONS.sysretq));
  cpu.setLow(S.efer, cpu.low(S.efer) | EFER.SCE);
  cpu.set(S.star, 0x0010_0008_0000_0000n);
  cpu.set(S.lstar, BigInt(KERNEL));
  cpu.setReg(Reg.rcx, BigInt(USER));
  cpu.setReg(Reg.r11, 2n);
  return machine;
}

describe('SYSCALL and SYSRET in generated code', () => {
  it('do what their micro-steps do one by one, in 600 random states', () => {
    const random = seededRandom(9);
    const one = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const bits = (...from: number[]): number => from.reduce((all, bit) => all | (random(2) * bit), 0);
    const outcomes = new Set<string>();
    for (let n = 0; n < 600; n++) {
      const code = one([INSTRUCTIONS.syscall, INSTRUCTIONS.sysretq, INSTRUCTIONS.sysretq, INSTRUCTIONS.sysretl]);
      const flags = (): number =>
        2 | bits(1, 4, 16, 64, 128, 0x400, 0x800, RFLAGS.IF) | (random(4) === 0 ? bits(RFLAGS.TF, RFLAGS.AC) : 0);
      const state: State = {
        code,
        cpl: one([0, 0, 3] as const),
        enabled: random(8) !== 0,
        star: (BigInt(random(2 ** 32)) << 32n) | BigInt(random(2 ** 32)),
        fmask: random(3) === 0 ? 0 : random(2 ** 22),
        rflags: flags(),
        rcx: one([BigInt(USER), BigInt(USER), NOT_CANONICAL, 0xffff_8000_0000_0000n]),
        r11: BigInt(flags()) | (BigInt(random(2)) << 21n),
        interruptLine: random(3) === 0,
        count: one([1, 2, 150, 400]),
      };
      const [quick, slow] = [after(state, false), after(state, true)];
      expect(
        quick,
        JSON.stringify(state, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
      ).toEqual(slow);
      const { fault, pause, noted } = quick as { fault: string | null; pause: string; noted: unknown[] };
      outcomes.add(`${fault} ${pause} ${noted.length}`);
    }
    const expected = [
      'null count 1',
      'null attention 1',
      '#GP halted 0',
      '#UD halted 0',
      '#PF halted 1',
      '#DB attention 1',
    ];
    expect([...outcomes].sort()).toEqual(expected.sort());
  });

  it('fills the log past its end: the sums go on, and the last entries are kept', () => {
    const machine = roundTrips();
    const { engine } = machine;
    engine.observe(undefined, true);
    // Counts do not end at 32 bits.
    const before = 2 ** 33 - 1000;
    engine.crossings.begin(before, 7);
    const count = 3 * 100_000;
    expect(machine.run(BigInt(KERNEL), count)).toBe(count);
    const { crossings } = engine;
    // sysretq, syscall, sysretq, jmp, syscall, sysretq, ...
    expect(crossings.length).toBe(2 + 2 * ((count - 3) / 3) + 1);
    expect(crossings.syscalls).toBe(1 + (count - 3) / 3);
    expect(crossings.userUpTo(before + count) + before).toBe(before + count - (1 + (count - 3) / 3 + 1));
    const last = crossings.length - 1;
    expect(crossings.kept(last)).toEqual({ count: before + count - 1, turn: 7, detail: (1 << 20) | 3 });
    const first = crossings.length - CROSSINGS.keptEntries;
    expect(crossings.kept(first).count).toBeLessThan(crossings.kept(first + 1).count);
  });

  it('keeps what was noted while nothing is', () => {
    const machine = roundTrips();
    const { engine } = machine;
    const sums = (): unknown => {
      const { crossings } = engine;
      const entries = Array.from({ length: 20 }, (_, n) => crossings.kept(crossings.length - 1 - n));
      return [entries, crossings.length, crossings.syscalls, crossings.userUpTo(1e6), crossings.inUser];
    };
    engine.observe(undefined, true);
    machine.run(BigInt(KERNEL), 250_001);
    const before = sums();
    engine.observe(undefined, false);
    engine.run(1000);
    engine.observe(undefined, true);
    expect(sums()).toEqual(before);
    engine.run(10);
    expect(sums()).not.toEqual(before);
  });
});
