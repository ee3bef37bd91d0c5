/** Code that changes while it runs: the next execution must see the new bytes (SDM vol. 3A, 11.6, as processors do it). */
import { describe, expect, test } from 'vitest';
import { Vector } from '../cpu/fault.ts';
import { seededRandom } from '../testing/random.ts';
import { BareMachine } from './oracle/bareMachine.ts';

const CODE = 0x400000;
const PAGE = 0x1000;
const UD2 = [0x0f, 0x0b];

const dword = (value: number): number[] => [
  value & 0xff,
  (value >> 8) & 0xff,
  (value >> 16) & 0xff,
  (value >> 24) & 0xff,
];

interface Program {
  readonly code: readonly number[];
  /** Offset of the code in its first page. */
  readonly at?: number;
  readonly mode?: 64 | 32;
  /** Registers by number. */
  readonly registers?: Readonly<Record<number, bigint>>;
  /** More bytes, at offsets from the start of the first page. */
  readonly data?: Readonly<Record<number, readonly number[]>>;
}

/** Runs to the UD2 that ends the program, so many instructions at a time; gives EAX. */
function run({ code, at = 0, mode = 64, registers = {}, data = {} }: Program, stride = 1_000_000): number {
  const machine = new BareMachine({ mode });
  const physical = machine.map(CODE, 4 * PAGE);
  machine.write(physical + at, Uint8Array.from([...code, ...UD2]));
  for (const [offset, bytes] of Object.entries(data)) machine.write(physical + Number(offset), Uint8Array.from(bytes));
  for (const [n, value] of Object.entries(registers)) machine.cpu.setReg(Number(n), value);
  machine.cpu.rip = BigInt(CODE + at);
  for (let done = 0; machine.fault === null; done += stride) {
    if (done > 1_000_000) throw new Error('the program does not end');
    machine.run(machine.cpu.rip, stride);
  }
  expect(machine.fault.vector).toBe(Vector.UD);
  return machine.cpu.low(0);
}

/** At full speed, and one instruction at a time. */
function expectEax(program: Program, eax: number): void {
  expect(run(program)).toBe(eax);
  expect(run(program, 1)).toBe(eax);
  expect(run(program, 7)).toBe(eax);
}

const RCX = 1;
const RSP = 4;
const RSI = 6;
const RDI = 7;
/** Stores a byte at a distance from the end of the instruction. */
const storeByte = (distance: number, value: number): number[] => [0xc6, 0x05, ...dword(distance), value];
const movEax = (value: number): number[] => [0xb8, ...dword(value)];

describe('a store into code', () => {
  test('changes the next instruction', () => {
    expectEax({ code: [...storeByte(1, 42), ...movEax(1)] }, 42);
  });

  test('changes the next instruction in 32-bit code', () => {
    const target = CODE + 8;
    expectEax({ mode: 32, code: [0xc6, 0x05, ...dword(target), 42, ...movEax(1)] }, 42);
  });

  test('changes an instruction of the loop that is running', () => {
    // again: add $1, %eax; incb the 1; dec %ecx; jnz again
    const loop = [0x83, 0xc0, 1, 0xfe, 0x05, ...dword(-7), 0xff, 0xc9, 0x75, -13 & 0xff];
    expectEax({ code: loop, registers: { [RCX]: 100n } }, 5050);
    for (const at of [PAGE - 1, PAGE - 2, PAGE - 3, PAGE - 5, PAGE - 11, PAGE - 12]) {
      expectEax({ code: loop, at, registers: { [RCX]: 100n } }, 5050);
    }
  });

  test('changes the opcode of a fused pair', () => {
    // inc %eax; xorb $8 turns inc %ecx into dec %ecx; inc %ecx; jnz back
    const first = [0xff, 0xc0, 0x80, 0x35, ...dword(1), 0x08, 0xff, 0xc1, 0x75, -13 & 0xff];
    expectEax({ code: first, registers: { [RCX]: 1n } }, 1);
    // again: movb $0x74, (%rdi); add %rsi, %rdi; inc %eax; dec %ecx; jnz again, which becomes jz in the 11th round
    const second = [0xc6, 0x07, 0x74, 0x48, 0x01, 0xf7, 0xff, 0xc0, 0xff, 0xc9, 0x75, -12 & 0xff];
    const registers = { [RCX]: 100n, [RSI]: 16n, [RDI]: BigInt(CODE + 512 + 10 - 160) };
    expectEax({ code: second, at: 512, registers }, 11);
  });

  test('by PUSH changes the next instruction', () => {
    // push %rdi writes 8 bytes that end where the stack pointer stood
    const code = [0x57, ...movEax(1), ...UD2, 0x90];
    const newCode = BigInt.asUintN(64, Buffer.from([...movEax(77), 0x0f, 0x0b, 0x90]).readBigInt64LE());
    expectEax({ code, registers: { [RSP]: BigInt(CODE + 1 + 8), [RDI]: newCode } }, 77);
  });

  test('of 8 bytes across pages changes code on the second page', () => {
    // mov %rdi, (%rsi); jmp to the second page
    const code = [0x48, 0x89, 0x3e, 0xe9, ...dword(PAGE - 8)];
    const second = [...movEax(1), ...UD2];
    const bytes = Buffer.from([0, 0, 0, 0xb8, 99, 0, 0, 0]).readBigUInt64LE();
    const registers = { [RSI]: BigInt(CODE + PAGE - 3), [RDI]: bytes };
    expectEax({ code, registers, data: { [PAGE]: second } }, 99);
    // The same once the second page's code has run before: call it, change it, call it again.
    const twice = [0xe8, ...dword(PAGE - 5), 0x48, 0x89, 0x3e, 0xe8, ...dword(PAGE - 13)];
    const routine = [...movEax(1), 0xc3];
    const stack = { [RSP]: BigInt(CODE + 3 * PAGE) };
    expectEax({ code: twice, registers: { ...registers, ...stack }, data: { [PAGE]: routine } }, 99);
  });

  test('to data in the same bytes of a page as code leaves both right', () => {
    // again: incl counter; dec %ecx; jnz again; mov counter, %eax
    const code = [0xff, 0x05, ...dword(12), 0xff, 0xc9, 0x75, -10 & 0xff, 0x8b, 0x05, ...dword(2), ...UD2, 0, 0, 0, 0];
    expectEax({ code, registers: { [RCX]: 1000n } }, 1000);
  });
});

