/** Hardware task switches are left out: whatever would make one is refused, and the refusal says so. */
import { expect, test } from 'vitest';
import { CR0 } from '../../registers/cr.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import { Cpu } from '../cpu.ts';
import { Fault, Vector } from '../fault.ts';
import { S } from '../layout.ts';
import { PhysicalMemory } from '../physicalMemory.ts';
import { PROFILES } from '../profile.ts';
import { routineOf } from '../routines/index.ts';
import { CS, setSegment, SS } from '../segmentation.ts';
import { decode } from '../../isa/decode.ts';
import { enterHandler } from './deliver.ts';

const TABLE = 0x1000;
const TASK_GATE = 0x8500;
const TSS = 0x8900;
const CODE = 0xcf9a;
const DATA = 0xcf92;

/** Flat 32-bit protected mode at CPL 0, with a table that serves as GDT and IDT. */
function protectedCpu(): Cpu {
  const cpu = new Cpu(new PhysicalMemory(1 << 20), PROFILES.intel);
  cpu.setLow(S.cr0, CR0.PE);
  setSegment(cpu, CS, 8, 0n, -1, CODE);
  setSegment(cpu, SS, 0x10, 0n, -1, DATA);
  for (const at of [S.gdtrBase, S.idtrBase]) cpu.setLow(at, TABLE);
  for (const at of [S.gdtrLimit, S.idtrLimit]) cpu.setLow(at, 0xff);
  return cpu;
}

function refusal(run: () => unknown): Fault {
  try {
    run();
  } catch (e) {
    if (e instanceof Fault) return e;
    throw e;
  }
  throw new Error('nothing was refused');
}

function execute(cpu: Cpu, bytes: readonly number[]): unknown {
  const insn = decode(Uint8Array.from(bytes), 0, bytes.length, 32);
  if ('invalid' in insn) throw new Error('not an instruction');
  return routineOf(insn)(cpu, insn);
}

test('an interrupt through a task gate', () => {
  const cpu = protectedCpu();
  cpu.memory.write32(TABLE + 0x14 * 8 + 4, TASK_GATE);
  const event = { vector: 0x14, errorCode: null, software: true, resume: false };
  const fault = refusal(() => enterHandler(cpu, event));
  expect([fault.vector, fault.errorCode]).toEqual([Vector.GP, 0x14 * 8 + 2]);
  expect(fault.why.check).toContain('hardware task switching is not part of this machine');
});

test.each([
  ['a TSS', TSS],
  ['a task gate', TASK_GATE],
])('a far JMP to %s', (_, high) => {
  const cpu = protectedCpu();
  cpu.memory.write32(TABLE + 0x18 + 4, high);
  const fault = refusal(() => execute(cpu, [0xea, 0, 0, 0, 0, 0x18, 0]));
  expect([fault.vector, fault.errorCode]).toEqual([Vector.GP, 0x18]);
  expect(fault.why.actual).toContain('hardware task switching is not part of this machine');
});

test('IRET with NT = 1', () => {
  const cpu = protectedCpu();
  cpu.rflags = RFLAGS.NT | 2;
  const fault = refusal(() => execute(cpu, [0xcf]));
  expect([fault.vector, fault.errorCode]).toEqual([Vector.GP, 0]);
  expect(fault.why.actual).toContain('hardware task switching is not part of this machine');
});
