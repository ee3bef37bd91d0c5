/** Runs cases of x87, MMX and SSE instructions here and on the host, and tells what differs. */
import { RAM, S, STATE } from '../../../cpu/layout.ts';
import { stackHost } from '../../../cpu/float/x87State.ts';
import { formatIntel } from '../../../isa/format/index.ts';
import type { Instruction } from '../../../isa/instruction.ts';
import type { EncodingRow } from '../../../isa/table/encodingRow.ts';
import { CR4 } from '../../../registers/cr.ts';
import { XCR0 } from '../../../registers/floatingPoint.ts';
import { BareMachine } from '../bareMachine.ts';
import { type CodeMode, decodeCase, floatRows, writeCase } from './floatCases.ts';
import { BLOCK, BLOCK_BYTES, CASE, CODE, DATA, DATA_BYTES, IMAGE, OUTCOME } from './floatLayout.ts';

const PAGE = 0x1000;
const DEBUG_TRAP = 1n;
const STATUS = 0x8d5;
const NAMES = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');

export interface FloatMismatch {
  readonly op: string;
  readonly text: string;
}

export class FloatOracle {
  private readonly host: (input: Uint8Array) => Buffer;
  private readonly rows: readonly EncodingRow[];
  private readonly mode: CodeMode;
  private readonly machine: BareMachine;
  private readonly codeAt: number;
  private readonly blockHost: number;

  /** Results of functions whose last place is left open, and how many of them were one unit off. */
  readonly lastPlaces = { compared: 0, off: 0 };

  constructor(host: (input: Uint8Array) => Buffer, mode: CodeMode, wanted: (row: EncodingRow) => boolean = () => true) {
    this.host = host;
    this.mode = mode;
    this.machine = new BareMachine({ mode });
    this.rows = floatRows(mode).filter(wanted);
    const { machine } = this;
    this.codeAt = machine.map(CODE & -PAGE, PAGE) + (CODE % PAGE);
    this.blockHost = RAM + machine.map(DATA, DATA_BYTES) + BLOCK - DATA;
    machine.cpu.setLow(S.cr4, machine.cpu.low(S.cr4) | CR4.OSFXSR | CR4.OSXMMEXCPT | CR4.OSXSAVE);
    machine.cpu.setLow(S.xcr0, XCR0.x87 | XCR0.SSE);
  }

  compare(first: number, count: number): FloatMismatch[] {
    const input = Buffer.alloc(8 + count * CASE.bytes);
    input.writeBigUInt64LE(BigInt(count));
    const cases = input.subarray(8);
    for (let i = 0; i < count; i++) writeCase(this.mode, this.rows, first + i, cases, i * CASE.bytes);
    const expected = this.host(input);
    const actual = Buffer.alloc(OUTCOME.bytes);
    const found: FloatMismatch[] = [];
    for (let i = 0; i < count; i++) {
      const from = i * CASE.bytes;
      this.run(cases, from, actual);
      const wanted = expected.subarray(i * OUTCOME.bytes, (i + 1) * OUTCOME.bytes);
      const insn = decodeCase(cases, from, this.mode);
      const { op } = insn.encoding;
      if (ROUGH.has(op)) {
        this.lastPlaces.compared++;
        if (forgive(actual, wanted)) this.lastPlaces.off++;
      }
      const text = differences(cases, from, insn, actual, wanted);
      if (text !== '') found.push({ op, text });
    }
    return found;
  }

