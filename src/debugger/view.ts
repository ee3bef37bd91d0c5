/** What the page shows of a stopped machine. */
import type { Cpu } from '../cpu/cpu.ts';
import { operandLinear } from '../cpu/routines/operands.ts';
import { S } from '../cpu/layout.ts';
import { readMsr } from '../cpu/system/msr.ts';
import type { Machine } from '../machine/machine.ts';
import { MSR } from '../registers/msr.ts';
import type { MachineView, RegisterView, SegmentName, SegmentView, StopView } from './views.ts';
import { codeAround, instructionAt } from './disassemble.ts';
import { floatViewOf } from './floatRegisters.ts';
import type { MicroRun } from './microRun.ts';
import { peekWords } from './peek.ts';
import type { SymbolSet } from './symbolSet.ts';
import { SEGMENTS } from './systemRegisters.ts';
import { modeOf } from './walkView.ts';
import { type Raised, whyView } from './why/whyView.ts';

const GPR_NAMES = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const LINES_BEFORE = 8;
const LINES_AFTER = 24;
/** A GDT has at most this many entries. */
const MAX_GDT = 8192;

export function registersOf(machine: Machine): RegisterView {
  const { cpu } = machine;
  const segment = (n: number): SegmentView => ({
    selector: cpu.selector(n),
    base: cpu.baseOf(n),
    limit: cpu.limit(n),
    attributes: cpu.attributes(n),
  });
  const segments = Object.fromEntries(SEGMENTS.map((name, n) => [name, segment(n)])) as Record<
    SegmentName,
    SegmentView
  >;
  return {
    gpr: Array.from({ length: 16 }, (_, n) => cpu.reg(n)),
    rip: cpu.rip,
    rflags: BigInt(cpu.rflags >>> 0),
    cr0: cpu.get(S.cr0),
    cr2: cpu.get(S.cr2),
    cr3: cpu.get(S.cr3),
    cr4: cpu.get(S.cr4),
    cr8: cpu.get(S.cr8),
    xcr0: cpu.get(S.xcr0),
    segments,
    gdtr: { base: cpu.get(S.gdtrBase), limit: cpu.low(S.gdtrLimit) },
    idtr: { base: cpu.get(S.idtrBase), limit: cpu.low(S.idtrLimit) },
    dr: Array.from({ length: 8 }, (_, n) => cpu.get(S.dr + 8 * n)),
    msrs: Object.fromEntries(Object.entries(MSR).map(([name, number]) => [name, readMsr(cpu, number) ?? 0n])),
    cpl: cpu.cpl as 0 | 1 | 2 | 3,
    float: floatViewOf(cpu),
  };
}

/** Names of what registers point at. */
function symbolsOf(registers: RegisterView, symbols: SymbolSet): Record<string, string> {
  const found: Record<string, string> = {};
  const note = (name: string, value: bigint): void => {
    const symbol = symbols.name(value);
    if (symbol !== undefined) found[name] = symbol;
  };
  note('rip', registers.rip);
  registers.gpr.forEach((value, n) => note(GPR_NAMES[n] ?? '', value));
  for (const [name, value] of Object.entries(registers.msrs)) note(name, value);
  return found;
}

/** RIP behind the instruction at RIP. */
function behind({ code, codeIndex }: Pick<MachineView, 'code' | 'codeIndex'>): bigint | null {
  const line = code[codeIndex];
  return line === undefined ? null : line.address + BigInt(line.bytes.length);
}

/** Linear address of the memory operand of the instruction at RIP, if it has one; LEA's is not used as one. */
function operandOf(cpu: Cpu): bigint | null {
  const insn = instructionAt(cpu, cpu.rip);
  const operand = insn?.operands.find(({ kind }) => kind === 'mem');
  if (insn === undefined || operand?.kind !== 'mem' || insn.encoding.op === 'lea') return null;
  return operandLinear(cpu, insn, operand);
}

export interface ViewState {
  readonly stop: StopView;
  readonly micro: MicroRun | undefined;
  readonly raised: readonly Raised[];
  readonly symbols: SymbolSet;
  readonly state: MachineView['state'];
}

export function viewOf(machine: Machine, { stop, micro, raised, symbols, state }: ViewState): MachineView {
  const { cpu } = machine;
  const registers = registersOf(machine);
  const entries = Math.min((registers.gdtr.limit + 1) >> 3, MAX_GDT);
  const around = codeAround(cpu, registers.rip, LINES_BEFORE, LINES_AFTER, symbols);
  const line = symbols.line(registers.rip);
  return {
    state,
    instructions: machine.retired,
    stop,
    registers,
    gdt: peekWords(cpu, registers.gdtr.base, entries),
    symbols: symbolsOf(registers, symbols),
    ...around,
    operand: operandOf(cpu),
    source: line && { file: line.file, line: line.line },
    microcode: micro?.view(behind(around)) ?? null,
    why: raised.map((one) => whyView(one, modeOf(cpu))),
    exitCode: machine.exitCode,
  };
}
