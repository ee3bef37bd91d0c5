import type { CodeSize } from '../../isa/instruction.ts';
import type { EncodingRow } from '../../isa/table/index.ts';
import { bitsOf, type OperandSpec, Place, Width } from '../../isa/table/operandSpec.ts';
import { writeInteger } from '../object/byteBuffer.ts';
import { constantOf, fixedDistance } from '../expression/evaluate.ts';
import type { Expression } from '../expression/expression.ts';
import type { FixupKind } from '../object/section.ts';
import { StatementError } from '../problem.ts';
import type { EncodedInstruction, InstructionFixup, ShortOrNear, WrittenPrefixes } from './encoded.ts';
import { type Match, registerExtends } from './match.ts';
import { needs66, needsW } from './sizes.ts';
import { type AddressBytes, addressBytes, addressSize, defaultSegment } from './memory.ts';
import type { AssemblerOperand, Immediate, Memory, RegisterRead } from './operand.ts';
import { needsRex, SEGMENT_PREFIXES } from './registers.ts';

const MANDATORY: Readonly<Record<number, number>> = { 2: 0x66, 4: 0xf3, 8: 0xf2 };
const ESCAPES: readonly (readonly number[])[] = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];
/** Memory operands a linker may turn into the address itself when they name a GOT entry (System V ABI, B.2). */
const GOT_OPCODES: ReadonlySet<number> = new Set([0x8b, 0x85, 0x03, 0x0b, 0x13, 0x1b, 0x23, 0x2b, 0x33, 0x3b]);

export function emit(match: Match, written: WrittenPrefixes, mode: CodeSize): EncodedInstruction {
  return new Emitter(match, written, mode).run();
}

class Emitter {
  private readonly bytes: number[] = [];
  private readonly fixups: InstructionFixup[] = [];
  private readonly warnings: string[] = [];
  private readonly row: EncodingRow;
  private readonly match: Match;
  private readonly written: WrittenPrefixes;
  private readonly mode: CodeSize;
  private rex = 0;
  private forbidsRex: RegisterRead | null = null;
  private memory: Memory | null = null;
  private reg = 0;
  private rm = -1;
  private vvvv = 0;
  private opcodeLow = 0;

  constructor(match: Match, written: WrittenPrefixes, mode: CodeSize) {
    this.match = match;
    this.row = match.row;
    this.written = written;
    this.mode = mode;
    this.rex = written.rex;
  }

  run(): EncodedInstruction {
    const { row, match } = this;
    match.operands.forEach((operand, n) => {
      const spec = row.operands[n];
      if (spec !== undefined) this.place(spec, operand);
    });
    if (row.digit >= 0 && row.digit !== 8) this.reg = row.digit | (this.reg & 8);
    const branch = this.relaxable();
    const address = this.memory === null ? null : this.address(this.memory);
    this.prefixes(address);
    if (branch !== null) {
      return { bytes: [], fixups: [], branch: { ...branch, prefixes: [...this.bytes] }, warnings: this.warnings };
    }
    if (row.vex !== null) this.vex();
    else this.opcode();
    this.bytes.push(row.opcode | this.opcodeLow);
    if (row.hasModrm) this.modrm(address);
    match.operands.forEach((operand, n) => {
      const spec = row.operands[n];
      if (spec !== undefined) this.trailing(spec, operand);
    });
    if (this.bytes.length > 15)
      throw new StatementError(`${row.mnemonic} would be ${this.bytes.length} bytes long; 15 is the most`);
    if (match.guessed) {
      this.warnings.push(`nothing tells the size of the operand: ${match.size} bits taken, as GNU as does`);
    }
    return { bytes: this.bytes, fixups: this.fixups, branch: null, warnings: this.warnings };
  }

  /** Puts an operand into the ModRM, VEX or opcode field that holds it. */
  private place(spec: OperandSpec, operand: AssemblerOperand): void {
    if (operand.kind === 'mem') {
      if (spec.place === Place.relative || spec.place === Place.gpr) return;
      this.memory = operand;
      return;
    }
    if (operand.kind !== 'reg') return;
    if (operand.high) this.forbidsRex = operand;
    if (needsRex(operand)) this.rex |= 0x40;
    const high = registerExtends(operand) && operand.index >= 8;
    switch (spec.place) {
      case Place.rm:
      case Place.mmxRm:
      case Place.xmmRm:
        this.rm = operand.index & 7;
        if (high) this.rex |= 0x41;
        return;
      case Place.sti:
        this.opcodeLow = -1;
        this.rm = operand.index;
        return;
      case Place.reg:
      case Place.mmxReg:
      case Place.xmmReg:
      case Place.debug:
        this.reg = operand.index & 7;
        if (high) this.rex |= 0x44;
        return;
      case Place.control:
        if (high) this.rex |= 0x44;
        return;
      case Place.sreg:
        this.reg = operand.index;
        return;
      case Place.vvvv:
        this.vvvv = operand.index;
        return;
      case Place.opcode:
        this.opcodeLow = operand.index & 7;
        if (high) this.rex |= 0x41;
        return;
      default:
        return;
    }
  }

