/** Runs cases on our CPU. */
import { MAX_RUN, RAM, S, STATE } from '../../../cpu/layout.ts';
import { Vector } from '../../../cpu/fault.ts';
import { segmentOffset, SEG } from '../../../cpu/layout.ts';
import { CS, setSegment, SS } from '../../../cpu/segmentation.ts';
import { ATTRIBUTE } from '../../../registers/descriptor.ts';
import { BareMachine } from '../bareMachine.ts';
import {
  BASE16,
  CASE,
  CODE,
  CODE_BYTES,
  DATA,
  DATA_BYTES,
  EXPAND_DOWN_LIMIT,
  FIRST,
  FIRST_BYTES,
  GS_BASE,
  LAST,
  LAST_BYTES,
  LIMIT16,
  type Mode,
  OUTCOME,
  READ_ONLY,
  REPEATED,
  startOf,
} from './caseLayout.ts';

const PAGE = 0x1000;
const [ES, DS, GS] = [0, 3, 5];
const DEBUG_TRAP = 1;
const [TF, IF] = [0x100, 0x200];
/** More iterations than any case asks for. */
const LONGEST_REPEAT = 100;
/** Enough instructions that the engine does not step them one at a time. */
const LINE = 2 * MAX_RUN;

export class OurCpu {
  private readonly machine: BareMachine;
  private readonly start: bigint;
  private readonly codeHost: number;
  private readonly firstHost: number;
  private readonly lastHost: number;

  constructor(mode: Mode) {
    this.start = BigInt(startOf(mode));
    this.machine = new BareMachine({ mode });
    const { machine } = this;
    this.codeHost = RAM + machine.map(CODE & -PAGE, PAGE) + (CODE % PAGE);
    const data = RAM + machine.map(DATA, DATA_BYTES);
    this.firstHost = data + FIRST - DATA;
    this.lastHost = data + LAST - DATA;
    machine.map(READ_ONLY, PAGE, false);
    if (mode === 64) machine.cpu.set(segmentOffset(GS) + SEG.base, BigInt(GS_BASE));
    if (mode === 16) this.loadSegments();
  }

  private loadSegments(): void {
    const { cpu } = this.machine;
    const base = BigInt(BASE16);
    const data = ATTRIBUTE.P | ATTRIBUTE.DPL | ATTRIBUTE.S | ATTRIBUTE.A | ATTRIBUTE.W;
    setSegment(cpu, CS, 7, BigInt(CODE & -PAGE), 0xffff, cpu.attributes(CS));
    setSegment(cpu, DS, 0xf, base, LIMIT16, data);
    setSegment(cpu, ES, 0x17, base, EXPAND_DOWN_LIMIT, data | ATTRIBUTE.E);
    setSegment(cpu, SS, 0x1f, base, LIMIT16, data);
  }

  /**
   * Runs the case at `from` of `cases` and writes its outcome at `to` of `outcomes`. `alone` steps over the one
   * instruction; else it is run as part of a line that ends with the HLT behind it.
   */
  run(cases: Buffer, from: number, outcomes: Buffer, to: number, alone: boolean): void {
    const { machine } = this;
    const { cpu } = machine;
    const { bytes } = cpu;
    const repeated = ((cases[from + CASE.flags] as number) & REPEATED) !== 0;
    const code = cases.subarray(from + CASE.code, from + CASE.code + CODE_BYTES);
    machine.write(this.codeHost - RAM, code);
    bytes.set(cases.subarray(from + CASE.registers, from + CASE.rflags), STATE);
    // PUSHF shows the flags that the host's cases run with.
    cpu.rflags = cases.readUInt32LE(from + CASE.rflags) | (alone && !repeated ? TF | IF : 0);
    bytes.set(cases.subarray(from + CASE.memory, from + CASE.memory + FIRST_BYTES), this.firstHost);
    bytes.set(cases.subarray(from + CASE.memory + FIRST_BYTES, from + CASE.bytes), this.lastHost);

    const rip = this.start;
    machine.run(rip, alone || repeated ? 1 : LINE);
    const end = cases[from + CASE.end] as number;
    // The HLT behind the code is where it ends.
    if (machine.fault !== null && (end === 0 ? cpu.rip !== rip : cpu.rip === rip + BigInt(end))) machine.fault = null;
    for (let n = 0; repeated && n < LONGEST_REPEAT && machine.fault === null && cpu.rip === rip; n++)
      machine.run(rip, 1);
    this.store(outcomes, to);
  }

  private store(outcomes: Buffer, to: number): void {
    const { cpu, fault } = this.machine;
    const { bytes } = cpu;
    outcomes.set(bytes.subarray(STATE, STATE + 128), to + OUTCOME.registers);
    outcomes.set(bytes.subarray(STATE + S.rip, STATE + S.rip + 8), to + OUTCOME.rip);
    outcomes.writeUInt32LE(cpu.rflags >>> 0, to + OUTCOME.rflags);
    const linear = fault?.vector === Vector.PF ? (fault.linear ?? 0n) : 0n;
    outcomes.writeBigUInt64LE(linear, to + OUTCOME.cr2);
    outcomes.writeUInt32LE(fault?.vector ?? DEBUG_TRAP, to + OUTCOME.vector);
    outcomes.writeUInt32LE(fault?.errorCode ?? 0, to + OUTCOME.error);
    outcomes.set(bytes.subarray(this.firstHost, this.firstHost + FIRST_BYTES), to + OUTCOME.memory);
    outcomes.set(bytes.subarray(this.lastHost, this.lastHost + LAST_BYTES), to + OUTCOME.memory + FIRST_BYTES);
  }
}
