/** Deliveries that are refused outside IA-32e mode know which checks held, and what was looked at. */
import { describe, expect, test } from 'vitest';
import { CR0 } from '../../registers/cr.ts';
import { Cpu } from '../cpu.ts';
import { Fault, Vector } from '../fault.ts';
import { S, TR } from '../layout.ts';
import { PhysicalMemory } from '../physicalMemory.ts';
import { PROFILES } from '../profile.ts';
import { CS, setSegment, SS } from '../segmentation.ts';
import { enterHandler } from './deliver.ts';

const GDT = 0x1000;
const IDT = 0x2000;
const TSS = 0x3000;
const CODE0 = 0x08;
const DATA0 = 0x10;
const VECTOR = 13;

const word = (cpu: Cpu, at: number, low: number, high: number): void => {
  cpu.memory.write32(at, low);
  cpu.memory.write32(at + 4, high);
};
/** A 32-bit interrupt gate to CODE0:5000h. */
const gate = (cpu: Cpu, selector: number, attributes = 0x8e00): void =>
  word(cpu, IDT + VECTOR * 8, (selector << 16) | 0x5000, attributes);

/** Flat 32-bit protected mode in ring 3, everything in place for a #GP to go to ring 0. */
function ring3(): Cpu {
  const cpu = new Cpu(new PhysicalMemory(1 << 20), PROFILES.intel);
  cpu.setLow(S.cr0, CR0.PE);
  setSegment(cpu, CS, 0x1b, 0n, -1, 0xcffb);
  setSegment(cpu, SS, 0x23, 0n, -1, 0xcff3);
  setSegment(cpu, TR, 0x28, BigInt(TSS), 0x67, 0x8b);
  cpu.setCpl(3);
  cpu.setLow(S.gdtrBase, GDT);
  cpu.setLow(S.gdtrLimit, 0x2f);
  cpu.setLow(S.idtrBase, IDT);
  cpu.setLow(S.idtrLimit, 0x7ff);
  word(cpu, GDT + CODE0, 0xffff, 0x00cf9a00);
  word(cpu, GDT + DATA0, 0xffff, 0x00cf9200);
  gate(cpu, CODE0);
  word(cpu, TSS + 4, 0x9000, DATA0);
  return cpu;
}

const event = { vector: VECTOR, errorCode: 0, software: false, resume: true };

function refusal(cpu: Cpu): Fault {
  try {
    enterHandler(cpu, event);
  } catch (e) {
    if (e instanceof Fault) return e;
    throw e;
  }
  throw new Error('nothing was refused');
}

const GATE = [
  'the gate lies within the IDT',
  'the gate is no task gate: hardware task switching is not part of this machine',
  'the IDT entry is an interrupt or trap gate',
];
const HANDLER = [
  ...GATE,
  'the gate is present',
  "the gate's code selector is not null",
  "the gate's code selector lies within its table",
  'the handler is code with DPL <= CPL',
  "the handler's segment is present",
];

test('in place, the delivery goes to ring 0 on the stack of the TSS', () => {
  const cpu = ring3();
  enterHandler(cpu, event);
  expect([cpu.cpl, cpu.selector(CS), cpu.selector(SS), cpu.reg(4)]).toEqual([0, CODE0, DATA0, 0x9000n - 24n]);
});

describe('refused (SDM vol. 2A, INT n; vol. 3A, 6.12.1)', () => {
  test('the gate is not present: #NP with the vector', () => {
    const cpu = ring3();
    gate(cpu, CODE0, 0x0e00);
    const fault = refusal(cpu);
    expect([fault.vector, fault.errorCode]).toEqual([Vector.NP, VECTOR * 8 + 3]);
    expect(fault.passed).toEqual(GATE);
    expect(fault.why.where).toMatchObject({ kind: 'descriptor', selector: VECTOR * 8, field: 'P', gateBytes: 8 });
  });

  test('the IDT is too short: #GP about IDTR, and the least limit that would do', () => {
    const cpu = ring3();
    cpu.setLow(S.idtrLimit, VECTOR * 8);
    const fault = refusal(cpu);
    expect(fault.passed).toEqual([]);
    expect(fault.why.where).toEqual({
      kind: 'register',
      name: 'IDTR.limit',
      value: BigInt(VECTOR * 8),
      least: BigInt(VECTOR * 8 + 7),
    });
  });

  test('SS0 of the TSS is null: #TS about that field', () => {
    const cpu = ring3();
    word(cpu, TSS + 4, 0x9000, 0);
    const fault = refusal(cpu);
    expect([fault.vector, fault.errorCode]).toEqual([Vector.TS, 1]);
    expect(fault.passed).toEqual([...HANDLER, 'the stack pointer lies within the TSS']);
    expect(fault.why.where).toEqual({
      kind: 'structure',
      name: 'SS0',
      of: 'the TSS',
      linear: BigInt(TSS + 8),
      bytes: 2,
      value: 0n,
    });
  });

  test('the new stack is not present: #SS with its selector', () => {
    const cpu = ring3();
    word(cpu, GDT + DATA0, 0xffff, 0x00cf1200);
    const fault = refusal(cpu);
    expect([fault.vector, fault.errorCode]).toEqual([Vector.SS, DATA0 | 1]);
    expect(fault.passed.at(-1)).toBe('the new stack is writable data');
    expect(fault.why.where).toMatchObject({ kind: 'descriptor', selector: DATA0, field: 'P' });
  });

  test('the frame does not fit, or the target lies past its limit: nothing has changed', () => {
    const small = ring3();
    word(small, GDT + DATA0, 0x0fff, 0x00409200);
    const room = refusal(small);
    expect([room.vector, room.errorCode]).toEqual([Vector.SS, DATA0 | 1]);
    const short = ring3();
    word(short, GDT + CODE0, 0x0fff, 0x00409a00);
    const target = refusal(short);
    expect([target.vector, target.errorCode]).toEqual([Vector.GP, 1]);
    expect(target.passed.at(-1)).toBe('what is pushed lies within the stack segment');
    expect(target.why.where).toMatchObject({ kind: 'descriptor', field: 'Offset', gateBytes: 8 });
    for (const cpu of [small, short]) expect([cpu.cpl, cpu.selector(SS), cpu.reg(4)]).toEqual([3, 0x23, 0n]);
  });
});
