/** Runs random programs in the interpreter and again in regions, and tells how they differ. */
import { R, RAM, S, STATE } from '../../../cpu/layout.ts';
import { CR4 } from '../../../registers/cr.ts';
import { BareMachine } from '../../oracle/bareMachine.ts';
import { HLT } from '../../oracle/host/encode.ts';
import { Choices } from '../../oracle/host/random.ts';
import { ProgramBuilder } from './programBuilder.ts';

const PAGE = 0x1000;
/** Programs compiled into one module. */
const BATCH = 64;
/** No address here is likely as an operand. */
const CODE = 0x12340000;
/** Programs stand so far into their page, some of them across its end. */
const OFFSETS = [0x200, 0x240, 0xf00, 0xf80, 0xfc0, 0xff0] as const;
/** Each has so many pages, which it may write to. */
const ROOM = 2 * PAGE;
/** Further away than a bit string reaches. */
const DATA = 0x45670000;
const DATA_BYTES = 2 * PAGE;
const STATUS = 0x8d5;
/** More than the engine runs one at a time. */
const SHORTEST = 70;
const MXCSR = [0x1f80, 0x1fa0, 0x1fa0, 0x1fa0, 0x3fa0, 0x1d80] as const;

interface Program {
  readonly rip: bigint;
  readonly code: Uint8Array;
  /** The program's pages, with its code in them. */
  readonly room: Uint8Array;
  readonly count: number;
  readonly state: (machine: BareMachine) => void;
}

export interface PairResult {
  readonly programs: number;
  readonly mismatches: readonly string[];
  /** Programs that ended in an exception; and that ran in a region. */
  readonly faults: number;
  readonly inRegions: number;
}

export class EnginePair {
  private readonly choices: Choices;
  private readonly machine = new BareMachine({ mode: 64, ramBytes: 2 << 20, regions: 1000 });
  private readonly codeAt: number;
  private readonly dataAt: number;
  private readonly builder: ProgramBuilder;

  constructor(seed: number) {
    this.choices = new Choices(seed);
    this.builder = new ProgramBuilder(this.choices);
    this.codeAt = this.machine.map(CODE, BATCH * ROOM);
    this.dataAt = this.machine.map(DATA, DATA_BYTES);
    // Accesses across pages then go to two places.
    if (seed % 2 === 0) {
      this.machine.mapPage(DATA, this.dataAt + PAGE);
      this.machine.mapPage(DATA + PAGE, this.dataAt);
    }
    const { cpu } = this.machine;
    cpu.setLow(S.cr4, cpu.low(S.cr4) | CR4.OSFXSR | CR4.OSXMMEXCPT);
  }

  compare(programs: number): PairResult {
    const mismatches: string[] = [];
    let [faults, inRegions] = [0, 0];
    for (let at = 0; at < programs; at += BATCH) {
      // Pages that are rewritten again and again would not be compiled any more.
      this.machine.engine.code.flush();
      const batch = Array.from({ length: BATCH }, (_, n) => this.program(n));
      const before = batch.map((program) => {
        this.write(batch);
        return this.run(program);
      });
      // What programs are to find decides what regions expect of floats.
      this.machine.cpu.setLow(S.mxcsr, this.choices.oneIn(4) ? MXCSR[0] : MXCSR[1]);
      this.machine.engine.compileAt(batch.map(({ rip }) => rip));
      for (const [n, program] of batch.entries()) {
        this.write(batch);
        const entries = this.entries;
        const after = this.run(program);
        if (this.entries !== entries) inRegions++;
        if (this.machine.fault !== null) faults++;
        const found = difference(before[n] as Outcome, after);
        if (found !== '') mismatches.push(`${text(program)}: ${found}`);
      }
    }
    return { programs, mismatches, faults, inRegions };
  }

  private get entries(): number {
    return this.machine.cpu.words[R.entries >> 2] as number;
  }

