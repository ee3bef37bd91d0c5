/** Packing, unpacking, shuffling, blending, widening, inserting and extracting (SDM vol. 2). */
import { CF, ZF } from '../language/flags.ts';
import { highOf, lowOf } from '../cpu.ts';
import { Access, Outcome, S } from '../layout.ts';
import { checkedLinear, operandAt, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { packed } from './packed.ts';
import { A, B, finishMmx, hostOf, immediate, isMmx, isRegister, memoryHost, R, xmmHost } from './vectorOperands.ts';
import { enterMmx } from './x87State.ts';

const clamp = (v: number, low: number, high: number): number => (v < low ? low : v > high ? high : v);

function pack16(op: string, low: number, high: number): void {
  packed(op, (bytes) => {
    const half = bytes / 2;
    for (let i = 0; i < half; i++) {
      R.u8[i] = clamp(A.i16[i] as number, low, high);
      R.u8[half + i] = clamp(B.i16[i] as number, low, high);
    }
  });
}
function pack32(op: string, low: number, high: number): void {
  packed(op, (bytes) => {
    const half = bytes / 4;
    for (let i = 0; i < half; i++) {
      R.u16[i] = clamp(A.i32[i] as number, low, high);
      R.u16[half + i] = clamp(B.i32[i] as number, low, high);
    }
  });
}
pack16('packsswb', -0x80, 0x7f);
pack16('packuswb', 0, 0xff);
pack32('packssdw', -0x8000, 0x7fff);
pack32('packusdw', 0, 0xffff);

/** Interleaves lanes of `width` bytes of the low (`high` = 0) or high halves. */
function unpack(op: string, width: number, high: 0 | 1): void {
  packed(op, (bytes) => {
    const from = high * (bytes / 2);
    for (let i = 0; i < bytes / 2; i++) {
      const to = 2 * (i - (i % width)) + (i % width);
      R.u8[to] = A.u8[from + i] as number;
      R.u8[to + width] = B.u8[from + i] as number;
    }
  });
}
for (const [name, width] of [
  ['bw', 1],
  ['wd', 2],
  ['dq', 4],
  ['qdq', 8],
] as const) {
  unpack(`punpckl${name}`, width, 0);
  unpack(`punpckh${name}`, width, 1);
}
unpack('unpcklps', 4, 0);
unpack('unpckhps', 4, 1);
unpack('unpcklpd', 8, 0);
unpack('unpckhpd', 8, 1);

packed('pshufb', (bytes) => {
  for (let i = 0; i < bytes; i++) {
    const at = B.u8[i] as number;
    R.u8[i] = at > 127 ? 0 : (A.u8[at & (bytes - 1)] as number);
  }
});
packed('pshufd', (_bytes, imm) => {
  for (let i = 0; i < 4; i++) R.u32[i] = B.u32[(imm >> (2 * i)) & 3] as number;
});
packed('pshufw', (_bytes, imm) => {
  for (let i = 0; i < 4; i++) R.u16[i] = B.u16[(imm >> (2 * i)) & 3] as number;
});
packed('pshuflw', (_bytes, imm) => {
  R.u8.set(B.u8);
  for (let i = 0; i < 4; i++) R.u16[i] = B.u16[(imm >> (2 * i)) & 3] as number;
});
packed('pshufhw', (_bytes, imm) => {
  R.u8.set(B.u8);
  for (let i = 0; i < 4; i++) R.u16[4 + i] = B.u16[4 + ((imm >> (2 * i)) & 3)] as number;
});
packed('shufps', (_bytes, imm) => {
  for (let i = 0; i < 4; i++) R.u32[i] = (i < 2 ? A : B).u32[(imm >> (2 * i)) & 3] as number;
});
packed('shufpd', (_bytes, imm) => {
  R.u64[0] = A.u64[imm & 1] as bigint;
  R.u64[1] = B.u64[(imm >> 1) & 1] as bigint;
});
packed('palignr', (bytes, imm) => {
  for (let i = 0; i < bytes; i++) {
    const at = i + imm;
    R.u8[i] = at < bytes ? (B.u8[at] as number) : at < 2 * bytes ? (A.u8[at - bytes] as number) : 0;
  }
});

/** Lanes of `width` bytes from the source where `chosen`. */
function blend(op: string, width: number, chosen: (lane: number, imm: number) => boolean): void {
  packed(op, (_bytes, imm) => {
    for (let i = 0; i < 16; i++) {
      const lane = (i - (i % width)) / width;
      R.u8[i] = (chosen(lane, imm) ? B : A).u8[i] as number;
    }
  });
}
const byImmediate = (lane: number, imm: number): boolean => ((imm >> lane) & 1) !== 0;
blend('blendps', 4, byImmediate);
blend('blendpd', 8, byImmediate);
blend('pblendw', 2, byImmediate);

/** The same, by the sign of each lane of XMM0. */
function variableBlend(op: string, width: number): void {
  routine(op, (cpu, insn) => {
    const to = hostOf(cpu, insn, 0, 16);
    B.load(cpu, hostOf(cpu, insn, 1, 16), 16);
    A.load(cpu, xmmHost(0), 16);
    for (let i = 0; i < 16; i++) {
      const top = i - (i % width) + width - 1;
      if ((A.u8[top] as number) > 127) cpu.bytes[to + i] = B.u8[i] as number;
    }
    return Outcome.next;
  });
}
variableBlend('pblendvb', 1);
variableBlend('blendvps', 4);
variableBlend('blendvpd', 8);

for (const signed of [true, false]) {
  const name = signed ? 'pmovsx' : 'pmovzx';
  const widen = (op: string, count: number, from: 'b' | 'w' | 'd', put: (i: number, v: number) => void): void =>
    packed(`${name}${op}`, () => {
      const lanes = { b: signed ? B.i8 : B.u8, w: signed ? B.i16 : B.u16, d: signed ? B.i32 : B.u32 }[from];
      for (let i = 0; i < count; i++) put(i, lanes[i] as number);
    });
  const quad = (i: number, v: number): void => {
    R.i64[i] = BigInt(v);
  };
  widen('bw', 8, 'b', (i, v) => {
    R.i16[i] = v;
  });
  widen('bd', 4, 'b', (i, v) => {
    R.i32[i] = v;
  });
  widen('bq', 2, 'b', quad);
  widen('wd', 4, 'w', (i, v) => {
    R.i32[i] = v;
  });
  widen('wq', 2, 'w', quad);
  widen('dq', 2, 'd', quad);
}

/** Inserts `width` bytes of a general register or memory. */
function insert(op: string, width: number): void {
  routine(op, (cpu, insn) => {
    const mmx = isMmx(insn);
    const from = hostOf(cpu, insn, 1, width);
    const lane = immediate(insn, 2) & ((mmx ? 8 : 16) / width - 1);
    const to = hostOf(cpu, insn, 0, 16) + lane * width;
    cpu.bytes.copyWithin(to, from, from + width);
    if (mmx) finishMmx(cpu, insn, 0);
    return Outcome.next;
  });
}
/** Extracts them to a register, the rest of which becomes 0, or to memory. */
function extract(op: string, width: number): void {
  routine(op, (cpu, insn) => {
    const mmx = isMmx(insn);
    const lane = immediate(insn, 2) & ((mmx ? 8 : 16) / width - 1);
    const from = hostOf(cpu, insn, 1, 16) + lane * width;
    const value = cpu.readAt(from, width);
    const to = operandAt(insn, 0);
    if (to.kind === 'reg') writeRegister(cpu, to.index, Math.max(to.bits, 32), false, value);
    else cpu.writeAt(memoryHost(cpu, insn, 0, width, Access.write), width, value);
    if (mmx) finishMmx(cpu, insn, -1);
    return Outcome.next;
  });
}
insert('pinsrb', 1);
insert('pinsrw', 2);
insert('pinsrd', 4);
insert('pinsrq', 8);
extract('pextrb', 1);
extract('pextrw', 2);
extract('pextrd', 4);
extract('pextrq', 8);
extract('extractps', 4);

routine('insertps', (cpu, insn) => {
  const imm = immediate(insn, 2);
  const register = isRegister(insn, 1);
  const from = hostOf(cpu, insn, 1, register ? 16 : 4) + (register ? 4 * (imm >> 6) : 0);
  const to = hostOf(cpu, insn, 0, 16);
  const value = cpu.view.getUint32(from, true);
  cpu.view.setUint32(to + 4 * ((imm >> 4) & 3), value, true);
  for (let i = 0; i < 4; i++) if (((imm >> i) & 1) !== 0) cpu.view.setUint32(to + 4 * i, 0, true);
  return Outcome.next;
});

/** The sign bits of lanes of `width` bytes, in a general register. */
function signs(op: string, width: number): void {
  routine(op, (cpu, insn) => {
    const mmx = isMmx(insn);
    const bytes = mmx ? 8 : 16;
    const from = hostOf(cpu, insn, 1, bytes);
    let mask = 0;
    for (let i = 0; i < bytes / width; i++) {
      if ((cpu.bytes[from + i * width + width - 1] as number) > 127) mask |= 1 << i;
    }
    const to = operandAt(insn, 0);
    if (to.kind === 'reg') writeRegister(cpu, to.index, 32, false, BigInt(mask));
    if (mmx) finishMmx(cpu, insn, -1);
    return Outcome.next;
  });
}
signs('pmovmskb', 1);
signs('movmskps', 4);
signs('movmskpd', 8);

routine('ptest', (cpu, insn) => {
  B.load(cpu, hostOf(cpu, insn, 1, 16), 16);
  A.load(cpu, hostOf(cpu, insn, 0, 16), 16);
  let [both, only] = [0, 0];
  for (let i = 0; i < 4; i++) {
    both |= (A.i32[i] as number) & (B.i32[i] as number);
    only |= ~(A.i32[i] as number) & (B.i32[i] as number);
  }
  cpu.setStatusFlags((both === 0 ? ZF : 0) | (only === 0 ? CF : 0));
  return Outcome.next;
});

const RDI = 7;
/** Stores the bytes whose mask byte has its top bit set at DS:rDI; others are not touched, nor can they fault. */
function maskedStore(op: string): void {
  routine(op, (cpu, insn) => {
    const mmx = isMmx(insn);
    const bytes = mmx ? 8 : 16;
    A.load(cpu, hostOf(cpu, insn, 0, bytes), bytes);
    B.load(cpu, hostOf(cpu, insn, 1, bytes), bytes);
    const segment = insn.segmentOverride < 0 ? 3 : insn.segmentOverride;
    const offset = BigInt.asUintN(insn.addressSize, cpu.reg(RDI));
    const hosts: number[] = [];
    // Every byte is checked before the first is written.
    for (const pass of [0, 1]) {
      for (let i = 0; i < bytes; i++) {
        if ((B.u8[i] as number) < 128) continue;
        const at = BigInt.asUintN(insn.addressSize, offset + BigInt(i));
        const linear = checkedLinear(cpu, segment, at, 1, Access.write);
        hosts[i] = cpu.access.host(lowOf(linear), highOf(linear), 1 | Access.write);
        if (pass === 1) cpu.writeAt(hosts[i] as number, 1, BigInt(A.u8[i] as number));
      }
    }
    if (mmx) finishMmx(cpu, insn, -1);
    return Outcome.next;
  });
}
maskedStore('maskmovq');
maskedStore('maskmovdqu');

routine('emms', (cpu) => {
  enterMmx(cpu);
  cpu.setLow(S.ftw, 0);
  return Outcome.next;
});
