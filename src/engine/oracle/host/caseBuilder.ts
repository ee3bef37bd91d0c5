/** Fills a case: registers and memory, so that the instruction mostly reaches memory that is there. */
import type { MemoryOperand } from '../../../isa/instruction.ts';
import { NO_REGISTER, RIP_RELATIVE } from '../../../isa/instruction.ts';
import { rows } from '../../../isa/table/index.ts';
import type { EncodingRow } from '../../../isa/table/encodingRow.ts';
import { Place } from '../../../isa/table/operandSpec.ts';
import {
  BASE16,
  CASE,
  CODE,
  CODE16,
  CODE32,
  DATA,
  DATA_BYTES,
  FIRST,
  FIRST_BYTES,
  GS_BASE,
  LAST,
  LAST_BYTES,
  MEMORY_BYTES,
  type Mode,
  memoryIndex,
  READ_ONLY,
  REPEATED,
  startOf,
} from './caseLayout.ts';
import { type Encoded, encode, HLT } from './encode.ts';
import type { Choices } from './random.ts';

const [RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const [CS, GS] = [1, 5];
/** CF PF AF ZF SF OF, and DF and AC less often. */
const STATUS = 0x8d5;
const DF = 0x400;
const AC = 0x40000;
const TRIES = 200;

/** Meanings whose cases the oracle makes: every one a program of ring 3 can run without the system's help. */
const OPS = new Set(
  (
    'add or adc sbb and sub xor cmp rol ror rcl rcr shl shr sar inc dec test not neg mul imul div idiv shld shrd xadd ' +
    'adcx adox cbw cwd bt bts btr btc bsf bsr tzcnt lzcnt popcnt andn blsr blsmsk blsi bextr bzhi pext pdep mulx shlx ' +
    'sarx shrx rorx mov movzx movsx movsxd movbe bswap lea xchg nop pause cmpxchg cmpxchg8b cmpxchg16b xlat cmovcc ' +
    'setcc push pop enter leave jcc loop loope loopne jcxz call jmp ret movs cmps stos lods scas cmc clc stc cld std ' +
    'lahf sahf ud prefetch clflush clflushopt clwb pusha popa daa das aaa aas aam aad salc bound arpl ' +
    // Refused in ring 3, or nearly.
    'pushf popf cli sti hlt clts invd wbinvd in out ins outs rdmsr wrmsr movcr movdr lmsw lgdt lidt lldt ltr invlpg rsm'
  ).split(' '),
);
const STRINGS = new Set(['movs', 'cmps', 'stos', 'lods', 'scas']);
const ADDRESS_ONLY = new Set(['lea', 'nop', 'prefetch', 'ud', 'invlpg']);
const STACK = new Set(['push', 'pop', 'pushf', 'popf', 'call', 'ret', 'enter', 'pusha', 'popa']);
const DIVISIONS = new Set(['div', 'idiv']);

const general = (row: EncodingRow): boolean =>
  row.operands.every((o) => o.place !== Place.sreg && o.place !== Place.fixedSreg);

const [SIZE16, SIZE32, SIZE64] = [1, 2, 4];
function possible(row: EncodingRow, code: Mode): boolean {
  if (code === 64) {
    const never = row.sizeRule === 'd64' && row.sizeMask === SIZE32;
    return !row.invalidIn64 && !never && (row.addressMask & (SIZE32 | SIZE64)) !== 0;
  }
  return (
    !row.onlyIn64 &&
    (row.sizeMask & (SIZE16 | SIZE32)) !== 0 &&
    (row.addressMask & (SIZE16 | SIZE32)) !== 0 &&
    row.rexW !== 1
  );
}

/** Rows of the table to make cases of, on a processor with these features. */
export function oracleRows(code: Mode, features: ReadonlySet<string>): EncodingRow[] {
  const everywhere = ['', 'CMOV', 'CX8', 'SSE', 'SSE2', 'CLFSH'];
  return rows().filter(
    (row) =>
      OPS.has(row.op) &&
      row.make !== 'amd' &&
      general(row) &&
      possible(row, code) &&
      (features.has(row.feature) || everywhere.includes(row.feature)),
  );
}

export class CaseBuilder {
  private readonly choices: Choices;
  private readonly registers: bigint[] = new Array(16).fill(0n);
  private readonly fixed: boolean[] = new Array(16).fill(false);
  private readonly memory = new DataView(new ArrayBuffer(MEMORY_BYTES));
  private rflags = 2;
  private readonly code: Mode;

  constructor(code: Mode, choices: Choices) {
    this.code = code;
    this.choices = choices;
  }

  /** Writes a case of `row` at byte `at` of `to`. */
  write(row: EncodingRow, to: DataView, at: number): void {
    for (let n = 0; n < TRIES; n++) {
      const encoded = encode(row, this.code, this.choices);
      if (encoded === undefined || !this.setUp(encoded)) continue;
      const bytes = new Uint8Array(to.buffer, to.byteOffset + at, CASE.bytes);
      bytes.fill(HLT, CASE.code, CASE.end).set(encoded.bytes, CASE.code);
      bytes[CASE.end] = 0;
      const repeated = STRINGS.has(row.op) && encoded.insn.repeat !== 0;
      bytes[CASE.flags] = (repeated ? REPEATED : 0) | (this.code === 64 ? 0 : this.code === 32 ? CODE32 : CODE16);
      const width = this.code === 64 ? 64 : 32;
      this.registers.forEach((value, i) => {
        const kept = this.code !== 64 && i >= 8 ? 0n : BigInt.asUintN(width, value);
        to.setBigUint64(at + CASE.registers + 8 * i, kept, true);
      });
      to.setBigUint64(at + CASE.rflags, BigInt(this.rflags), true);
      bytes.set(new Uint8Array(this.memory.buffer), CASE.memory);
      return;
    }
    throw new Error(`no case of ${row.mnemonic} (${row.form}) could be made`);
  }

  private fix(n: number, value: bigint): boolean {
    if (this.fixed[n]) return false;
    this.fixed[n] = true;
    this.registers[n] = BigInt.asUintN(64, value);
    return true;
  }

  private setUp(encoded: Encoded): boolean {
    const { choices } = this;
    for (let n = 0; n < 16; n++) {
      this.registers[n] = choices.operand();
      this.fixed[n] = false;
    }
    for (let i = 0; i < MEMORY_BYTES; i += 8) this.memory.setBigUint64(i, choices.operand(), true);
    this.rflags = 2 | (choices.bits64() > 0n ? Number(choices.bits64() & BigInt(STATUS)) : 0);
    if (choices.oneIn(4)) this.rflags |= DF;
    if (choices.oneIn(24)) this.rflags |= AC;
    const { op } = encoded.insn.encoding;
    if (STRINGS.has(op)) return this.strings(encoded);
    if (!this.stack(encoded)) return false;
    if (op === 'xlat') return this.xlat(encoded);
    return this.memoryOperand(encoded) && this.bias(encoded);
  }

  /** A linear address for an access of `bytes` bytes; one in twelve is refused in some way. */
  private target(bytes: number, room = 0): number {
    const { choices } = this;
    if (choices.oneIn(12)) {
      // 16-bit offsets reach 64 KiB, and nothing in it but DATA is mapped.
      if (this.code === 16) return DATA + choices.pick([DATA_BYTES - 1, DATA_BYTES, -1, 0x8000]);
      return choices.pick([DATA + DATA_BYTES - 1, DATA + DATA_BYTES, READ_ONLY + 8 * choices.below(9), DATA - 1, 0x30]);
    }
    if (choices.oneIn(3)) return LAST + choices.below(LAST_BYTES - bytes + 1);
    const aligned = choices.oneIn(2) ? ~7 : -1;
    return Math.max(FIRST + room, (FIRST + room + choices.below(FIRST_BYTES - bytes - 2 * room + 1)) & aligned);
  }

  private stack({ insn }: Encoded): boolean {
    const { choices } = this;
    const { op } = insn.encoding;
    if (op === 'leave') return this.fix(RBP, this.stackOffset(this.target(8, 8)));
    if (!STACK.has(op)) return true;
    const room = op === 'enter' || op === 'pusha' || op === 'popa' ? 64 : 16;
    const far = this.code === 16 ? [DATA, DATA + DATA_BYTES] : [DATA, DATA + DATA_BYTES, READ_ONLY + 64];
    const top = choices.oneIn(12) ? choices.pick(far) : FIRST + room + choices.below(FIRST_BYTES - 2 * room);
    if (op === 'ret') {
      const index = memoryIndex(top);
      const to = choices.pick([
        BigInt(CODE),
        choices.operand(),
        choices.bits64() >> 17n,
        0x7fffffffffffn,
        0x800000000000n,
      ]);
      if (index >= 0 && index + 8 <= MEMORY_BYTES) this.memory.setBigUint64(index, to, true);
    }
    if (op === 'enter' && !this.fix(RBP, this.stackOffset(FIRST + 64 + choices.below(64)))) return false;
    return this.fix(RSP, choices.oneIn(60) && this.code !== 16 ? 1n << 63n : this.stackOffset(top));
  }

  private xlat({ insn }: Encoded): boolean {
    const al = (this.registers[RAX] as bigint) & 0xffn;
    const at = BigInt(this.target(1)) - al - this.baseOf(insn.operands.find((o) => o.kind === 'mem')?.segment ?? 0);
    return this.fix(RBX, this.widened(at, insn.addressSize));
  }

  /** A linear address as rSP: SP alone counts where SS.B = 0. */
  private stackOffset(linear: number): bigint {
    return this.code === 16 ? this.widened(BigInt(linear - BASE16), 16) : BigInt(linear);
  }
  private baseOf(segment: number): bigint {
    if (this.code === 16) return BigInt(segment === CS ? CODE & -0x1000 : BASE16);
    return this.code === 64 && segment === GS ? BigInt(GS_BASE) : 0n;
  }
  /** Random bits above an address of 32 or 16 bits. */
  private widened(at: bigint, size: number): bigint {
    const low = BigInt.asUintN(size, at);
    return size === 64 ? low : low | ((this.choices.bits64() >> BigInt(size)) << BigInt(size));
  }

  private strings({ insn }: Encoded): boolean {
    const { choices } = this;
    const size = insn.addressSize;
    const bytes = Math.max(...insn.operands.map((o) => o.bits)) / 8;
    const count = insn.repeat === 0 ? 1 : choices.below(choices.oneIn(4) ? 20 : 6);
    const down = (this.rflags & DF) !== 0;
    const segment = insn.operands.find((o): o is MemoryOperand => o.kind === 'mem' && o.base === RSI)?.segment ?? 0;
    const span = bytes * Math.max(count, 1);
    if (span > FIRST_BYTES) return false;
    // Up: the last element may run off the end of DATA; down: within the first part.
    const place = (): number => {
      if (down) return FIRST + span - bytes + choices.below(FIRST_BYTES - span + 1);
      if (choices.oneIn(6)) return LAST + choices.below(LAST_BYTES);
      return FIRST + choices.below(FIRST_BYTES - span + 1);
    };
    const refused = (): number =>
      this.code === 16 ? DATA + DATA_BYTES : choices.pick([READ_ONLY + 64, DATA + DATA_BYTES, 0x30]);
    const to = choices.oneIn(14) ? refused() : place();
    let from = choices.oneIn(14) ? refused() : place();
    // Overlapping copies repeat what they wrote.
    if (!down && choices.oneIn(4) && to - bytes >= FIRST)
      from = Math.max(FIRST, to - choices.below(3 * bytes) - (choices.oneIn(2) ? 0 : 1));
    const counter = size === 64 && choices.oneIn(30) ? BigInt(count) : this.widened(BigInt(count), size);
    const sure = insn.repeat === 0 ? true : this.fix(RCX, counter);
    return (
      sure &&
      this.fix(RSI, this.widened(BigInt(from) - this.baseOf(segment), size)) &&
      this.fix(RDI, this.widened(BigInt(to) - this.baseOf(0), size)) &&
      this.matchSome(insn.encoding.op)
    );
  }

  /** Lets comparisons of strings find equal elements. */
  private matchSome(op: string): boolean {
    const { choices, memory } = this;
    if ((op === 'cmps' || op === 'scas') && choices.oneIn(2)) {
      const fill = op === 'scas' ? (this.registers[RAX] as bigint) : choices.operand();
      for (let i = 0; i < MEMORY_BYTES; i += 8) if (!choices.oneIn(12)) memory.setBigUint64(i, fill, true);
      if (choices.oneIn(2)) {
        const byte = choices.byte();
        for (let i = 0; i < MEMORY_BYTES; i++) if (!choices.oneIn(20)) memory.setUint8(i, byte);
        if (op === 'scas') this.registers[RAX] = BigInt(byte) * 0x0101010101010101n;
      }
    }
    return true;
  }

  /** Lets the instruction's memory operand name the address it should. */
  private memoryOperand(encoded: Encoded): boolean {
    const { insn } = encoded;
    const { op } = insn.encoding;
    const operand = insn.operands.find((o): o is MemoryOperand => o.kind === 'mem');
    if (operand === undefined || ADDRESS_ONLY.has(op)) return true;
    const bytes = Math.max(operand.bits / 8, 1);
    const shift = this.bitString(encoded);
    if (shift === undefined) return false;
    let linear = this.target(bytes);
    if (op === 'cmpxchg16b' && !this.choices.oneIn(8)) linear &= ~15;
    // Flat 16-bit addresses reach nothing that is mapped, and fault.
    if (insn.addressSize === 16 && this.code !== 16) return true;
    const wanted = BigInt(linear - shift) - this.baseOf(operand.segment);
    return this.point(encoded, operand, wanted, linear, bytes);
  }

  private point(encoded: Encoded, operand: MemoryOperand, wanted: bigint, linear: number, bytes: number): boolean {
    const { insn } = encoded;
    const disp = (BigInt(operand.dispHigh) << 32n) + BigInt(operand.disp >>> 0);
    const { base, index } = operand;
    const scaled = index === NO_REGISTER ? 0n : (this.registers[index] as bigint) << BigInt(operand.scale);
    if (base === RIP_RELATIVE) return patch(encoded, wanted - BigInt(startOf(this.code) + insn.length));
    if (base === NO_REGISTER) {
      if (index === NO_REGISTER) return patch(encoded, wanted);
      if (this.fixed[index]) return false;
      const rest = wanted - disp;
      if ((rest & ((1n << BigInt(operand.scale)) - 1n)) !== 0n) return false;
      return this.fix(index, this.scaledBack(rest, operand.scale, insn.addressSize));
    }
    if (base === index) {
      const factor = 1n + (1n << BigInt(operand.scale));
      const rest = BigInt.asUintN(insn.addressSize, wanted - disp);
      return rest % factor === 0n && this.fix(base, rest / factor);
    }
    if (!this.fixed[base]) {
      if (index !== NO_REGISTER) this.fixed[index] = true;
      return this.fix(base, this.widened(wanted - disp - scaled, insn.addressSize));
    }
    // Say PUSH or POP of [RSP+...]: fine if it happens to stay inside, or far outside.
    const moved = insn.encoding.op === 'pop' && base === RSP ? BigInt(insn.operandSize / 8) : 0n;
    const at =
      Number(BigInt.asUintN(insn.addressSize, (this.registers[base] as bigint) + moved + disp + scaled)) +
      Number(this.baseOf(operand.segment));
    return memoryIndex(at) >= 0 && memoryIndex(at + bytes - 1) === memoryIndex(at) + bytes - 1 && linear > 0;
  }

  private scaledBack(rest: bigint, scale: number, size: number): bigint {
    const low = BigInt.asUintN(size, rest) >> BigInt(scale);
    const spare = BigInt(size - scale);
    return low | ((this.choices.bits64() >> spare) << spare);
  }

  /** For a bit string: fixes the bit offset and returns how many bytes it adds to the address. */
  private bitString({ insn }: Encoded): number | undefined {
    const [string, offset] = insn.operands;
    if (string?.kind !== 'mem' || offset?.kind !== 'reg' || !/^bt[src]?$/.test(insn.encoding.op)) return 0;
    const { bits } = offset;
    const value = this.choices.oneIn(2) ? this.choices.below(bits) : this.choices.below(2000) - 1000;
    const random = this.choices.bits64();
    const whole =
      bits === 64 ? BigInt(value) : ((random >> BigInt(bits)) << BigInt(bits)) | BigInt.asUintN(bits, BigInt(value));
    if (!this.fix(offset.index, whole)) return undefined;
    return Math.floor(value / bits) * (bits / 8);
  }

  /** Makes rare outcomes as likely as common ones. */
  private bias({ insn }: Encoded): boolean {
    const { choices, registers } = this;
    const { op } = insn.encoding;
    const set = (n: number, value: bigint): void => {
      if (!this.fixed[n]) registers[n] = BigInt.asUintN(64, value);
    };
    if (DIVISIONS.has(op) && !choices.oneIn(6)) {
      const kind = choices.below(4);
      if (kind === 0) set(RDX, 0n);
      else if (kind === 1) set(RDX, BigInt.asIntN(64, registers[RAX] as bigint) >> 63n);
      else if (kind === 2) set(RDX, choices.operand() >> BigInt(choices.below(64)));
      else set(RAX, (registers[RAX] as bigint) & 0xfffn);
    }
    if (/^cmpxchg(8b|16b)?$/.test(op) && choices.oneIn(2)) this.matchAccumulator();
    if (/^(loop|jcxz)/.test(op)) set(RCX, BigInt(choices.below(3)) | (choices.oneIn(2) ? 0n : choices.bits64() << 32n));
    if (op === 'bound' && choices.oneIn(2)) {
      const n = insn.operands[0]?.kind === 'reg' ? insn.operands[0].index : 0;
      set(n, BigInt(choices.below(4)));
    }
    return true;
  }

  /** Fills memory with what CMPXCHG compares. */
  private matchAccumulator(): void {
    const low = this.registers[RAX] as bigint;
    const high = this.registers[RDX] as bigint;
    const wide = this.choices.oneIn(2);
    for (let i = 0; i < MEMORY_BYTES; i += 8) {
      if (wide) this.memory.setBigUint64(i, (i & 8) === 0 ? low : high, true);
      else this.memory.setBigUint64(i, (low & 0xffffffffn) | (high << 32n), true);
    }
    for (let n = 0; n < 16; n++)
      if (!this.fixed[n] && n !== RAX && n !== RDX && this.choices.oneIn(4)) this.registers[n] = low;
  }
}

/** Writes a 32-bit displacement, or the offset of a MOV moffs, into the instruction. */
function patch({ bytes, insn, afterOpcode }: Encoded, value: bigint): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const { hasModrm } = insn.encoding;
  if (insn.addressSize === 16) {
    view.setUint16(afterOpcode + (hasModrm ? 1 : 0), Number(BigInt.asUintN(16, value)), true);
    return true;
  }
  if (!hasModrm) {
    if (insn.addressSize === 64) view.setBigUint64(afterOpcode, BigInt.asUintN(64, value), true);
    else view.setUint32(afterOpcode, Number(BigInt.asUintN(32, value)), true);
    return true;
  }
  const sib = (view.getUint8(afterOpcode) & 7) === 4;
  view.setInt32(afterOpcode + (sib ? 2 : 1), Number(BigInt.asIntN(32, value)), true);
  return true;
}
