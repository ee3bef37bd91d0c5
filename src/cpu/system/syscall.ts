/** SYSCALL and SYSRET (SDM vol. 2B; APM vol. 3; FACTS: no descriptor is read). */
import { ATTRIBUTE, DPL_SHIFT } from '../../registers/descriptor.ts';
import { DR6 } from '../../registers/debug.ts';
import { EFER } from '../../registers/efer.ts';
import { RFLAGS } from '../../registers/rflags.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { generalProtection, hex, undefinedOpcode } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { CS, SS } from '../segmentation.ts';
import * as x from '../language/expr.ts';
import type { Val } from '../language/expr.ts';
import type { Microstate } from '../language/microstate.ts';
import { define } from '../language/semantics.ts';
import { Crossing } from './crossing.ts';
import { atOnce, wordOf } from './atOnce.ts';
import { crossingInCode } from './inCode.ts';
import {
  codedCheck,
  codedEffect,
  effect,
  keeps,
  type Microcode,
  prepared,
  runMicrocode,
  type Step,
} from './microcode.ts';
import { microcoded } from './registry.ts';

const SYSCALL = 'SDM vol. 2B, SYSCALL';
const SYSRET = 'SDM vol. 2B, SYSRET';
const AMD_SYSCALL = 'APM vol. 3, SYSCALL';
const AMD_SYSRET = 'APM vol. 3, SYSRET';
/** Fixed hidden parts: accessed, present, flat. */
const CODE = ATTRIBUTE.P | ATTRIBUTE.S | ATTRIBUTE.Code | ATTRIBUTE.R | ATTRIBUTE.A | ATTRIBUTE.G;
const DATA = ATTRIBUTE.P | ATTRIBUTE.S | ATTRIBUTE.W | ATTRIBUTE.A | ATTRIBUTE.G | ATTRIBUTE.B;
const RING3 = 3 << DPL_SHIFT;

/** STAR[47:32] and STAR[63:48]. */
const starSyscall = (s: Microstate): Val => x.and(s.word(S.star + 4), x.i32(0xffff));
const starSysret = (s: Microstate): Val => x.shr(s.word(S.star + 4), x.i32(16));
const plus = (selector: Val, n: number): Val => x.and(x.add(selector, x.i32(n)), x.i32(0xffff));
const ringZeroSelector = (s: Microstate): Val => x.and(starSyscall(s), x.i32(0xfffc));
const ringThreeSelector = (s: Microstate, past: number): Val => x.or(plus(starSysret(s), past), x.i32(3));
const low32 = (v: Val): Val => x.extendU(x.wrap(v));
const selector = (cpu: Cpu, n: number): string => hex(cpu.selector(n));
const show =
  (offset: number) =>
  (cpu: Cpu): string =>
    hex(cpu.get(offset));

const enabled: Step = codedCheck(
  'IA32_EFER.SCE = 1',
  (s) => x.and(s.word(S.efer), x.i32(EFER.SCE)),
  '#UD',
  (cpu) =>
    undefinedOpcode('IA32_EFER.SCE = 1', '1', '0', SYSCALL, {
      kind: 'register',
      name: 'IA32_EFER',
      value: cpu.get(S.efer),
      field: 'SCE',
    }),
  { value: (cpu) => ((cpu.low(S.efer) & EFER.SCE) !== 0 ? '1' : '0'), from: ['IA32_EFER.SCE'] },
);
const in64: Step = codedCheck(
  'CS.L = 1 and IA32_EFER.LMA = 1: 64-bit mode',
  (s) => x.eq(s.word(S.codeSize), x.i32(64)),
  '#UD',
  (cpu) =>
    undefinedOpcode('the processor is in 64-bit mode', '64-bit code', `${cpu.low(S.codeSize)}-bit code`, SYSCALL),
  { value: (cpu) => `${cpu.low(S.codeSize)}-bit code`, from: ['IA32_EFER.LMA', 'cs'] },
);

