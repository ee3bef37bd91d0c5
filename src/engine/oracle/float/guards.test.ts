import { describe, expect, it } from 'vitest';
import { BareMachine } from '../bareMachine.ts';
import { CR0, CR4 } from '../../../registers/cr.ts';
import { vectorName } from '../../../cpu/fault.ts';
import { S } from '../../../cpu/layout.ts';

const [CODE, DATA] = [0x400000, 0x500000];
const CODES: Readonly<Record<string, readonly number[]>> = {
  fld1: [0xd9, 0xe8],
  'fnstcw [rbx]': [0xd9, 0x3b],
  fwait: [0x9b],
  'paddd mm0, mm1': [0x0f, 0xfe, 0xc1],
  emms: [0x0f, 0x77],
  'paddd xmm0, xmm1': [0x66, 0x0f, 0xfe, 0xc1],
  'mulsd xmm0, [rbx]': [0xf2, 0x0f, 0x59, 0x03],
  'movups xmm0, [rbx]': [0x0f, 0x10, 0x03],
  'dpps xmm0, xmm1, 1': [0x66, 0x0f, 0x3a, 0x40, 0xc1, 0x01],
  'cvtpi2pd xmm0, [rbx]': [0x66, 0x0f, 0x2a, 0x03],
  'fxsave [rbx]': [0x0f, 0xae, 0x03],
  'stmxcsr [rbx]': [0x0f, 0xae, 0x1b],
  'crc32 eax, ecx': [0xf2, 0x0f, 0x38, 0xf1, 0xc1],
  sfence: [0x0f, 0xae, 0xf8],
  xgetbv: [0x0f, 0x01, 0xd0],
};
const ALL = Object.keys(CODES);
const FREE = ['crc32 eax, ecx', 'sfence'];
const X87 = ['fld1', 'fnstcw [rbx]', 'fxsave [rbx]'];

/** The exception of every instruction under these control bits; those that raise none are left out. */
function refused(cr0: number, cr4: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ALL) {
    const machine = new BareMachine({ mode: 64 });
    const { cpu } = machine;
    machine.write(machine.map(CODE, 0x1000), Uint8Array.from([...(CODES[name] ?? []), 0xf4]));
    machine.map(DATA, 0x1000);
    cpu.setLow(S.cr0, cpu.low(S.cr0) | cr0);
    cpu.setLow(S.cr4, cpu.low(S.cr4) | cr4);
    cpu.setLow(S.mxcsr, 0x1f80);
    cpu.setLow(S.fcw, 0x37f);
    cpu.setReg(3, BigInt(DATA));
    machine.run(BigInt(CODE), 1);
    if (machine.fault !== null) found[name] = vectorName(machine.fault.vector);
  }
  return found;
}
const each = (names: readonly string[], exception: string): Record<string, string> =>
  Object.fromEntries(names.map((n) => [n, exception]));
const others = (...names: string[]): string[] => ALL.filter((n) => !names.includes(n) && !FREE.includes(n));

describe('which control bits let x87, MMX and SSE instructions run (SDM vol. 3A, 13.1)', () => {
  it('nothing is in their way with OSFXSR and OSXSAVE', () => {
    expect(refused(0, CR4.OSFXSR | CR4.OSXSAVE)).toEqual({});
  });
  it('CR4.OSXSAVE = 0: XGETBV is #UD; CR4.OSFXSR = 0: SSE is #UD, x87, MMX and FXSAVE run', () => {
    const free = [...X87, 'fwait', 'paddd mm0, mm1', 'emms'];
    expect(refused(0, 0)).toEqual(each(others(...free), '#UD'));
  });
  it('CR0.EM = 1: x87 and FXSAVE are #NM, MMX and SSE #UD, WAIT runs', () => {
    const sse = others(...X87, 'fwait', 'xgetbv');
    expect(refused(CR0.EM, CR4.OSFXSR | CR4.OSXSAVE)).toEqual({ ...each(X87, '#NM'), ...each(sse, '#UD') });
  });
  it('CR0.TS = 1: all are #NM, WAIT only with CR0.MP = 1', () => {
    const all = others('fwait', 'xgetbv');
    expect(refused(CR0.TS, CR4.OSFXSR | CR4.OSXSAVE)).toEqual(each(all, '#NM'));
    expect(refused(CR0.TS | CR0.MP, CR4.OSFXSR | CR4.OSXSAVE)).toEqual(each([...all, 'fwait'], '#NM'));
  });
});
