import { RelocationType as T } from '../object/relocation.ts';

/** What is wrong with a relocation: a text, and what to do about it. */
export interface RelocationFailure {
  readonly message: string;
  readonly hint: string;
}

/** How wide a field is and what it holds: "S + A", "S + A - P", with or without sign. */
interface Field {
  readonly size: 1 | 2 | 4 | 8;
  readonly relative: boolean;
  readonly range: 'signed' | 'unsigned' | 'either' | 'any';
}

const FIELDS: Readonly<Record<number, Field>> = {
  [T.abs64]: { size: 8, relative: false, range: 'any' },
  [T.pc64]: { size: 8, relative: true, range: 'any' },
  [T.abs32]: { size: 4, relative: false, range: 'unsigned' },
  [T.abs32Signed]: { size: 4, relative: false, range: 'signed' },
  [T.pc32]: { size: 4, relative: true, range: 'signed' },
  [T.plt32]: { size: 4, relative: true, range: 'signed' },
  [T.abs16]: { size: 2, relative: false, range: 'either' },
  [T.pc16]: { size: 2, relative: true, range: 'either' },
  [T.abs8]: { size: 1, relative: false, range: 'either' },
  [T.pc8]: { size: 1, relative: true, range: 'signed' },
};

export const NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(T).map(([name, type]) => [type, name]),
);

/** The size of symbol a SIZE relocation writes, and where thread-local storage ends: what values besides S some types need. */
export interface RelocationValues {
  /** S + A, mod 2^64. */
  readonly value: bigint;
  /** Address of the field. */
  readonly place: bigint;
  readonly symbolSize: bigint;
  readonly addend: bigint;
  /** End of the TLS block, which the thread pointer points at (System V ABI, TLS variant II). */
  readonly tlsEnd: bigint;
}

/** Writes a relocated field. GOT accesses are turned into direct ones, as a static link allows. */
export function applyRelocation(
  bytes: Uint8Array,
  at: number,
  type: number,
  values: RelocationValues,
): RelocationFailure | null {
  if (type === T.none) return null;
  if (type === T.gotpcrelx || type === T.rexGotpcrelx || type === T.gotpcrel) return direct(bytes, at, type, values);
  const field = FIELDS[type];
  if (field !== undefined) {
    const value = field.relative ? values.value - values.place : values.value;
    return put(bytes, at, value, field, type);
  }
  switch (type) {
    case T.tpoff32:
      return put(bytes, at, values.value - values.tlsEnd, { size: 4, relative: false, range: 'signed' }, type);
    case T.tpoff64:
      return put(bytes, at, values.value - values.tlsEnd, { size: 8, relative: false, range: 'any' }, type);
    case T.size32:
      return put(bytes, at, values.symbolSize + values.addend, { size: 4, relative: false, range: 'either' }, type);
    case T.size64:
      return put(bytes, at, values.symbolSize + values.addend, { size: 8, relative: false, range: 'any' }, type);
    default:
      return {
        message: `relocation type ${type} (${NAMES[type] ?? 'unknown'}) needs a dynamic linker or a GOT, which this linker does not make`,
        hint: 'Compile with -fno-pic.',
      };
  }
}

function put(bytes: Uint8Array, at: number, raw: bigint, field: Field, type: number): RelocationFailure | null {
  const bits = BigInt(field.size * 8);
  if (at + field.size > bytes.length) return { message: 'a relocation lies beyond its section', hint: '' };
  const signed = BigInt.asIntN(64, raw);
  const asUnsigned = BigInt.asUintN(64, raw);
  const fitsSigned = signed >= -(1n << (bits - 1n)) && signed < 1n << (bits - 1n);
  const fitsUnsigned = asUnsigned < 1n << bits;
  const fits =
    field.range === 'any' ||
    (field.range === 'signed' ? fitsSigned : field.range === 'unsigned' ? fitsUnsigned : fitsSigned || fitsUnsigned);
  write(bytes, at, raw, field.size);
  if (fits) return null;
  return {
    message: `the address does not fit: 0x${asUnsigned.toString(16)} in a ${bits}-bit field (${NAMES[type] ?? type})`,
    hint: field.relative ? 'The target is more than 2 GiB away.' : 'Use movabs, or address it relative to %rip.',
  };
}

function write(bytes: Uint8Array, at: number, value: bigint, size: number): void {
  let rest = BigInt.asUintN(64, value);
  for (let n = 0; n < size; n++, rest >>= 8n) bytes[at + n] = Number(rest & 0xffn);
}

/** MOV, CALL, JMP, TEST and arithmetic with a GOT entry become ones with the address (System V ABI, B.2). */
function direct(bytes: Uint8Array, at: number, type: number, values: RelocationValues): RelocationFailure | null {
  const opcode = bytes[at - 2] ?? 0;
  const modrm = bytes[at - 1] ?? 0;
  const pc: Field = { size: 4, relative: true, range: 'signed' };
  const relative = values.value - values.place;
  if (opcode === 0xff && type !== T.gotpcrel && modrm === 0x15) {
    bytes.set([0x67, 0xe8], at - 2);
    return put(bytes, at, relative, pc, T.pc32);
  }
  if (opcode === 0xff && type !== T.gotpcrel && modrm === 0x25) {
    bytes[at - 2] = 0xe9;
    const failure = put(bytes, at - 1, relative + 1n, pc, T.pc32);
    bytes[at + 3] = 0x90;
    return failure;
  }
  const address = BigInt.asIntN(64, values.value - values.addend);
  if (opcode === 0x8b) {
    const short = address >= 0n && address < 1n << 31n;
    if (type === T.gotpcrel || !short) {
      bytes[at - 2] = 0x8d;
      return put(bytes, at, relative, pc, T.pc32);
    }
    // MOV r, imm32: the register moves from ModRM.reg to ModRM.rm, and REX.R to REX.B.
    bytes[at - 2] = 0xc7;
    moveRegister(bytes, at, type, modrm);
    return put(bytes, at, address, { size: 4, relative: false, range: 'signed' }, T.abs32Signed);
  }
  const arithmetic = opcode === 0x85 || (opcode & 0xc7) === 0x03;
  if (arithmetic && type !== T.gotpcrel) {
    moveRegister(bytes, at, type, modrm);
    if (opcode === 0x85) bytes[at - 2] = 0xf7;
    else {
      bytes[at - 2] = 0x81;
      bytes[at - 1] = (bytes[at - 1] ?? 0) | (opcode & 0x38);
    }
    return put(bytes, at, address, { size: 4, relative: false, range: 'signed' }, T.abs32Signed);
  }
  return {
    message: 'this instruction needs a GOT entry, which this linker does not make',
    hint: 'Use the address itself: leaq symbol(%rip), %rax.',
  };
}

function moveRegister(bytes: Uint8Array, at: number, type: number, modrm: number): void {
  bytes[at - 1] = 0xc0 | ((modrm >> 3) & 7);
  if (type !== T.rexGotpcrelx) return;
  const rex = bytes[at - 3] ?? 0;
  bytes[at - 3] = (rex & ~4) | ((rex & 4) >> 2);
}
