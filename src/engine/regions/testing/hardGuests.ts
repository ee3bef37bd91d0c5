/** Guests that are hard on a compiler of regions. */
import { RAM, S } from '../../../cpu/layout.ts';
import { CR4 } from '../../../registers/cr.ts';
import { PTE } from '../../../registers/pageEntry.ts';
import { BareMachine } from '../../oracle/bareMachine.ts';
import type { RegionPolicy } from '../policy.ts';

const PAGE = 0x1000;
const CODE = 0x10000000;
const DATA = 0x20000000;

export interface Guest {
  readonly ramBytes?: number;
  /** Maps memory, writes code and sets registers; the run begins at CODE. */
  readonly prepare: (machine: BareMachine) => void;
}

export function start(guest: Guest, regions: RegionPolicy): BareMachine {
  const machine = new BareMachine({ mode: 64, cpl: 0, ramBytes: guest.ramBytes ?? 1 << 20, regions });
  guest.prepare(machine);
  machine.cpu.rip = BigInt(CODE);
  return machine;
}
const write = (machine: BareMachine, physical: number, code: readonly number[]): void =>
  machine.write(physical, Uint8Array.from(code));

/** mov ecx, 1000; add rax, rcx; mov [rsi], rax; dec ecx; jnz; jmp to the beginning. */
export const counting: Guest = {
  prepare: (machine) => {
    const code = machine.map(CODE, PAGE);
    machine.map(DATA, PAGE);
    write(machine, code, [0xb9, 0xe8, 3, 0, 0, 0x48, 1, 0xc8, 0x48, 0x89, 6, 0xff, 0xc9, 0x75, 0xf6, 0xeb, 0xef]);
    machine.cpu.setReg(6, BigInt(DATA));
  },
};

/** By turns whole numbers, everyday ones whose results are inexact, denormals, and ones that few programs know. */
export const floating: Guest = {
  prepare: (machine) => {
    const code = machine.map(CODE, PAGE);
    const data = machine.map(DATA, PAGE);
    write(machine, code, [
      ...[0xb9, 0xb8, 0x0b, 0, 0], // mov ecx, 3000
      ...[0x66, 0x0f, 0x28, 0xc8], // movapd xmm1, xmm0
      ...[0xf2, 0x0f, 0x58, 0x0e], // addsd xmm1, [rsi]
      ...[0xf2, 0x0f, 0x59, 0x4e, 8], // mulsd xmm1, [rsi + 8]
      ...[0xf2, 0x0f, 0x11, 0x4e, 16], // movsd [rsi + 16], xmm1
      ...[0xff, 0xc9, 0x75, 0xea], // dec ecx; jnz to movapd
      ...[0x83, 0xc6, 0x20, 0x83, 0xe6, 0x7f], // add esi, 32; and esi, 127
      ...[0x81, 0xce, 0, 0, 0, 0x20, 0xeb, 0xd7], // or esi, DATA; jmp to the beginning
    ]);
    const numbers = [1, 2, 0, 0, 0.1, 3, 0, 0, 5e-324, 1, 0, 0, 1e200, 1e-250, 0, 0];
    machine.write(data, new Uint8Array(Float64Array.from(numbers).buffer));
    const { cpu } = machine;
    cpu.setLow(S.cr4, cpu.low(S.cr4) | CR4.OSFXSR | CR4.OSXMMEXCPT);
    // All exceptions masked, none seen.
    cpu.setLow(S.mxcsr, 0x1f80);
    cpu.setReg(6, BigInt(DATA));
  },
};

