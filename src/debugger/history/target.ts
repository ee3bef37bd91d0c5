/** Pieces of state that a person can change or ask about: registers, MSRs, descriptors, page-table entries, memory. */
import { type Cpu, highOf, lowOf } from '../../cpu/cpu.ts';
import { LDTR, RAM, S } from '../../cpu/layout.ts';
import { readMsr } from '../../cpu/system/msr.ts';
import { MSR } from '../../registers/msr.ts';
import { FLOAT_REGISTERS, readFloatRegister } from '../floatRegisters.ts';
import { isSegmentPart, readSystemRegister, SYSTEM_REGISTERS } from '../systemRegisters.ts';

export const GENERAL = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');

/** Tables of descriptors, each where its register says. */
export const TABLES = ['gdt', 'idt', 'ldt'] as const;

export type Target =
  /**
   * A general register, "rip", "rflags", "cpl", "cr0" to "cr4", or one of FLOAT_REGISTERS and SYSTEM_REGISTERS, by its
   * small name.
   */
  | { readonly kind: 'register'; readonly name: string }
  /** By its architectural name: "IA32_LSTAR". */
  | { readonly kind: 'msr'; readonly name: string }
  /** Linear address now; 1 to 4096 bytes. */
  | { readonly kind: 'memory'; readonly address: bigint; readonly bytes: number }
  | { readonly kind: 'physical'; readonly address: bigint; readonly bytes: number }
  /** One 8-byte entry of the table whose register stands where it stands now. */
  | { readonly kind: 'descriptor'; readonly table: TableName; readonly index: number };

export type TableName = (typeof TABLES)[number];

/** Bytes of RAM, in pieces of at most a page: physical address and length. */
export type Pieces = readonly { readonly physical: number; readonly bytes: number }[];

export const MAX_BYTES = 4096;
const CONTROL = new Map([
  ['cr0', S.cr0],
  ['cr2', S.cr2],
  ['cr3', S.cr3],
  ['cr4', S.cr4],
]);

export function msrNumber(name: string): number | undefined {
  return Object.entries(MSR).find(([known]) => known === name)?.[1];
}

/** Where a target in memory stands; undefined for registers, and for memory that is not mapped to RAM now. */
export function piecesOf(cpu: Cpu, target: Target): Pieces | undefined {
  switch (target.kind) {
    case 'memory':
      return linearPieces(cpu, target.address, target.bytes);
    case 'physical': {
      const physical = Number(target.address);
      const fits = target.address >= 0n && physical + target.bytes <= cpu.memory.ramBytes && target.bytes > 0;
      return fits ? split(physical, Math.min(target.bytes, MAX_BYTES)) : undefined;
    }
    case 'descriptor': {
      const base = tableBase(cpu, target.table);
      return linearPieces(cpu, BigInt.asUintN(64, base + 8n * BigInt(target.index)), 8);
    }
    default:
      return undefined;
  }
}

function tableBase(cpu: Cpu, table: TableName): bigint {
  if (table === 'ldt') return cpu.baseOf(LDTR);
  return cpu.get(table === 'gdt' ? S.gdtrBase : S.idtrBase);
}

function linearPieces(cpu: Cpu, address: bigint, bytes: number): Pieces | undefined {
  const pieces: { physical: number; bytes: number }[] = [];
  for (let done = 0; done < Math.min(bytes, MAX_BYTES); ) {
    const linear = BigInt.asUintN(64, address + BigInt(done));
    const physical = cpu.walker.walk(lowOf(linear), highOf(linear), 0, true, true);
    if (physical < 0 || cpu.memory.host(physical) === 0) return undefined;
    const length = Math.min(bytes - done, 4096 - (physical % 4096));
    pieces.push({ physical, bytes: length });
    done += length;
  }
  return pieces.length === 0 ? undefined : pieces;
}

function split(physical: number, bytes: number): Pieces {
  const first = Math.min(bytes, 4096 - (physical % 4096));
  const pieces = [{ physical, bytes: first }];
  if (first < bytes) pieces.push({ physical: physical + first, bytes: bytes - first });
  return pieces;
}

export function readPieces(cpu: Cpu, pieces: Pieces): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes, 0));
  let at = 0;
  for (const { physical, bytes } of pieces) {
    out.set(cpu.bytes.subarray(RAM + physical, RAM + physical + bytes), at);
    at += bytes;
  }
  return out;
}

/** Value of a register or MSR; undefined when there is none of that name. */
export function readRegister(cpu: Cpu, target: Target): bigint | undefined {
  if (target.kind === 'msr') {
    const number = msrNumber(target.name);
    return number === undefined ? undefined : readMsr(cpu, number);
  }
  if (target.kind !== 'register') return undefined;
  const { name } = target;
  const general = GENERAL.indexOf(name);
  if (general >= 0) return cpu.reg(general);
  const control = CONTROL.get(name);
  if (control !== undefined) return cpu.get(control);
  if (name === 'rip') return cpu.rip;
  if (name === 'rflags') return BigInt(cpu.rflags >>> 0);
  if (name === 'cpl') return BigInt(cpu.cpl);
  return readSystemRegister(cpu, name) ?? readFloatRegister(cpu, name);
}

/** True for what only routines, exceptions and interrupts change, not instructions of generated code. */
export function changedByRoutinesOnly(target: Target): boolean {
  return target.kind === 'msr' || (target.kind === 'register' && !isProgramRegister(target.name));
}
const isProgramRegister = (name: string): boolean =>
  GENERAL.includes(name) ||
  name === 'rip' ||
  name === 'rflags' ||
  isSegmentPart(name) ||
  FLOAT_REGISTERS.includes(name);

/** Every register and MSR that has a name here. */
export function allRegisters(cpu: Cpu): Map<string, bigint> {
  const targets: Target[] = [
    ...GENERAL,
    'rip',
    'rflags',
    'cpl',
    ...CONTROL.keys(),
    ...SYSTEM_REGISTERS,
    ...FLOAT_REGISTERS,
  ].map((name) => ({ kind: 'register', name }));
  for (const name of Object.keys(MSR)) targets.push({ kind: 'msr', name });
  const values = new Map<string, bigint>();
  for (const target of targets) {
    const value = readRegister(cpu, target);
    if (value !== undefined && 'name' in target) values.set(target.name, value);
  }
  return values;
}
