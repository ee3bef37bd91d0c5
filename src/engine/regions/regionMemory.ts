/** Memory as a region's instructions address it: operands and the stack, through spans that are open or a look each. */
import * as x from '../../cpu/language/expr.ts';
import type { Size, Val } from '../../cpu/language/expr.ts';
import { type FloatBits, floatLoad } from '../../cpu/language/floats.ts';
import type { Value, VectorValue } from '../../cpu/language/semantics.ts';
import { S, SEG, segmentOffset } from '../../cpu/layout.ts';
import { type Instruction, type MemoryOperand, NO_REGISTER, RIP_RELATIVE } from '../../isa/instruction.ts';
import { vectorOnly } from '../interpreter/values.ts';
import type { Func, Label } from '../wasm/func.ts';
import type { Span } from './accessSpans.ts';
import type { Step } from './block.ts';
import { MemoryAccess } from './memoryAccess.ts';
import { type HostAddress, OpenSpans } from './openSpans.ts';
import { groupOf, STACK } from './pageGroups.ts';
import type { VectorRegisters } from './vectorRegisters.ts';

const RSP = 4;
const FIRST_SEGMENT_WITH_BASE = 4;

/** The region around. */
interface Around {
  readonly f: Func;
  /** RIP of offset 0 of the page the region begins in. */
  readonly base: Val;
  readonly vectors: VectorRegisters;
  register(n: number): Val;
  /** A local of what stands at an offset of the state block. */
  state(ty: 'i32' | 'i64', offset: number): Val;
  /** The step that is compiled. */
  step(): Step;
  /** Leaves the region before that step. */
  leaveIf(when: Val): void;
}

export class RegionMemory {
  private readonly f: Func;
  private readonly around: Around;
  private readonly accesses: MemoryAccess;
  private readonly spans: OpenSpans;

  /** `pageGroups`: accesses that note the page they went to last. */
  constructor(
    around: Around,
    { slot, pageGroups }: { readonly slot: number; readonly pageGroups: ReadonlySet<string> },
  ) {
    this.around = around;
    this.f = around.f;
    this.spans = new OpenSpans(this.f);
    const leaveIf = (when: Val): void => around.leaveIf(when);
    this.accesses = new MemoryAccess(this.f, around.state('i32', S.tlb), slot, pageGroups, leaveIf);
  }
  prologue(): void {
    this.accesses.prologue();
  }

  /** A memory operand as wide as an XMM register. */
  vector(insn: Instruction, operand: MemoryOperand): Value {
    const { f } = this;
    const host = (write: boolean, aligned: boolean): HostAddress => {
      const known = this.spans.find(operand, 16, write);
      if (known !== undefined) {
        if (aligned && this.spans.firstAligned(known))
          this.around.leaveIf(x.and(x.add(known.at, x.i32(known.offset)), x.i32(15)));
        return known;
      }
      const at = f.let(this.linear(insn, operand));
      if (aligned) this.around.leaveIf(x.and(x.wrap(at), x.i32(15)));
      return this.look(128, at, write, operand, aligned);
    };
    const onlyWhole = (): never => {
      throw new Error('memory has another width');
    };
    const vector: VectorValue = {
      register: false,
      read: (aligned) => {
        const { at, offset } = host(false, aligned);
        return f.let(x.vectorLoad(128, at, offset));
      },
      write: (v, aligned) => {
        const { at, offset } = host(true, aligned);
        f.storeVector(128, at, v, offset);
      },
      readLow: onlyWhole,
      readFloat: onlyWhole,
      writeFloat: onlyWhole,
      writeFloatAlone: onlyWhole,
      writeHigh: onlyWhole,
    };
    return vectorOnly('mem', vector);
  }