/** Maps the page at RBP to where the entry in RSI says, and changes it with RDI's; then counts down from 40. */
const REMAP = [
  ...[0x48, 0x89, 0x33], // mov [rbx], rsi
  ...[0x0f, 0x01, 0x7d, 0], // invlpg [rbp]
  ...[0x48, 0x87, 0xfe], // xchg rsi, rdi
  ...[0xb9, 40, 0, 0, 0], // mov ecx, 40
];
/** Sets the registers for it; `page` is mapped to the first of `places`, and its entry is to be had behind DATA. */
function remaps(machine: BareMachine, page: number, places: readonly [number, number], more = 0): void {
  const { cpu } = machine;
  cpu.walker.walk(page, 0, 0, false, true);
  const entry = cpu.walker.at[cpu.walker.depth - 1] as number;
  machine.mapPage(DATA + 2 * PAGE, entry & -PAGE);
  const to = (physical: number): bigint => BigInt(physical | PTE.P | PTE.RW | PTE.US | more);
  cpu.setReg(3, BigInt(DATA + 2 * PAGE + (entry & (PAGE - 1))));
  cpu.setReg(5, BigInt(page));
  cpu.setReg(6, to(places[1]));
  cpu.setReg(7, to(places[0]));
}

/** Calls the next page again and again, whose mapping it changes between two physical pages with accessed bits clear. */
export const remapping: Guest = {
  prepare: (machine) => {
    const { cpu } = machine;
    const code = machine.map(CODE, PAGE);
    const [first, second] = [machine.map(CODE + PAGE, PAGE), machine.map(DATA, PAGE)];
    machine.map(DATA + PAGE, PAGE);
    remaps(machine, CODE + PAGE, [first, second], PTE.D);
    write(machine, code, [
      ...REMAP,
      ...[0xe8, 0xec, 0x0f, 0, 0], // call CODE + PAGE
      ...[0xff, 0xc9, 0x75, 0xf7], // dec ecx; jnz to the call
      ...[0x41, 0xff, 0xc0, 0xeb, 0xe3], // inc r8d; jmp to the beginning
    ]);
    write(machine, first, [0x83, 0xc0, 1, 0xc3]);
    write(machine, second, [0x8d, 0x40, 3, 0x31, 0xc2, 0xc3]);
    cpu.setReg(4, BigInt(DATA + 2 * PAGE - 64));
  },
};
/** Changes data in a page again and again, which it maps to two physical pages by turns. */
export const movingData: Guest = {
  prepare: (machine) => {
    const code = machine.map(CODE, PAGE);
    const [first, second] = [machine.map(DATA, PAGE), machine.map(DATA + PAGE, PAGE)];
    remaps(machine, DATA, [first, second]);
    write(machine, code, [
      ...REMAP,
      ...[0x01, 0x4d, 0], // add [rbp], ecx
      ...[0x48, 0x8b, 0x45, 8], // mov rax, [rbp + 8]
      ...[0x48, 0x01, 0xc8], // add rax, rcx
      ...[0x48, 0x89, 0x45, 8], // mov [rbp + 8], rax
      ...[0xff, 0xc9, 0x75, 0xee], // dec ecx; jnz to the first addition
      ...[0x41, 0xff, 0xc0, 0xeb, 0xda], // inc r8d; jmp to the beginning
    ]);
  },
};
/** inc byte [the immediate behind]; mov al, immediate; add rcx, rax; jmp to the beginning. */
export const rewriting: Guest = {
  prepare: (machine) => {
    const code = machine.map(CODE, PAGE);
    write(machine, code, [0xfe, 5, 1, 0, 0, 0, 0xb0, 5, 0x48, 1, 0xc1, 0xeb, 0xf3]);
  },
};
/** add eax, n, all through; then a jump to the beginning. */
export const cold = (bytes: number): Guest => ({
  ramBytes: bytes + (2 << 20),
  prepare: (machine) => {
    const { cpu } = machine;
    const physical = machine.map(CODE, bytes + PAGE);
    for (let at = 0; at < bytes; at += 5) {
      cpu.bytes[RAM + physical + at] = 5;
      cpu.view.setInt32(RAM + physical + at + 1, at, true);
    }
    cpu.bytes[RAM + physical + bytes] = 0xe9;
    cpu.view.setInt32(RAM + physical + bytes + 1, -(bytes + 5), true);
  },
});
