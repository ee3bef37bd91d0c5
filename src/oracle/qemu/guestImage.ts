/** The guests that run the cases: their ELF files, and where things stand in them. */
import { type ElfSegment, parseElf } from '../../machine/loader/elf.ts';
import { readElfSymbols } from '../../machine/loader/elfSymbols.ts';
import { isProblem } from '../../machine/loader/problem.ts';

/** Where the user finds the arena: one GiB up (guest/long.S). */
const USER_WINDOW = 0x40000000;
/** The first 2 MiB, the guest's own code among them, for the user. */
const USER_LOW = 0x40200000;
/** The bottom of the upper half maps the same memory. */
const UPPER_HALF = 0xffff800000000000n;

export class GuestImage {
  readonly file: Uint8Array;
  private readonly symbols: ReadonlyMap<string, number>;
  private readonly segments: readonly ElfSegment[];

  /** Throws when `file` is not a guest built from this folder. */
  constructor(file: Uint8Array) {
    const elf = parseElf(file);
    if (isProblem(elf)) throw new Error(elf.detail);
    this.file = file;
    this.segments = elf.segments;
    this.symbols = new Map(readElfSymbols(elf).map((symbol) => [symbol.name, Number(symbol.address)]));
  }

  /** True of the guest of IA-32e mode, false of the one of all other modes. */
  get isLong(): boolean {
    return this.symbols.has('pml4');
  }

  /** Physical address of a symbol of the guest, which is its linear address for the supervisor too. */
  at(name: string): number {
    const address = this.symbols.get(name);
    if (address === undefined) throw new Error(`the guest has no ${name}`);
    return address;
  }

  /** Quadword that the file has at an address. */
  quadword(address: number): bigint {
    const found = this.segments.find(({ bytes, physicalAddress }) => {
      const offset = address - Number(physicalAddress);
      return offset >= 0 && offset + 8 <= bytes.length;
    });
    if (found === undefined) throw new Error(`the guest's file has nothing at ${address.toString(16)}h`);
    const { buffer, byteOffset } = found.bytes;
    return new DataView(buffer, byteOffset).getBigUint64(address - Number(found.physicalAddress), true);
  }

  /** Linear address at which the user may touch a place in the arena. */
  user(name: string): number {
    return this.at(name) - this.at('arena') + USER_WINDOW;
  }

  /** Linear address at which the user may run the guest's own code. */
  userLow(name: string): number {
    return this.at(name) + USER_LOW;
  }

  /** The same place seen in the upper half, supervisor only but for the arena. */
  upper(address: number): bigint {
    return UPPER_HALF + BigInt(address);
  }
}