  private program(n: number): Program {
    const { choices } = this;
    const offset = choices.pick(OFFSETS);
    const registers = Array.from({ length: 16 }, () => choices.operand());
    const rip = BigInt(CODE + n * ROOM + offset);
    const middle = (): bigint =>
      BigInt(DATA + (choices.oneIn(3) ? PAGE - choices.below(40) : 256 + choices.below(DATA_BYTES - 512)));
    registers[4] = choices.oneIn(20) ? BigInt(DATA + choices.below(16)) : middle() & ~7n;
    registers[6] = choices.oneIn(20) ? BigInt(DATA + DATA_BYTES - choices.below(64)) : middle();
    registers[7] = middle() & (choices.oneIn(2) ? ~15n : -1n);
    registers[15] = rip;
    const vectors = Array.from({ length: 32 }, () => this.lane());
    const flags = Number(choices.bits64() & BigInt(STATUS)) | 2;
    const mxcsr = choices.pick(MXCSR);
    const fill = BigUint64Array.from({ length: 64 }, () => (choices.oneIn(2) ? choices.operand() : this.lane()));
    const data = new BigUint64Array(DATA_BYTES / 8);
    for (let i = 0; i < data.length; i += fill.length) data.set(fill, i);
    const code = this.builder.code();
    const room = new Uint8Array(ROOM).fill(HLT);
    room.set(code, offset);
    const program: Program = {
      rip,
      code,
      room,
      count: SHORTEST + choices.below(400),
      state: ({ cpu }) => {
        for (const [i, value] of registers.entries()) cpu.setReg(i, value);
        for (const [i, value] of vectors.entries()) cpu.set(S.xmm + 8 * i, value);
        cpu.rflags = flags;
        cpu.setLow(S.mxcsr, mxcsr);
        cpu.bytes.fill(0, STATE + S.x87, STATE + S.end);
        cpu.bytes.set(new Uint8Array(data.buffer), RAM + this.dataAt);
      },
    };
    return program;
  }
  /** Half an XMM register: mostly a double of everyday size. */
  private lane(): bigint {
    const { choices } = this;
    if (choices.oneIn(3)) return choices.operand();
    const sign = choices.below(2) << 31;
    const high = sign | ((1000 + choices.below(50)) << 20) | choices.below(1 << 20);
    return (BigInt(high >>> 0) << 32n) | (choices.oneIn(2) ? 0n : BigInt(choices.below(0x7fffffff)));
  }

  /** Puts programs where they run, among HLTs: programs may write to themselves, and to others. */
  private write(batch: readonly Program[]): void {
    for (const [n, { room }] of batch.entries()) {
      const at = this.codeAt + n * ROOM;
      const present = this.machine.cpu.bytes.subarray(RAM + at, RAM + at + ROOM);
      if (Buffer.compare(room, present) !== 0) this.machine.write(at, room);
    }
  }

  private run(program: Program): Outcome {
    const { machine } = this;
    const { cpu } = machine;
    program.state(machine);
    const count = machine.run(program.rip, program.count);
    const { fault } = machine;
    const raised = fault === null ? 'no exception' : `exception ${fault.vector} ${fault.errorCode} ${fault.linear}`;
    const head = `${count} run, RIP ${cpu.rip.toString(16)}, RFLAGS ${cpu.rflags.toString(16)}, ${raised}`;
    const at = RAM + this.dataAt;
    const parts = [
      cpu.bytes.slice(STATE, STATE + 128),
      cpu.bytes.slice(STATE + S.mxcsr, STATE + S.end),
      cpu.bytes.slice(at, at + DATA_BYTES),
    ];
    return { head, parts };
  }
}

interface Outcome {
  readonly head: string;
  /** General registers, MXCSR with XMM and x87 registers, data. */
  readonly parts: readonly Uint8Array[];
}
const PARTS = ['general registers', 'MXCSR, XMM and x87 registers', 'data'] as const;

/** What differs, or ''. */
function difference(a: Outcome, b: Outcome): string {
  const heads = a.head === b.head ? [] : [`${a.head} / ${b.head}`];
  const parts = PARTS.flatMap((name, n) => {
    const [one, other] = [a.parts[n] as Uint8Array, b.parts[n] as Uint8Array];
    const at = Buffer.compare(one, other) === 0 ? -1 : one.findIndex((byte, i) => byte !== other[i]);
    const piece = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(at & ~7, (at & ~7) + 8)).toString('hex');
    return at < 0 ? [] : [`${name} at byte ${at & ~7}: ${piece(one)} / ${piece(other)}`];
  });
  return [...heads, ...parts].join('; ');
}

const text = ({ rip, code, count }: Program): string =>
  `${count} instructions from ${rip.toString(16)}: ${Buffer.from(code).toString('hex')}`;