  private run(cases: Buffer, from: number, to: Buffer): void {
    const { machine } = this;
    const { cpu } = machine;
    machine.write(this.codeAt, cases.subarray(from, from + 15));
    cpu.bytes.set(cases.subarray(from + CASE.registers, from + CASE.rflags), STATE);
    cpu.rflags = cases.readUInt32LE(from + CASE.rflags);
    const image = cases.subarray(from + CASE.image, from + CASE.memory);
    cpu.setLow(S.fcw, image.readUInt16LE(IMAGE.fcw));
    cpu.setLow(S.fsw, image.readUInt16LE(IMAGE.fsw));
    cpu.setLow(S.ftw, image.readUInt8(IMAGE.ftw));
    cpu.setLow(S.fop, image.readUInt16LE(IMAGE.fop));
    cpu.set(S.fip, image.readBigUInt64LE(IMAGE.fip));
    cpu.set(S.fdp, image.readBigUInt64LE(IMAGE.fdp));
    cpu.setLow(S.mxcsr, image.readUInt32LE(IMAGE.mxcsr));
    for (let i = 0; i < 8; i++)
      cpu.bytes.set(image.subarray(IMAGE.st + 16 * i, IMAGE.st + 16 * i + 10), stackHost(cpu, i));
    cpu.bytes.set(image.subarray(IMAGE.xmm), STATE + S.xmm);
    cpu.bytes.set(cases.subarray(from + CASE.memory, from + CASE.memory + BLOCK_BYTES), this.blockHost);
    machine.run(BigInt(CODE), 1);
    this.store(to);
  }

  private store(to: Buffer): void {
    const { cpu, fault } = this.machine;
    const { bytes } = cpu;
    to.set(bytes.subarray(STATE, STATE + 128), OUTCOME.registers);
    to.set(bytes.subarray(STATE + S.rip, STATE + S.rip + 8), OUTCOME.rip);
    to.writeBigUInt64LE(BigInt(cpu.rflags >>> 0), OUTCOME.rflags);
    to.writeBigUInt64LE(fault === null ? DEBUG_TRAP : BigInt(fault.vector), OUTCOME.vector);
    const image = to.subarray(OUTCOME.image, OUTCOME.memory);
    image.fill(0);
    image.writeUInt16LE(cpu.low(S.fcw), IMAGE.fcw);
    image.writeUInt16LE(cpu.low(S.fsw), IMAGE.fsw);
    image.writeUInt8(cpu.low(S.ftw), IMAGE.ftw);
    image.writeUInt16LE(cpu.low(S.fop), IMAGE.fop);
    image.writeBigUInt64LE(cpu.get(S.fip), IMAGE.fip);
    image.writeBigUInt64LE(cpu.get(S.fdp), IMAGE.fdp);
    image.writeUInt32LE(cpu.low(S.mxcsr) >>> 0, IMAGE.mxcsr);
    for (let i = 0; i < 8; i++) image.set(bytes.subarray(stackHost(cpu, i), stackHost(cpu, i) + 10), IMAGE.st + 16 * i);
    image.set(bytes.subarray(STATE + S.xmm, STATE + S.xmm + 256), IMAGE.xmm);
    to.set(bytes.subarray(this.blockHost, this.blockHost + BLOCK_BYTES), OUTCOME.memory);
  }
}

const hexOf = (b: Buffer, at: number, bytes: number): string =>
  Buffer.from(b.subarray(at, at + bytes))
    .reverse()
    .toString('hex');

/** Functions whose last place the manual leaves open (SDM vol. 1, 8.3.10). */
const ROUGH = new Set('f2xm1 fyl2x fyl2xp1 fptan fpatan fsin fcos fsincos'.split(' '));
/** FSW.C1, PE and UE follow from the last place. */
const LAST_PLACE = 0x230;

/** Lets ST(0) and ST(1) of ours, when they are one unit in the last place off, be the host's; tells whether one was. */
function forgive(ours: Buffer, host: Buffer): boolean {
  let off = false;
  for (const at of [OUTCOME.image + IMAGE.st, OUTCOME.image + IMAGE.st + 16]) {
    const [a, b] = [ours, host].map(
      (o) => (BigInt(o.readUInt16LE(at + 8)) << 63n) + BigInt.asUintN(63, o.readBigUInt64LE(at)),
    );
    if (a === undefined || b === undefined || a - b > 1n || b - a > 1n) continue;
    off ||= a !== b;
    host.copy(ours, at, at, at + 10);
    const fsw = OUTCOME.image + IMAGE.fsw;
    ours.writeUInt16LE((ours.readUInt16LE(fsw) & ~LAST_PLACE) | (host.readUInt16LE(fsw) & LAST_PLACE), fsw);
  }
  return off;
}

