import { describe, expect, it } from 'vitest';
import { Cpu } from '../cpu/cpu.ts';
import { Halt, RAM, S } from '../cpu/layout.ts';
import { PhysicalMemory } from '../cpu/physicalMemory.ts';
import { PROFILES } from '../cpu/profile.ts';
import { resetCpu, startUp } from '../cpu/reset.ts';
import { CS } from '../cpu/segmentation.ts';
import { Engine } from '../engine/engine.ts';

/** mov %cs,%ax; mov %ax,0x500; mov $0x1234,%ax; mov %ax,%es; movw $0xbeef,%es:0x10; hlt */
const PROGRAM = [
  0x8c, 0xc8, 0xa3, 0x00, 0x05, 0xb8, 0x34, 0x12, 0x8e, 0xc0, 0x26, 0xc7, 0x06, 0x10, 0x00, 0xef, 0xbe, 0xf4,
];

describe('a start-up message (SDM vol. 3A, 8.4.3)', () => {
  it('begins in real-address mode at its page', () => {
    const cpu = new Cpu(new PhysicalMemory(1 << 20), PROFILES.intel);
    const engine = new Engine(cpu);
    resetCpu(cpu);
    cpu.setLow(S.halted, Halt.waitForStartup);
    cpu.bytes.set(PROGRAM, RAM + 0x8000);
    engine.run(100);
    expect(engine.pause).toBe('halted');
    startUp(cpu, 8);
    expect([cpu.selector(CS), cpu.baseOf(CS), cpu.rip, cpu.low(S.codeSize)]).toEqual([0x800, 0x8000n, 0n, 16]);
    engine.run(100);
    expect(cpu.low(S.halted)).toBe(Halt.halted);
    expect(cpu.view.getUint16(RAM + 0x500, true)).toBe(0x800);
    expect(cpu.view.getUint16(RAM + 0x12350, true)).toBe(0xbeef);
    expect(cpu.rip).toBe(BigInt(PROGRAM.length));
  });
});