const saveReturn: Step = codedEffect(
  'RCX ← address of the next instruction',
  (s) => s.setWide(8 * Reg.rcx, s.nextRip()),
  {
    value: show(8 * Reg.rcx),
    flows: [{ from: 'next RIP', to: 'rcx' }],
    note: 'The return address goes into a register: no stack is touched.',
  },
);
const saveFlags: Step = codedEffect(
  'R11 ← RFLAGS, RF cleared',
  (s) => s.setWide(8 * Reg.r11, x.extendU(x.and(s.rflags(), x.i32(~RFLAGS.RF)))),
  {
    value: show(8 * Reg.r11),
    flows: [{ from: 'rflags', to: 'r11' }],
  },
);
const enter = (name: string, field: number): Step =>
  codedEffect(`RIP ← ${name}`, (s) => s.setRip(s.wide(field)), {
    value: show(S.rip),
    flows: [{ from: name, to: 'rip' }],
  });
const maskFlags: Step = codedEffect(
  'RFLAGS ← RFLAGS and not IA32_FMASK',
  (s) => s.setRflags(x.and(x.and(s.rflags(), x.xor(s.word(S.fmask), x.i32(-1))), x.i32(~RFLAGS.RF))),
  {
    value: (cpu) => hex(cpu.rflags),
    from: ['IA32_FMASK'],
    to: ['rflags'],
    strikes: (cpu) => ({ name: 'IA32_FMASK', mask: cpu.low(S.fmask) }),
    note: 'Every 1 in IA32_FMASK clears its flag.',
  },
);
const kernelCode: Step = codedEffect(
  'CS ← STAR[47:32] with RPL 0; hidden part fixed: base 0, limit 4 GiB, DPL 0, L = 1',
  (s) => s.setFlatSegment(CS, ringZeroSelector(s), CODE | ATTRIBUTE.L),
  {
    value: (cpu) => selector(cpu, CS),
    flows: [{ from: 'IA32_STAR[47:32]', to: 'cs', by: 'RPL 0' }],
    note: 'The hidden part is fixed. No descriptor is read from the GDT.',
  },
);
const kernelStack: Step = codedEffect(
  'SS ← STAR[47:32] + 8; hidden part fixed: base 0, limit 4 GiB, DPL 0, writable',
  (s) => s.setFlatSegment(SS, plus(ringZeroSelector(s), 8), DATA),
  {
    value: (cpu) => selector(cpu, SS),
    flows: [{ from: 'IA32_STAR[47:32]', to: 'ss', by: '+ 8' }],
    note: 'The hidden part is fixed. No descriptor is read from the GDT.',
  },
);
const ringZero: Step = codedEffect('CPL ← 0', (s) => s.setCpl(0), { value: () => '0', to: ['cpl'] });
const sameStack: Step = keeps("RSP stays: still the user's stack", {
  value: show(8 * Reg.rsp),
  to: ['rsp'],
  note: 'SYSCALL does not switch stacks; the kernel has to.',
});

const syscall64: Microcode = prepared('SYSCALL', SYSCALL, [
  enabled,
  in64,
  saveReturn,
  saveFlags,
  enter('IA32_LSTAR', S.lstar),
  maskFlags,
  kernelCode,
  kernelStack,
  ringZero,
  sameStack,
]);

/** AMD: from compatibility mode, in at CSTAR; the processor goes to 64-bit mode all the same. */
const syscallCompatibility: Microcode = prepared('SYSCALL', AMD_SYSCALL, [
  enabled,
  saveReturn,
  saveFlags,
  enter('IA32_CSTAR', S.cstar),
  maskFlags,
  kernelCode,
  kernelStack,
  ringZero,
  sameStack,
]);

/** AMD, legacy mode: EIP from STAR[31:0], no saved flags, no mask. */
const syscallLegacy: Microcode = prepared('SYSCALL', AMD_SYSCALL, [
  enabled,
  effect('ECX ← address of the next instruction', (cpu) => cpu.set64(8 * Reg.rcx, cpu.low(S.nextRip), 0), {
    value: show(8 * Reg.rcx),
    flows: [{ from: 'next RIP', to: 'rcx' }],
  }),
  effect('EIP ← STAR[31:0]', (cpu) => cpu.set64(S.rip, cpu.low(S.star), 0), {
    value: show(S.rip),
    flows: [{ from: 'IA32_STAR[31:0]', to: 'rip' }],
  }),
  effect(
    'IF, VM and RF ← 0',
    (cpu) => {
      cpu.rflags = cpu.rflags & ~(RFLAGS.IF | RFLAGS.VM | RFLAGS.RF);
    },
    {
      value: (cpu) => hex(cpu.rflags),
      to: ['rflags'],
      strikes: () => ({ name: 'SYSCALL', mask: RFLAGS.IF | RFLAGS.VM | RFLAGS.RF }),
    },
  ),
  effect(
    'CS ← STAR[47:32] with RPL 0; hidden part fixed: 32-bit, DPL 0',
    (cpu) => {
      const s = atOnce(cpu);
      s.setFlatSegment(CS, ringZeroSelector(s), CODE | ATTRIBUTE.D);
    },
    { value: (cpu) => selector(cpu, CS), flows: [{ from: 'IA32_STAR[47:32]', to: 'cs', by: 'RPL 0' }] },
  ),
  kernelStack,
  ringZero,
  sameStack,
]);

