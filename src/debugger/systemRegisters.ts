/**
 * Registers that programs do not compute with, as pieces of state: segment registers part by part, the table registers, the
 * debug registers, CR8, XCR0 and the PDPTEs of PAE paging. Each by its small name.
 */
import { type Cpu, highOf, lowOf } from '../cpu/cpu.ts';
import { isCanonical } from '../cpu/dataAccess.ts';
import { writeXcr } from '../cpu/float/save.ts';
import { S } from '../cpu/layout.ts';
import { CS, protectedMode, setSegment } from '../cpu/segmentation.ts';
import { writeCr8, writeDebugRegister } from '../cpu/system/control.ts';
import { writePdpte } from '../cpu/system/pdptes.ts';
import { ATTRIBUTES_MASK } from '../registers/descriptor.ts';
import { EFER } from '../registers/efer.ts';

export const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs', 'ldtr', 'tr'] as const;
const DEBUG = [0, 1, 2, 3, 6, 7] as const;

interface SystemRegister {
  /** Bits that it has. */
  readonly bits: number;
  readonly read: (cpu: Cpu) => bigint;
  /** Throws the processor's Fault. */
  readonly write: (cpu: Cpu, value: bigint) => void;
  /** An address, which 64-bit processors hold only in canonical form. */
  readonly address?: true;
}

/** A selector and a hidden part, one of them replaced. */
function segmentRegister(n: number): [string, SystemRegister][] {
  const name = SEGMENTS[n] ?? '';
  const put = (cpu: Cpu, part: { selector?: number; base?: bigint; limit?: number; attributes?: number }): void =>
    setSegment(
      cpu,
      n,
      part.selector ?? cpu.selector(n),
      part.base ?? cpu.baseOf(n),
      part.limit ?? cpu.limit(n),
      part.attributes ?? cpu.attributes(n),
    );
  const selector = (cpu: Cpu, value: bigint): void => {
    put(cpu, { selector: Number(value) });
    // CPL is bits 1:0 of CS (SDM vol. 3A, 5.5).
    if (n === CS && protectedMode(cpu)) cpu.setCpl(Number(value) & 3);
  };
  const attributes = (cpu: Cpu, value: bigint): void => put(cpu, { attributes: Number(value) & ATTRIBUTES_MASK });
  return [
    [name, { bits: 16, read: (cpu) => BigInt(cpu.selector(n)), write: selector }],
    [
      `${name}.base`,
      { bits: 64, address: true, read: (cpu) => cpu.baseOf(n), write: (cpu, base) => put(cpu, { base }) },
    ],
    [
      `${name}.limit`,
      { bits: 32, read: (cpu) => BigInt(cpu.limit(n)), write: (cpu, limit) => put(cpu, { limit: Number(limit) }) },
    ],
    [`${name}.attributes`, { bits: 16, read: (cpu) => BigInt(cpu.attributes(n)), write: attributes }],
  ];
}

const tableRegister = (name: string, base: number, limit: number): [string, SystemRegister][] => [
  [
    `${name}.base`,
    { bits: 64, address: true, read: (cpu) => cpu.get(base), write: (cpu, value) => cpu.set(base, value) },
  ],
  [
    `${name}.limit`,
    {
      bits: 16,
      read: (cpu) => BigInt(cpu.low(limit)),
      write: (cpu, value) => cpu.setLow(limit, Number(value)),
    },
  ],
];

const debugRegister = (n: number): [string, SystemRegister] => [
  `dr${n}`,
  { bits: 64, read: (cpu) => cpu.get(S.dr + 8 * n), write: (cpu, value) => writeDebugRegister(cpu, n, value) },
];

const pdpte = (n: number): [string, SystemRegister] => [
  `pdpte${n}`,
  { bits: 64, read: (cpu) => cpu.get(S.pdptes + 8 * n), write: (cpu, value) => writePdpte(cpu, n, value) },
];

const REGISTERS: ReadonlyMap<string, SystemRegister> = new Map([
  ...SEGMENTS.flatMap((_, n) => segmentRegister(n)),
  ...tableRegister('gdtr', S.gdtrBase, S.gdtrLimit),
  ...tableRegister('idtr', S.idtrBase, S.idtrLimit),
  ...DEBUG.map(debugRegister),
  ...[0, 1, 2, 3].map(pdpte),
  ['xcr0', { bits: 64, read: (cpu: Cpu) => cpu.get(S.xcr0), write: (cpu, v) => writeXcr(cpu, 0, lowOf(v), highOf(v)) }],
  ['cr8', { bits: 4, read: (cpu: Cpu) => cpu.get(S.cr8), write: writeCr8 }],
]);
export const SYSTEM_REGISTERS: readonly string[] = [...REGISTERS.keys()];

/** True for segment registers and their parts, which a program may load. */
export const isSegmentPart = (name: string): boolean =>
  SEGMENTS.some((segment) => name === segment || name.startsWith(`${segment}.`));

/** Value of a register of these by its small name; undefined when it is none of them. */
export const readSystemRegister = (cpu: Cpu, name: string): bigint | undefined => REGISTERS.get(name)?.read(cpu);

/** Changes one; a text says why it is not accepted. Throws the processor's Fault. */
export function pokeSystemRegister(cpu: Cpu, name: string, value: bigint): true | string {
  const register = REGISTERS.get(name);
  if (register === undefined) return `There is no register ${name}.`;
  if (value >> BigInt(register.bits) !== 0n) return `${name.toUpperCase()} has ${register.bits} bits.`;
  const long = (cpu.low(S.efer) & EFER.LMA) !== 0;
  if (register.address === true && (long ? !isCanonical(highOf(value)) : value >> 32n !== 0n)) {
    return `${name.toUpperCase()} must be ${long ? 'canonical' : 'below 4 GiB'}.`;
  }
  register.write(cpu, value);
  return true;
}
