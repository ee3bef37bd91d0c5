/** Places in the guest as a person reads them: CS:RIP and the nearest symbol. */
import { peekBytes } from '../../debugger/peek.ts';
import { SymbolSet } from '../../debugger/symbolSet.ts';
import type { Machine } from '../../machine/machine.ts';

export interface Place {
  readonly cpl: number;
  readonly cs: number;
  readonly rip: bigint;
}

export const hexNumber = (value: bigint | number): string => `0x${value.toString(16)}`;

export class Places {
  readonly #machine: Machine;
  readonly #symbols: SymbolSet;

  constructor(machine: Machine) {
    const { kernel, modules } = machine.setup;
    this.#machine = machine;
    this.#symbols = new SymbolSet(
      kernel,
      modules.map(({ bytes }) => bytes),
    );
  }

  /** Programs are linked at the same addresses: finds out which one is mapped now. */
  refresh(): void {
    this.#symbols.choose((address, length) => peekBytes(this.#machine.cpu, address, length));
  }

  /** "0008:ffffffff80100340 <syscall_entry>" */
  text({ cs, rip }: Place): string {
    const name = this.#symbols.name(rip);
    const address = `${cs.toString(16).padStart(4, '0')}:${rip.toString(16).padStart(16, '0')}`;
    return name === undefined ? address : `${address} <${name}>`;
  }

  data(place: Place): Record<string, unknown> {
    const { cpl, cs, rip } = place;
    return { cpl, cs: hexNumber(cs), rip: hexNumber(rip), symbol: this.#symbols.name(rip) ?? null };
  }
}
