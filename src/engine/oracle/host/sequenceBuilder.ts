/**
 * Cases of a few instructions between registers, so that flags pass from one to the next and pairs are fused: the
 * conditional ones read what another has left, and a short jump may skip one.
 */
import type { EncodingRow } from '../../../isa/table/encodingRow.ts';
import { CASE, CODE16, CODE32, CODE_BYTES, type Mode } from './caseLayout.ts';
import { encode, HLT } from './encode.ts';
import type { Choices } from './random.ts';

const FLAG_SETTERS = new Set('cmp test sub add dec inc neg and or xor shl shr sar adc sbb'.split(' '));
const FLAG_READERS = new Set('setcc cmovcc adc sbb rcl rcr cmc lahf adcx adox inc dec salc'.split(' '));
/** What needs memory, goes elsewhere, or is refused in ring 3. */
const UNSUITABLE =
  /^(push.*|pop|popf|popa|call|ret|enter|leave|xlat|lods|stos|movs|cmps|scas|ins?|outs?|j.*|loop.*|cli|sti|hlt|clts|w?b?invd|rdmsr|wrmsr|mov[cd]r|lmsw|l[gil]dt|ltr|invlpg|rsm|ud)$/;
const STATUS = 0x8d5;
const TRIES = 100;

export class SequenceBuilder {
  private readonly choices: Choices;
  private readonly mode: Mode;
  private readonly any: readonly EncodingRow[];
  private readonly setters: readonly EncodingRow[];
  private readonly readers: readonly EncodingRow[];

  constructor(mode: Mode, rows: readonly EncodingRow[], choices: Choices) {
    this.mode = mode;
    this.choices = choices;
    this.any = rows.filter((row) => !UNSUITABLE.test(row.op));
    this.setters = this.any.filter((row) => FLAG_SETTERS.has(row.op));
    this.readers = this.any.filter((row) => FLAG_READERS.has(row.op));
  }

  /** Writes a case at byte `at` of `to`. */
  write(to: DataView, at: number): void {
    const { choices } = this;
    const code: number[] = [];
    if (choices.oneIn(2)) this.append(code, this.any);
    this.append(code, this.setters);
    if (choices.oneIn(3)) this.append(code, choices.oneIn(2) ? this.readers : this.any);
    if (choices.oneIn(2)) this.appendJump(code);
    else this.append(code, this.readers);

    const bytes = new Uint8Array(to.buffer, to.byteOffset + at, CASE.bytes);
    bytes.fill(HLT, 0, CODE_BYTES).set(code);
    bytes[CASE.end] = code.length;
    bytes[CASE.flags] = this.mode === 64 ? 0 : this.mode === 32 ? CODE32 : CODE16;
    bytes.fill(0, CASE.memory, CASE.bytes);
    for (let n = 0; n < 16; n++) {
      const value = this.mode === 64 ? choices.operand() : n < 8 ? BigInt.asUintN(32, choices.operand()) : 0n;
      to.setBigUint64(at + CASE.registers + 8 * n, value, true);
    }
    // Comparisons of equals are as likely as others.
    if (choices.oneIn(2)) {
      const same = to.getBigUint64(at + CASE.registers, true);
      for (let n = 1; n < (this.mode === 64 ? 16 : 8); n++) {
        if (choices.oneIn(2)) to.setBigUint64(at + CASE.registers + 8 * n, same, true);
      }
    }
    to.setBigUint64(at + CASE.rflags, (choices.bits64() & BigInt(STATUS)) | 2n, true);
  }

  private append(code: number[], rows: readonly EncodingRow[]): void {
    for (let n = 0; n < TRIES; n++) {
      const encoded = encode(this.choices.pick(rows), this.mode, this.choices);
      if (encoded === undefined || encoded.insn.operands.some((o) => o.kind === 'mem')) continue;
      if (code.length + encoded.insn.length > CODE_BYTES - 1) continue;
      code.push(...encoded.bytes.subarray(0, encoded.insn.length));
      return;
    }
  }

  /** A conditional jump over one more instruction. */
  private appendJump(code: number[]): void {
    const skipped: number[] = [];
    this.append(skipped, this.setters);
    if (code.length + 2 + skipped.length > CODE_BYTES - 1) return;
    code.push(0x70 | this.choices.below(16), skipped.length, ...skipped);
  }
}
