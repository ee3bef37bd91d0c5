/** CRC32, carry-less multiplication and AES (SDM vol. 2; FIPS 197). */
import { Outcome } from '../layout.ts';
import { operandAt, read, writeRegister } from '../routines/operands.ts';
import { routine } from '../routines/routine.ts';
import { packed } from './packed.ts';
import { A, B, R } from './vectorOperands.ts';

/** The polynomial 11EDC6F41h, bits reflected. */
const CRC32C = 0x82f63b78;

routine('crc32', (cpu, insn) => {
  const to = operandAt(insn, 0);
  const from = operandAt(insn, 1);
  if (to.kind !== 'reg') throw new Error('CRC32 has a register');
  const value = read(cpu, insn, 1);
  let crc = cpu.low(8 * to.index);
  const bytes = from.kind === 'reg' || from.kind === 'mem' ? from.bits / 8 : 0;
  for (let i = 0; i < bytes; i++) {
    crc ^= Number((value >> BigInt(8 * i)) & 0xffn);
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ ((crc & 1) !== 0 ? CRC32C : 0);
  }
  writeRegister(cpu, to.index, 32, false, BigInt(crc >>> 0));
  return Outcome.next;
});

packed('pclmulqdq', (_bytes, imm) => {
  const a = A.u64[imm & 1] as bigint;
  const b = B.u64[(imm >> 4) & 1] as bigint;
  let product = 0n;
  for (let i = 0n; i < 64n; i++) if (((b >> i) & 1n) !== 0n) product ^= a << i;
  R.u64[0] = BigInt.asUintN(64, product);
  R.u64[1] = product >> 64n;
});

/** Multiplication by x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
const times2 = (v: number): number => ((v << 1) ^ (v > 127 ? 0x11b : 0)) & 0xff;
function times(a: number, b: number): number {
  let [product, power] = [0, a];
  for (let bits = b; bits !== 0; bits >>= 1) {
    if ((bits & 1) !== 0) product ^= power;
    power = times2(power);
  }
  return product;
}
const SBOX = new Uint8Array(256);
const INVERSE_SBOX = new Uint8Array(256);
for (let v = 0; v < 256; v++) {
  let inverse = 0;
  for (let i = 1; i < 256 && v !== 0; i++) if (times(v, i) === 1) inverse = i;
  let s = 0x63;
  for (let turn = 0; turn < 5; turn++) s ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xff;
  SBOX[v] = s;
  INVERSE_SBOX[s] = v;
}

const state = new Uint8Array(16);
/** Row r of the state (bytes r, r+4, r+8, r+12) moves by r columns. */
function shiftRows(from: Uint8Array, direction: 1 | -1): void {
  for (let i = 0; i < 16; i++) state[i] = from[(i + direction * 4 * (i & 3) + 16) & 15] as number;
}
function mixColumns(from: Uint8Array, factors: readonly [number, number, number, number]): void {
  for (let i = 0; i < 16; i++) {
    const column = i & ~3;
    let sum = 0;
    for (let k = 0; k < 4; k++) sum ^= times(from[column + k] as number, factors[(k - (i & 3) + 4) & 3] as number);
    R.u8[i] = sum;
  }
}
const FORWARD = [2, 3, 1, 1] as const;
const BACKWARD = [14, 11, 13, 9] as const;

function aesRound(op: string, encrypts: boolean, last: boolean): void {
  packed(op, () => {
    shiftRows(A.u8, encrypts ? 1 : -1);
    const box = encrypts ? SBOX : INVERSE_SBOX;
    for (let i = 0; i < 16; i++) state[i] = box[state[i] as number] as number;
    if (last) R.u8.set(state);
    else mixColumns(state, encrypts ? FORWARD : BACKWARD);
    for (let i = 0; i < 16; i++) R.u8[i] = (R.u8[i] as number) ^ (B.u8[i] as number);
  });
}
aesRound('aesenc', true, false);
aesRound('aesenclast', true, true);
aesRound('aesdec', false, false);
aesRound('aesdeclast', false, true);
packed('aesimc', () => mixColumns(B.u8.slice(), BACKWARD));

const substitute = (word: number): number =>
  [0, 8, 16, 24].reduce((sum, shift) => sum | ((SBOX[(word >>> shift) & 0xff] as number) << shift), 0);
packed('aeskeygenassist', (_bytes, imm) => {
  for (const half of [0, 2]) {
    const word = substitute(B.u32[half + 1] as number);
    R.u32[half] = word;
    R.u32[half + 1] = ((word >>> 8) | (word << 24)) ^ imm;
  }
});