  private effective(insn: Instruction, { base, index, scale, disp, dispHigh }: MemoryOperand): Val {
    const parts: Val[] = [];
    let constant = (BigInt(dispHigh) << 32n) | BigInt(disp >>> 0);
    if (base === RIP_RELATIVE) {
      parts.push(this.around.base);
      constant += BigInt(this.around.step().place + insn.length);
    } else if (base !== NO_REGISTER) parts.push(this.around.register(base));
    if (index !== NO_REGISTER) parts.push(x.shl(this.around.register(index), x.i64(BigInt(scale))));
    const sum = parts.length === 0 ? x.i64(constant) : x.add(parts.reduce(x.add), x.i64(constant));
    return insn.addressSize === 64 ? sum : x.and(sum, x.i64(0xffffffffn));
  }
  private linear(insn: Instruction, operand: MemoryOperand): Val {
    const { segment } = operand;
    const ea = this.effective(insn, operand);
    // Only FS and GS have a base in 64-bit mode (SDM vol. 3A, 3.4.4).
    if (segment < FIRST_SEGMENT_WITH_BASE) return ea;
    return x.add(ea, this.around.state('i64', segmentOffset(segment) + SEG.base));
  }
  /** A memory operand. */
  value(insn: Instruction, operand: MemoryOperand, size: Size): Value {
    const { f } = this;
    const host = (write: boolean): HostAddress =>
      this.spans.find(operand, size / 8, write) ?? this.look(size, this.linear(insn, operand), write, operand);
    return {
      kind: 'mem',
      size,
      address: () => f.let(this.effective(insn, operand)),
      read: () => {
        const { at, offset } = host(false);
        return f.let(x.hostLoad(size, at, offset));
      },
      write: (v) => {
        const { at, offset } = host(true);
        f.store(size, at, v, offset);
      },
      update: (fn) => {
        const { at, offset } = host(true);
        f.store(size, at, fn(f.let(x.hostLoad(size, at, offset))), offset);
      },
      ...(size >= 32 && { float: this.floatMemory(size === 64 ? 64 : 32, host) }),
    };
  }
  private floatMemory(size: FloatBits, host: (write: boolean) => HostAddress): NonNullable<Value['float']> {
    const { f } = this;
    return {
      read: () => {
        const { at, offset } = host(false);
        const v = f.let(floatLoad(size, at, offset));
        this.around.vectors.readFrom(v, at, offset);
        return v;
      },
      write: (v) => {
        const { at, offset } = host(true);
        f.storeFloat(at, v, offset);
      },
    };
  }
  private look(size: Size | 128, at: Val, write: boolean, operand?: MemoryOperand, aligned = false): HostAddress {
    const group = operand === undefined ? STACK : groupOf(this.around.step(), operand);
    return { at: this.accesses.host(size, at, write, group, aligned), offset: 0 };
  }
  /** Where an access to the stack goes, at a stack pointer. */
  onStack(size: Size, at: Val, write: boolean): HostAddress {
    return this.spans.find(this.around.step(), size / 8, write) ?? this.look(size, at, write);
  }

  /** From here to `closeSpans` accesses of these spans need no look at where they go; `other`: they do. */
  openSpans(spans: readonly Span[], other: Label): void {
    this.spans.open(spans, (span, to) => {
      const { through, from } = span;
      const away = x.i64(BigInt(from));
      const pointer = through === undefined ? this.around.register(RSP) : this.pointed(through);
      this.accesses.span(to, pointer === undefined ? away : x.add(pointer, away), span, other);
    });
    this.f.releaseTemps();
  }
  closeSpans(): void {
    this.spans.close();
  }
  /** Where a memory operand's registers point. */
  private pointed({ base, index, scale, segment }: MemoryOperand): Val | undefined {
    const parts: Val[] = [];
    if (base !== NO_REGISTER) parts.push(base === RIP_RELATIVE ? this.around.base : this.around.register(base));
    if (index !== NO_REGISTER) parts.push(x.shl(this.around.register(index), x.i64(BigInt(scale))));
    if (segment >= FIRST_SEGMENT_WITH_BASE) parts.push(this.around.state('i64', segmentOffset(segment) + SEG.base));
    return parts.length === 0 ? undefined : parts.reduce(x.add);
  }
}