/** TF counts as it is after SYSCALL and SYSRET: a masked TF does not trap in the kernel, and SYSRET traps at once. */
function crossed(cpu: Cpu): number {
  if ((cpu.systemFlags & RFLAGS.TF) === 0) return Outcome.jump;
  cpu.debugHits |= DR6.BS;
  cpu.attention = true;
  return Outcome.leaveAt;
}

function syscallFor(cpu: Cpu): Microcode {
  if (cpu.profile.model === 'intel' || cpu.long) return syscall64;
  return (cpu.low(S.efer) & EFER.LMA) !== 0 ? syscallCompatibility : syscallLegacy;
}

microcoded('syscall', syscallFor, (cpu) => {
  runMicrocode(cpu, syscallFor(cpu));
  return crossed(cpu);
});

const fromRingZero: Step = codedCheck(
  'CPL = 0',
  (s) => x.eqz(s.word(S.cpl)),
  '#GP(0)',
  (cpu) => generalProtection(0, 'CPL = 0', '0', `${cpu.cpl}`, SYSRET),
  { value: (cpu) => `${cpu.cpl}`, from: ['cpl'] },
);
const canonicalReturn = (when: string): Step =>
  codedCheck(
    `RCX is canonical${when}`,
    // Bits 63:47 are all 0 or all 1.
    (s) => x.leU(x.add(x.sar(x.wrap(x.shr(s.wide(8 * Reg.rcx), x.i64(32n))), x.i32(15)), x.i32(1)), x.i32(1)),
    '#GP(0)',
    (cpu) =>
      generalProtection(0, 'RCX is canonical', 'bits 63:47 equal', hex(cpu.reg(Reg.rcx)), SYSRET, {
        kind: 'register',
        name: 'RCX',
        value: cpu.reg(Reg.rcx),
      }),
    {
      value: show(8 * Reg.rcx),
      from: ['rcx'],
      note: 'A failure is raised here at CPL 0, on whatever stack RSP names: the class of CVE-2012-0217.',
    },
  );
