import { describe, expect, it } from 'vitest';
import { S } from '../cpu/layout.ts';
import { CR4 } from '../registers/cr.ts';
import { RFLAGS } from '../registers/rflags.ts';
import { BareMachine } from './oracle/bareMachine.ts';

const CODE = 0x400000;
const STACK = 0x600000;

describe('in the middle of a straight line', () => {
  it('POPF that clears AC closes user pages to the supervisor at once (SDM vol. 3A, 4.6.1)', () => {
    const machine = new BareMachine({ mode: 64, cpl: 0 });
    const { cpu, engine } = machine;
    machine.map(CODE, 0x1000);
    machine.map(STACK, 0x1000);
    // push $2; popf; mov (%rsp), %rax; hlt
    [0x6a, 0x02, 0x9d, 0x48, 0x8b, 0x04, 0x24, 0xf4].forEach((byte, i) => {
      cpu.writeLinear(BigInt(CODE + i), 1, BigInt(byte));
    });
    cpu.setLow(S.cr4, cpu.low(S.cr4) | CR4.SMAP);
    cpu.tlb.flush();
    cpu.rflags = RFLAGS.AC | 2;
    cpu.setReg(4, BigInt(STACK + 0x800));
    cpu.rip = BigInt(CODE);
    engine.run(1000);
    expect(machine.fault?.name).toBe('#PF');
    expect(machine.fault?.why.actual).toContain('CR4.SMAP');
  });
});
