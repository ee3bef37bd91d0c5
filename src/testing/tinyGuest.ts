import { makeElf, multiboot1 } from '../machine/loader/testElf.ts';

const LOAD = 0x100000;
const HEADER = 12;
/** Physical address of a tiny guest's first byte of code. */
export const TINY_ENTRY = LOAD + HEADER;

/** A multiboot kernel made of these bytes of 32-bit code, which start at `TINY_ENTRY`. */
export function tinyGuest(code: readonly number[]): Uint8Array {
  const bytes = Uint8Array.from([...multiboot1(0), ...code]);
  return makeElf({ entry: TINY_ENTRY, segments: [{ virtual: LOAD, physical: LOAD, bytes }] });
}

const word = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];

/** Bytes of instructions that tiny guests share. */
export const CODE = {
  /** mov $byte, %al; out %al, (port), by way of %dx. */
  out: (port: number, byte: number): number[] => [0xb0, byte, 0x66, 0xba, ...word(port), 0xee],
  cli: [0xfa],
  sti: [0xfb],
  hlt: [0xf4],
  ud2: [0x0f, 0x0b],
  forever: [0xeb, 0xfe],
  /** Masks all lines of the first interrupt controller. */
  maskAll: [0xb0, 0xff, 0xe6, 0x21],
  print: (text: string): number[] =>
    [...Buffer.from(text, 'latin1')].flatMap((byte) => [0xb0, byte, 0x66, 0xba, ...word(0x3f8), 0xee]),
} as const;
