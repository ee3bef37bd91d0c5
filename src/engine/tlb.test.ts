import { expect, test, vi } from 'vitest';
import { BareMachine } from './oracle/bareMachine.ts';
import type { RegionPolicy } from './regions/policy.ts';

const [CODE, DATA] = [0x10000000, 0x20000000];
const PAGE = 0x1000;
const ROUNDS = 1000;
const BUFFERS = 8;
const POLICIES: readonly RegionPolicy[] = ['off', 'on', 1];

const bytesOf = (n: number): number[] => [0, 8, 16, 24].map((shift) => (n >>> shift) & 0xff);
/** mov ecx, ROUNDS; an access to each buffer; dec ecx; jnz to the first; hlt. */
function program(stride: number, opcode: number): number[] {
  const accesses = Array.from({ length: BUFFERS }, (_, n) => [0x48, opcode, 0x86, ...bytesOf(n * stride)]).flat();
  return [0xb9, ...bytesOf(ROUNDS), ...accesses, 0xff, 0xc9, 0x0f, 0x85, ...bytesOf(-accesses.length - 8), 0xf4];
}

/** Accesses that the TLB did not answer. */
function unanswered(policy: RegionPolicy, stride: number, opcode: number): number {
  const machine = new BareMachine({ mode: 64, cpl: 0, ramBytes: 1 << 20, regions: policy });
  const { cpu } = machine;
  const code = machine.map(CODE, PAGE);
  machine.write(code, Uint8Array.from(program(stride, opcode)));
  for (let n = 0; n < BUFFERS; n++) machine.map(DATA + n * stride, PAGE);
  cpu.setReg(6, BigInt(DATA));
  const slow = vi.spyOn(cpu.access, 'slow');
  const count = 1 + ROUNDS * (BUFFERS + 2);
  for (let done = 0; done < count; ) done += machine.run(done === 0 ? BigInt(CODE) : cpu.rip, count - done);
  expect(cpu.reg(1)).toBe(0n);
  return slow.mock.calls.length;
}

const KIB = 1024;
const strides = [64 * KIB, 1024 * KIB, 4096 * KIB, 16384 * KIB, 65536 * KIB];
const [LOAD, STORE] = [0x8b, 0x89];

test.each(POLICIES)(
  'buffers at the same distance from each other do not push each other out of the TLB (%s)',
  (policy) => {
    for (const stride of strides) {
      expect([stride, unanswered(policy, stride, LOAD)]).toEqual([stride, BUFFERS]);
      expect([stride, unanswered(policy, stride, STORE)]).toEqual([stride, BUFFERS]);
    }
  },
);