describe('an instruction across two pages', () => {
  const loop = (distance: number): number[] => [
    ...[0x05, ...dword(1)], // again: add $1, %eax
    ...[0xfe, 0x05, ...dword(distance - 11)], // incb one byte of the 1
    ...[0xff, 0xc9], // dec %ecx
    ...[0x75, -15 & 0xff], // jnz again
  ];

  test.for([1, 2, 3, 4])('is decoded anew when its byte %i changes', (byte) => {
    let expected = 0;
    for (let n = 0; n < 20; n++) expected = (expected + 1 + n * 2 ** (8 * (byte - 1))) | 0;
    for (const split of [1, 2, 3, 4]) {
      expectEax({ code: loop(byte), at: PAGE - split, registers: { [RCX]: 20n } }, expected);
    }
  });
});

describe('string instructions over code', () => {
  test('REP STOSB erases the instructions behind it', () => {
    const registers = { 0: 0x90n, [RCX]: 10n, [RDI]: BigInt(CODE + 2) };
    expectEax({ code: [0xf3, 0xaa, ...movEax(1), ...movEax(2)], registers }, 0x90);
  });

  test('REP MOVSB replaces a routine that has run, and itself', () => {
    const routine = [...movEax(5), 0xc3];
    const other = [...movEax(6), 0xc3];
    const call = [0xe8, ...dword(PAGE - 5)];
    const copy = [0xf3, 0xa4];
    const again = [0xe8, ...dword(PAGE - 12)];
    const registers = {
      [RCX]: 6n,
      [RSI]: BigInt(CODE + 2 * PAGE),
      [RDI]: BigInt(CODE + PAGE),
      [RSP]: BigInt(CODE + 4 * PAGE),
    };
    const data = { [PAGE]: routine, [2 * PAGE]: other };
    expectEax({ code: [...call, ...copy, ...again], registers, data }, 6);
    // Copies "mov $9, %eax; ud2" over itself and what follows.
    const bytes = [0x90, 0x90, ...movEax(9), ...UD2];
    const self = { [RCX]: BigInt(bytes.length), [RSI]: BigInt(CODE + PAGE), [RDI]: BigInt(CODE) };
    expectEax({ code: [...copy, ...movEax(1)], registers: self, data: { [PAGE]: bytes } }, 9);
  });
});

describe('random loops whose stores change each other', () => {
  test.for([1, 2, 3, 4, 5, 6, 7, 8])('do what a model says (seed %i)', (seed) => {
    const random = seededRandom(seed);
    for (let round = 0; round < 12; round++) {
      const slots = Array.from({ length: 3 + random(60) }, () => (random(3) === 0 ? 'store' : 'add'));
      const values = slots.map(() => random(256));
      const targets = slots.map(() => random(slots.length));
      // add $imm32, %eax is 5 bytes with the value at 1; movb $imm8, disp32(%rip) is 7 with the value at 6.
      const starts: number[] = [];
      let length = 0;
      for (const slot of slots) {
        starts.push(length);
        length += slot === 'add' ? 5 : 7;
      }
      const valueAt = (i: number): number => starts[i]! + (slots[i] === 'add' ? 1 : 6);
      const body = slots.flatMap((slot, i) =>
        slot === 'add' ? [0x05, ...dword(values[i]!)] : storeByte(valueAt(targets[i]!) - starts[i]! - 7, values[i]!),
      );
      const times = 1 + random(6);
      const code = [...body, 0xff, 0xc9, 0x0f, 0x85, ...dword(-(length + 8))];
      const at = random(2) === 0 ? random(256) : PAGE - 1 - random(Math.min(length, PAGE - 1));

      let eax = 0;
      for (let time = 0; time < times; time++) {
        slots.forEach((slot, i) => {
          if (slot === 'add') eax = (eax + values[i]!) | 0;
          else values[targets[i]!] = values[i]!;
        });
      }
      expectEax({ code, at, registers: { [RCX]: BigInt(times) } }, eax);
    }
  });
});