const leave64: Step = codedEffect('RIP ← RCX', (s) => s.setRip(s.wide(8 * Reg.rcx)), {
  value: show(S.rip),
  flows: [{ from: 'rcx', to: 'rip' }],
});
const leave32: Step = codedEffect('RIP ← ECX', (s) => s.setRip(low32(s.wide(8 * Reg.rcx))), {
  value: show(S.rip),
  flows: [{ from: 'rcx[31:0]', to: 'rip' }],
});
/** Bits of R11 that reach RFLAGS: all defined ones but RF and VM. */
const RETURNED_FLAGS = 0x3c7fd7;
const restoreFlags: Step = codedEffect(
  'RFLAGS ← (R11 and 3C7FD7h) or 2',
  (s) => s.setRflags(x.or(x.and(x.wrap(s.wide(8 * Reg.r11)), x.i32(RETURNED_FLAGS)), x.i32(2))),
  { value: (cpu) => hex(cpu.rflags), flows: [{ from: 'r11', to: 'rflags', by: 'and 3C7FD7h, or 2' }] },
);
const userCode64: Step = codedEffect(
  'CS ← (STAR[63:48] + 16) or 3; hidden part fixed: base 0, limit 4 GiB, DPL 3, L = 1',
  (s) => s.setFlatSegment(CS, ringThreeSelector(s, 16), CODE | RING3 | ATTRIBUTE.L),
  {
    value: (cpu) => selector(cpu, CS),
    flows: [{ from: 'IA32_STAR[63:48]', to: 'cs', by: '+ 16, or 3' }],
    note: 'No descriptor is read: whatever the GDT says there, the segment is 64-bit code.',
  },
);
const userCode32: Step = codedEffect(
  'CS ← STAR[63:48] or 3; hidden part fixed: base 0, limit 4 GiB, DPL 3, L = 0, D = 1',
  (s) => s.setFlatSegment(CS, ringThreeSelector(s, 0), CODE | RING3 | ATTRIBUTE.D),
  { value: (cpu) => selector(cpu, CS), flows: [{ from: 'IA32_STAR[63:48]', to: 'cs', by: 'or 3' }] },
);
const userStack: Step = codedEffect(
  'SS ← (STAR[63:48] + 8) or 3; hidden part fixed: base 0, limit 4 GiB, DPL 3, writable',
  (s) => s.setFlatSegment(SS, ringThreeSelector(s, 8), DATA | RING3),
  {
    value: (cpu) => selector(cpu, SS),
    flows: [{ from: 'IA32_STAR[63:48]', to: 'ss', by: '+ 8, or 3' }],
    note: 'No descriptor is read from the GDT.',
  },
);
/** AMD leaves the hidden part of SS as it was and does not force the RPL (APM vol. 3, SYSRET). */
const userStackAmd: Step = effect(
  'SS.selector ← STAR[63:48] + 8; the hidden part stays',
  (cpu) => cpu.setSelector(SS, wordOf(plus(starSysret(atOnce(cpu)), 8))),
  { value: (cpu) => selector(cpu, SS), flows: [{ from: 'IA32_STAR[63:48]', to: 'ss', by: '+ 8' }] },
);
const ringThree: Step = codedEffect('CPL ← 3', (s) => s.setCpl(3), { value: () => '3', to: ['cpl'] });
const keepStack: Step = keeps('RSP stays: the kernel has put the user stack back already', {
  value: show(8 * Reg.rsp),
  to: ['rsp'],
});

const tail = [ringThree, keepStack];
const intel64 = prepared('SYSRETQ', SYSRET, [
  enabled,
  in64,
  fromRingZero,
  canonicalReturn(''),
  leave64,
  restoreFlags,
  userCode64,
  userStack,
  ...tail,
]);
const intel32 = prepared('SYSRETL', SYSRET, [
  enabled,
  in64,
  fromRingZero,
  leave32,
  restoreFlags,
  userCode32,
  userStack,
  ...tail,
]);
// On AMD a return to a non-canonical address faults at the fetch, after the switch.
const amd64 = prepared('SYSRETQ', AMD_SYSRET, [
  enabled,
  fromRingZero,
  leave64,
  restoreFlags,
  userCode64,
  userStackAmd,
  ...tail,
]);
const amd32 = prepared('SYSRETL', AMD_SYSRET, [
  enabled,
  fromRingZero,
  leave32,
  restoreFlags,
  userCode32,
  userStackAmd,
  ...tail,
]);
const amdLegacy = prepared('SYSRET', AMD_SYSRET, [
  enabled,
  fromRingZero,
  leave32,
  effect(
    'IF ← 1',
    (cpu) => {
      cpu.rflags = cpu.rflags | RFLAGS.IF;
    },
    { value: (cpu) => hex(cpu.rflags), to: ['rflags'] },
  ),
  userCode32,
  userStackAmd,
  ...tail,
]);

const sysretFor = (cpu: Cpu, operandSize: number): Microcode => {
  if (cpu.profile.model === 'intel') return operandSize === 64 ? intel64 : intel32;
  if (!cpu.long) return amdLegacy;
  return operandSize === 64 ? amd64 : amd32;
};
microcoded(
  'sysret',
  (cpu, insn) => sysretFor(cpu, insn.operandSize),
  (cpu, insn) => {
    runMicrocode(cpu, sysretFor(cpu, insn.operandSize));
    return crossed(cpu);
  },
);

// From 64-bit code to 64-bit code both become generated code. SYSRET of AMD's rules is left to its routine.
define('syscall', 'reads', (c) => crossingInCode(c, Crossing.syscall, undefined, syscall64), { ends: 'ring' });
define('sysret', 'none', (c) => crossingInCode(c, Crossing.sysret, 0, intel64), { ends: 'ring' });