  /** JMP rel8/rel32 and Jcc are relaxed; so their form is not decided here. */
  private relaxable(): ShortOrNear | null {
    const { row, match, mode } = this;
    const target = match.operands[0];
    if ((row.op !== 'jmp' && row.op !== 'jcc') || row.operands[0]?.place !== Place.relative || target?.kind !== 'mem')
      return null;
    const wide = (mode === 64 || match.size === 32) !== (this.written.data && (this.rex & 8) === 0);
    return {
      prefixes: [],
      short: row.op === 'jmp' ? 0xeb : 0x70 + row.condition,
      near: row.op === 'jmp' ? [0xe9] : [0x0f, 0x80 + row.condition],
      nearSize: wide && !(mode === 64 && match.size === 16) ? 4 : 2,
      target: target.displacement ?? { kind: 'constant', value: 0n },
      specifier: target.specifier,
    };
  }

  private address(memory: Memory): AddressBytes {
    const { row } = this;
    if (this.isHidden(memory)) return { modrm: 0, rex: 0, rest: [], fixup: null, size: addressSize(memory, this.mode) };
    if (row.operands.some((spec) => spec.place === Place.moffs)) {
      return {
        modrm: 0,
        rex: 0,
        rest: [],
        fixup: null,
        size: this.written.address ? this.otherAddressSize() : this.mode,
      };
    }
    return addressBytes(memory, this.mode, this.written.address);
  }

  private otherAddressSize(): CodeSize {
    return this.mode === 32 ? 16 : 32;
  }

  /** String operands are only prefixes. */
  private isHidden(memory: Memory): boolean {
    return !this.row.hasModrm && memory.base !== null;
  }

  private prefixes(address: AddressBytes | null): void {
    const { row, match, written, bytes, mode } = this;
    this.dropPrefixes();
    let segment = written.segment;
    for (const operand of match.operands) {
      if (operand.kind === 'mem' && operand.segment >= 0 && !this.isPort(operand)) {
        if (operand.segment !== defaultSegment(operand) && !this.isDestination(operand)) segment = operand.segment;
      }
    }
    if (written.wait) bytes.push(0x9b);
    if (segment >= 0) bytes.push(SEGMENT_PREFIXES[segment] ?? 0);
    const loop = row.addressMask === 7 ? 0 : row.addressMask << 4;
    const wanted = loop !== 0 ? loop : (address?.size ?? mode);
    if (wanted !== mode || (written.address && (address === null || loop !== 0))) bytes.push(0x67);
    const mandatory = row.vex === null ? (MANDATORY[row.prefixMask] ?? 0) : 0;
    if (needs66(row, match.size, mode) || mandatory === 0x66 || written.data) bytes.push(0x66);
    if (mandatory === 0xf3 || mandatory === 0xf2) bytes.push(mandatory);
    if (written.repeat !== 0 && written.repeat !== mandatory) bytes.push(written.repeat);
    if (written.lock) bytes.push(0xf0);
    if (this.needsRexW()) this.rex |= 0x48;
    this.rex |= address?.rex ?? 0;
    if (this.rex !== 0 && row.vex === null) {
      this.checkRex();
      bytes.push(this.rex | 0x40);
    }
  }

  /** Direct branches keep only branch hints, and LOOP and JCXZ their address size; GNU as skips the rest. */
  private dropPrefixes(): void {
    const { row, written } = this;
    if (row.operands[0]?.place !== Place.relative) return;
    const counts = row.op.startsWith('loop') || row.op === 'jcxz';
    const hinted = counts || row.op === 'jcc' || row.op === 'jmp';
    if (!hinted || (written.segment !== 1 && written.segment !== 3)) written.segment = -1;
    if (!counts) written.address = false;
  }

  private isPort(memory: Memory): boolean {
    return memory.base?.index === 2 && memory.base.bits === 16;
  }

  private isDestination(memory: Memory): boolean {
    return this.row.operands.some((spec, n) => spec.place === Place.destination && this.match.operands[n] === memory);
  }

  private needsRexW(): boolean {
    const { row, match, mode } = this;
    if (!needsW(row, match.size, mode)) return false;
    // XCHG RAX,RAX is NOP, and MOV Sreg ignores the upper bits.
    if (
      row.mnemonic === 'xchg' &&
      row.opcode === 0x90 &&
      match.operands.every((o) => o.kind === 'reg' && o.index === 0)
    )
      return false;
    return !(row.map === 0 && row.opcode === 0x8c);
  }

  private checkRex(): void {
    if (this.mode !== 64) {
      throw new StatementError(
        `${this.row.mnemonic}: an operand exists only in 64-bit mode`,
        -1,
        1,
        'Put .code64 before 64-bit code.',
      );
    }
    const high = this.forbidsRex;
    if (high !== null) {
      throw new StatementError(
        `%${high.name} cannot be used in an instruction with a REX prefix`,
        high.at,
        high.length,
        'Use AL, BL, CL or DL, or registers that need no REX on the other side.',
      );
    }
  }