/** Every field in which `ours` and `host` differ, with what it was before; empty when they agree. */
function differences(cases: Buffer, from: number, insn: Instruction, ours: Buffer, host: Buffer): string {
  const lines: string[] = [];
  const before = (at: number, bytes: number): string => (at < 0 ? '' : `was ${hexOf(cases, from + at, bytes)}, `);
  const check = (name: string, at: number, was: number, bytes: number): void => {
    if (ours.compare(host, at, at + bytes, at, at + bytes) !== 0)
      lines.push(`  ${name}: ${before(was, bytes)}expected ${hexOf(host, at, bytes)}, ours ${hexOf(ours, at, bytes)}`);
  };
  check('vector', OUTCOME.vector, -1, 1);
  if (ours.compare(host, OUTCOME.vector, OUTCOME.image, OUTCOME.vector, OUTCOME.image) === 0 || lines.length === 0) {
    NAMES.forEach((name, i) => check(name, OUTCOME.registers + 8 * i, CASE.registers + 8 * i, 8));
    check('rip', OUTCOME.rip, -1, 8);
    if (((ours.readUInt32LE(OUTCOME.rflags) ^ host.readUInt32LE(OUTCOME.rflags)) & STATUS) !== 0)
      check('rflags', OUTCOME.rflags, CASE.rflags, 4);
  }
  const field = (name: string, at: number, bytes: number): void =>
    check(name, OUTCOME.image + at, CASE.image + at, bytes);
  field('fcw', IMAGE.fcw, 2);
  field('fsw', IMAGE.fsw, 2);
  field('ftw', IMAGE.ftw, 1);
  field('fop', IMAGE.fop, 2);
  field('fip', IMAGE.fip, 8);
  field('fdp', IMAGE.fdp, 8);
  field('mxcsr', IMAGE.mxcsr, 4);
  for (let i = 0; i < 8; i++) field(`st${i}`, IMAGE.st + 16 * i, 10);
  for (let i = 0; i < 16; i++) field(`xmm${i}`, IMAGE.xmm + 16 * i, 16);
  for (let i = 0; i < BLOCK_BYTES; i += 16) check(`memory+${i}`, OUTCOME.memory + i, CASE.memory + i, 16);
  if (lines.length === 0) return '';
  const { mnemonic, operands } = formatIntel(insn, { address: BigInt(CODE) });
  const head = `${mnemonic} ${operands} (${cases.subarray(from, from + insn.length).toString('hex')})`;
  const image = from + CASE.image;
  const state = [
    `fcw=${hexOf(cases, image + IMAGE.fcw, 2)} fsw=${hexOf(cases, image + IMAGE.fsw, 2)}`,
    `ftw=${hexOf(cases, image + IMAGE.ftw, 1)} mxcsr=${hexOf(cases, image + IMAGE.mxcsr, 4)}`,
  ];
  for (const o of insn.operands) {
    if (o.kind === 'reg' && o.file === 'xmm')
      state.push(`xmm${o.index}=${hexOf(cases, image + IMAGE.xmm + 16 * o.index, 16)}`);
    if (o.kind === 'mem') {
      const at = Number(cases.readBigUInt64LE(from + CASE.registers + 24)) - BLOCK;
      state.push(`mem+${at}=${hexOf(cases, from + CASE.memory + at, 16)}`);
    }
  }
  for (const i of [0, 1]) state.push(`st${i}=${hexOf(cases, image + IMAGE.st + 16 * i, 10)}`);
  return [head, `  before: ${state.join(' ')}`, ...lines].join('\n');
}
