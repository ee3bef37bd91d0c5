import { expect, test } from 'vitest';
import { BareMachine } from '../engine/oracle/bareMachine.ts';
import { Fault } from '../cpu/fault.ts';
import { FLOAT_REGISTERS, floatViewOf, pokeFloatRegister, readFloatRegister } from './floatRegisters.ts';

const PI = 0x4000_c90fdaa22168c235n;
const fresh = () => {
  const { cpu } = new BareMachine({ mode: 64 });
  pokeFloatRegister(cpu, 'fcw', 0x37fn);
  pokeFloatRegister(cpu, 'fsw', 0n);
  return cpu;
};

test('every register takes a value of its width and keeps to it', () => {
  const cpu = fresh();
  FLOAT_REGISTERS.forEach((name, n) => {
    const value = name === 'mxcsr' ? 0x1fa0n : name.startsWith('f') ? 0x37fn : (PI << 7n) + BigInt(n);
    expect(pokeFloatRegister(cpu, name, value), name).toBe(true);
    const width = name.startsWith('xmm') ? 128 : name.startsWith('st') ? 80 : name === 'ftw' ? 8 : 32;
    expect(readFloatRegister(cpu, name), name).toBe(BigInt.asUintN(width, value));
  });
  expect(pokeFloatRegister(cpu, 'rax', 1n)).toBe(false);
  expect(readFloatRegister(cpu, 'rax')).toBeUndefined();
});

test('reserved bits are refused or do not stick', () => {
  const cpu = fresh();
  expect(() => pokeFloatRegister(cpu, 'mxcsr', 0x10000n)).toThrow(Fault);
  pokeFloatRegister(cpu, 'fcw', 0xffffn);
  expect(readFloatRegister(cpu, 'fcw')).toBe(0x1f7fn);
  // ES and B follow from what is pending and not masked (SDM vol. 1, 8.1.3.3).
  pokeFloatRegister(cpu, 'fcw', 0x37bn);
  pokeFloatRegister(cpu, 'fsw', 4n);
  expect(readFloatRegister(cpu, 'fsw')).toBe(0x8084n);
});

test('the stack is shown from its top, with what its bits mean', () => {
  const cpu = fresh();
  pokeFloatRegister(cpu, 'fsw', 6n << 11n);
  const values = [
    [PI, 'valid', 'normal', '≈3.14159265358979323851'],
    [0xbfff_8000000000000000n, 'valid', 'normal', '−1'],
    [0x8000_0000000000000000n, 'zero', 'zero', '−0'],
    [0x7fff_8000000000000000n, 'special', 'infinity', '∞'],
    [0x7fff_c000000000000005n, 'special', 'quiet NaN', 'payload 5'],
    [0x7fff_8000000000000001n, 'special', 'signaling NaN', 'payload 1'],
    [0x0000_0000000000000001n, 'special', 'denormal', '≈3.64519953188247460253e-4951'],
  ] as const;
  values.forEach(([bits], i) => pokeFloatRegister(cpu, `st${i}`, bits));
  const view = floatViewOf(cpu);
  expect(view.st.map(({ bits, tag, kind, text }) => [bits, tag, kind, text]).slice(0, 7)).toEqual(values);
  expect(view.st[7]?.tag).toBe('empty');
  // Two bits for each physical register: ST0 is R6, ST7, which is empty, R5.
  expect(view.tags).toBe(0b00_00_11_10_10_10_10_01n);
  pokeFloatRegister(cpu, 'st0', 0x4000_0000000000000000n);
  expect(floatViewOf(cpu).st[0]).toMatchObject({ tag: 'special', kind: 'unsupported' });
});