  private opcode(): void {
    this.bytes.push(...(ESCAPES[this.row.map] ?? []));
    if (this.opcodeLow === -1) this.opcodeLow = 0;
  }

  private vex(): void {
    const { row, rex, bytes, match } = this;
    const fields = row.vex;
    if (fields === null) return;
    const w = fields.w === 1 || (fields.w === 'ignored' && match.size === 64) ? 1 : 0;
    const map = row.map - 3;
    const prefix = { 1: 0, 2: 1, 4: 2, 8: 3 }[row.prefixMask] ?? 0;
    const last = ((~this.vvvv & 15) << 3) | prefix;
    const r = (rex & 4) === 0 ? 0x80 : 0;
    if (map === 1 && w === 0 && (rex & 3) === 0) bytes.push(0xc5, r | last);
    else {
      const x = (rex & 2) === 0 ? 0x40 : 0;
      const b = (rex & 1) === 0 ? 0x20 : 0;
      bytes.push(0xc4, r | x | b | map, (w << 7) | last);
    }
  }

  private modrm(address: AddressBytes | null): void {
    const { row, bytes } = this;
    if (row.modrm >= 0) {
      bytes.push(row.modrm);
      return;
    }
    if (address === null || this.rm >= 0) {
      // IMUL's two-operand form with an immediate and the like name one register twice.
      bytes.push(0xc0 | ((this.reg & 7) << 3) | (this.rm < 0 ? this.fixedRm() : this.rm));
      return;
    }
    bytes.push(address.modrm | ((this.reg & 7) << 3));
    bytes.push(...address.rest);
    const { fixup } = address;
    if (fixup === null) return;
    const got = fixup.specifier === 'gotpcrel' && this.isGotForm();
    this.fixups.push({
      at: bytes.length - fixup.size,
      size: fixup.size,
      value: fixup.value,
      specifier: fixup.specifier,
      relative: fixup.relative,
      kind: got ? (this.rex === 0 ? 'got' : 'gotRex') : fixup.signed ? 'signed' : 'data',
    });
  }

  private fixedRm(): number {
    return 0;
  }

  private isGotForm(): boolean {
    const { row } = this;
    if (row.map !== 0) return false;
    return GOT_OPCODES.has(row.opcode) || (row.opcode === 0xff && (row.digit === 2 || row.digit === 4));
  }

  /** Immediates, relative targets and direct addresses, in the row's order. */
  private trailing(spec: OperandSpec, operand: AssemblerOperand): void {
    const { match, mode } = this;
    const bits = bitsOf(spec.width, match.size, mode === 64);
    switch (spec.place) {
      case Place.immediate:
      case Place.signedImmediate:
        if (operand.kind === 'imm') this.immediate(operand, (spec.place === Place.immediate ? bits : 8) >> 3);
        return;
      case Place.relative:
        if (operand.kind === 'mem') {
          const narrow = (match.size === 16) !== (this.written.data && (this.rex & 8) === 0);
          const size = spec.width === Width.b ? 1 : narrow ? 2 : 4;
          this.field(size, operand.displacement, operand.specifier, true, size === 1 ? 'data' : 'branch');
        }
        return;
      case Place.far:
        if (operand.kind === 'far') {
          this.immediate(operand.offset, match.size === 16 ? 2 : 4);
          this.immediate(operand.selector, 2);
        }
        return;
      case Place.moffs:
        if (operand.kind === 'mem') {
          const size = (this.written.address ? this.otherAddressSize() : mode) >> 3;
          this.field(size as 2 | 4 | 8, operand.displacement, operand.specifier, false, 'data');
        }
        return;
      default:
        return;
    }
  }

  private immediate(operand: Immediate, bytes: number): void {
    const signed = bytes === 4 && this.match.size === 64;
    this.field(bytes as 1 | 2 | 4 | 8, operand.expression, operand.specifier, false, signed ? 'signed' : 'data');
  }

  private field(
    size: 1 | 2 | 4 | 8,
    value: Expression | null,
    specifier: string,
    relative: boolean,
    kind: FixupKind,
  ): void {
    const at = this.bytes.length;
    for (let n = 0; n < size; n++) this.bytes.push(0);
    if (value === null) return;
    const known = specifier === '' && !relative ? constantOf(value, fixedDistance) : null;
    if (known === null) {
      this.fixups.push({ at, size, value, specifier, relative, kind });
      return;
    }
    const bits = BigInt(size * 8);
    if (
      size < 8 &&
      (known < -(1n << (bits - 1n)) || known >= 1n << bits) &&
      BigInt.asIntN(64, known) !== BigInt.asIntN(Number(bits), known)
    ) {
      this.warnings.push(`${known} does not fit ${size * 8} bits and is cut`);
    }
    const buffer = new Uint8Array(size);
    writeInteger(buffer, 0, known, size);
    for (let n = 0; n < size; n++) this.bytes[at + n] = buffer[n] ?? 0;
  }
}
