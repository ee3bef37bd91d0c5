/** IRET in all modes (SDM vol. 2A, IRET/IRETD/IRETQ). Unlike SYSRET it reads descriptors. */
import { ATTRIBUTE, DPL_SHIFT } from '../../registers/descriptor.ts';
import { IOPL_SHIFT, RFLAGS } from '../../registers/rflags.ts';
import type { Instruction } from '../../isa/instruction.ts';
import { type Cpu, Reg } from '../cpu.ts';
import { Fault, generalProtection, hex, Vector } from '../fault.ts';
import { Outcome, S } from '../layout.ts';
import { peekStack, setStackPointer } from '../routines/operands.ts';
import {
  attributesOf,
  CS,
  type Descriptor,
  dplOf,
  isConforming,
  markDescriptor,
  protectedMode,
  setRealSegment,
  setSegment,
  setSegmentFrom,
  SS,
} from '../segmentation.ts';
import { checkReturnCode, checkReturnStack, checkTarget, longActive, requireDescriptor } from './codeSegment.ts';
import { check, effect, keeps, type Microcode, runMicrocode, type Step } from './microcode.ts';
import { seenDescriptor } from './seen.ts';
import { microcoded } from './registry.ts';

const MANUAL = 'SDM vol. 2A, IRET';
const T = {
  rip: S.temp,
  cs: S.temp + 8,
  flags: S.temp + 16,
  rsp: S.temp + 24,
  ss: S.temp + 32,
  code: S.temp + 40,
  stack: S.temp + 48,
};
const FRAME = ['RIP', 'CS', 'RFLAGS', 'RSP', 'SS'];
const FRAME_SLOTS = [T.rip, T.cs, T.flags, T.rsp, T.ss];
const show =
  (offset: number) =>
  (cpu: Cpu): string =>
    hex(cpu.get(offset));
const cs = (cpu: Cpu): number => cpu.low(T.cs) & 0xffff;
const ss = (cpu: Cpu): number => cpu.low(T.ss) & 0xffff;
const descriptor = (cpu: Cpu, at: number): Descriptor => ({ low: cpu.low(at), high: cpu.high(at) });
const toLong = (cpu: Cpu): boolean => (attributesOf(descriptor(cpu, T.code)) & ATTRIBUTE.L) !== 0;

/** Flags IRET may write at a CPL and IOPL, for an operand of `bits` bits. */
export function iretFlags(cpu: Cpu, value: number, bits: number, cpl = cpu.cpl): number {
  let mask = RFLAGS.CF | RFLAGS.PF | RFLAGS.AF | RFLAGS.ZF | RFLAGS.SF | RFLAGS.TF | RFLAGS.DF | RFLAGS.OF | RFLAGS.NT;
  if (bits > 16) mask |= RFLAGS.RF | RFLAGS.AC | RFLAGS.ID;
  const iopl = (cpu.systemFlags >> IOPL_SHIFT) & 3;
  if (cpl <= iopl) mask |= RFLAGS.IF;
  if (cpl === 0) mask |= RFLAGS.IOPL | (bits > 16 ? RFLAGS.VIF | RFLAGS.VIP : 0);
  return (cpu.rflags & ~mask) | (value & mask);
}

/** DS, ES, FS and GS that an outer level may not keep become null, and null selectors lose their RPL (SDM vol. 3A, 5.8.6). */
export function dropPrivilegedSegments(cpu: Cpu, cpl: number): void {
  for (const n of [0, 3, 4, 5]) {
    const a = cpu.attributes(n);
    if (dplOf(a) < cpl && (a & ATTRIBUTE.S) !== 0 && !isConforming(a)) setSegment(cpu, n, 0, 0n, 0, 0);
    else if ((cpu.selector(n) & 0xfffc) === 0) cpu.setSelector(n, 0);
  }
}

function iretLong(operandSize: number): Microcode {
  const bytes = operandSize / 8;
  const steps: Step[] = [
    check(
      'NT = 0: no nested task',
      (cpu) => (cpu.systemFlags & RFLAGS.NT) === 0,
      '#GP(0)',
      (cpu) => nestedTask(cpu),
      {
        from: ['rflags'],
      },
    ),
    effect(
      'read RIP, CS, RFLAGS, RSP and SS from the stack',
      (cpu) => {
        FRAME_SLOTS.forEach((slot, i) => cpu.set(slot, peekStack(cpu, bytes, i * bytes)));
      },
      {
        value: (cpu) => `RIP ${hex(cpu.get(T.rip))}, CS ${hex(cs(cpu))}, SS ${hex(ss(cpu))}`,
        from: ['rsp', 'frame'],
        seen: (cpu) => [
          {
            name: 'frame',
            title: 'the frame that RSP points at',
            form: 'words',
            address: cpu.reg(Reg.rsp),
            words: FRAME.map((name, i) => ({ name, value: cpu.get(FRAME_SLOTS[i] as number) })),
          },
        ],
      },
    ),
    effect(
      'read the descriptor of CS',
      (cpu) => {
        const d = requireDescriptor(cpu, cs(cpu), 'the return CS', MANUAL);
        cpu.set64(T.code, d.low, d.high);
      },
      {
        value: show(T.code),
        flows: [{ from: 'frame.CS', to: 'code', by: 'names' }],
        seen: (cpu) => [seenDescriptor(cpu, 'code', cs(cpu), T.code)],
        note: 'The GDT is read here; SYSRET does not do this.',
      },
    ),
    {
      ...effect('CS is code whose DPL and RPL fit, and present', (cpu) =>
        checkReturnCode(cpu, cs(cpu), descriptor(cpu, T.code), MANUAL),
      ),
      kind: 'check',
      otherwise: '#GP(CS), #NP(CS)',
      value: (cpu) => `RPL ${cs(cpu) & 3}, DPL ${dplOf(attributesOf(descriptor(cpu, T.code)))}`,
      from: ['cpl', 'frame.CS', 'code.DPL', 'code.P', 'code.L'],
    },
    {
      ...effect('the descriptor of SS: writable data, RPL and DPL that of CS, present', (cpu) => {
        const d = checkReturnStack(cpu, ss(cpu), cs(cpu) & 3, toLong(cpu), MANUAL);
        cpu.set64(T.stack, d?.low ?? 0, d?.high ?? 0);
      }),
      kind: 'check',
      otherwise: '#GP(SS), #SS(SS)',
      value: show(T.stack),
      flows: [{ from: 'frame.SS', to: 'data', by: 'names' }],
      from: ['data.DPL', 'data.W', 'data.P'],
      seen: (cpu) => (cpu.get(T.stack) === 0n ? [] : [seenDescriptor(cpu, 'data', ss(cpu), T.stack)]),
    },
    {
      ...effect('RIP is canonical, or within the limit of CS', (cpu) =>
        checkTarget(cpu, descriptor(cpu, T.code), cpu.get(T.rip), MANUAL),
      ),
      kind: 'check',
      otherwise: '#GP(0)',
      value: show(T.rip),
      from: ['frame.RIP'],
    },
    effect(
      'RFLAGS ← the saved flags, as far as CPL and IOPL allow',
      (cpu) => {
        cpu.rflags = iretFlags(cpu, cpu.low(T.flags), operandSize);
      },
      { value: (cpu) => hex(cpu.rflags), flows: [{ from: 'frame.RFLAGS', to: 'rflags' }] },
    ),
    effect(
      'CPL ← RPL of CS',
      (cpu) => {
        cpu.setLow(S.temp + 56, cpu.cpl);
        cpu.setCpl(cs(cpu) & 3);
      },
      { value: (cpu) => `${cpu.cpl}`, flows: [{ from: 'frame.CS', to: 'cpl', by: 'RPL' }] },
    ),
    effect(
      'CS ← selector and descriptor',
      (cpu) => {
        markDescriptor(cpu, cs(cpu), descriptor(cpu, T.code), ATTRIBUTE.A);
        setSegmentFrom(cpu, CS, cs(cpu), descriptor(cpu, T.code));
      },
      {
        value: (cpu) => hex(cpu.selector(CS)),
        flows: [
          { from: 'frame.CS', to: 'cs' },
          { from: 'code', to: 'cs', by: 'hidden part' },
        ],
      },
    ),
    effect(
      'SS ← selector and descriptor',
      (cpu) => {
        if (cpu.get(T.stack) === 0n) setSegment(cpu, SS, ss(cpu), 0n, 0, (cpu.cpl << DPL_SHIFT) | ATTRIBUTE.B);
        else {
          markDescriptor(cpu, ss(cpu), descriptor(cpu, T.stack), ATTRIBUTE.A);
          setSegmentFrom(cpu, SS, ss(cpu), descriptor(cpu, T.stack));
        }
      },
      {
        value: (cpu) => hex(cpu.selector(SS)),
        flows: (cpu) => [
          { from: 'frame.SS', to: 'ss' },
          ...(cpu.get(T.stack) === 0n ? [] : [{ from: 'data', to: 'ss', by: 'hidden part' }]),
        ],
      },
    ),
    effect('RSP ← the saved RSP', (cpu) => setStackPointer(cpu, cpu.get(T.rsp)), {
      value: (cpu) => hex(cpu.reg(Reg.rsp)),
      flows: [{ from: 'frame.RSP', to: 'rsp' }],
    }),
    effect(
      'RIP ← the saved RIP',
      (cpu) => {
        cpu.copy64(S.rip, T.rip);
        if (cpu.cpl > cpu.low(S.temp + 56)) dropPrivilegedSegments(cpu, cpu.cpl);
        admitNmi(cpu);
      },
      { value: show(S.rip), flows: [{ from: 'frame.RIP', to: 'rip' }], note: 'NMIs are let in again.' },
    ),
    keeps("IA32_GS_BASE and IA32_KERNEL_GS_BASE stay: SWAPGS is the kernel's business", {
      to: ['IA32_GS_BASE', 'IA32_KERNEL_GS_BASE'],
    }),
  ];
  return { name: operandSize === 64 ? 'IRETQ' : operandSize === 32 ? 'IRETD' : 'IRET', manual: MANUAL, steps };
}

const LONG: Readonly<Record<number, Microcode>> = { 16: iretLong(16), 32: iretLong(32), 64: iretLong(64) };

/** NMIs are let in again (SDM vol. 3A, 6.7.1). */
function admitNmi(cpu: Cpu): void {
  cpu.setLow(S.nmiBlocked, 0);
  if (cpu.low(S.nmiPending) !== 0) cpu.attention = true;
}

const nestedTask = (_cpu: Cpu): Fault =>
  generalProtection(
    0,
    'NT = 0: no return to a nested task',
    '0',
    '1 (hardware task switching is not part of this machine)',
    MANUAL,
  );

microcoded(
  'iret',
  (cpu, insn) => (cpu.long ? LONG[insn.operandSize] : undefined),
  (cpu, insn) => {
    if (cpu.long) runMicrocode(cpu, LONG[insn.operandSize] as Microcode);
    else iretLegacy(cpu, insn);
    if (!cpu.long) admitNmi(cpu);
    // An interrupt that was waiting for IF may come too.
    return cpu.attention ? Outcome.leaveAt : Outcome.jump;
  },
);

function iretLegacy(cpu: Cpu, insn: Instruction): void {
  const bits = insn.operandSize;
  const bytes = bits / 8;
  const word = (n: number): bigint => peekStack(cpu, bytes, n * bytes);
  if (!protectedMode(cpu)) return iretReal(cpu, bits, word);
  if ((cpu.systemFlags & RFLAGS.NT) !== 0) throw nestedTask(cpu);
  const rip = word(0);
  const selector = Number(word(1)) & 0xffff;
  const flags = Number(word(2)) | 0;
  // There is no virtual-8086 mode in IA-32e mode.
  if ((flags & RFLAGS.VM) !== 0 && cpu.cpl === 0 && bits === 32 && !longActive(cpu))
    return iretToVirtual8086(cpu, rip, selector, flags, word);

  const code = requireDescriptor(cpu, selector, 'the return CS', MANUAL);
  checkReturnCode(cpu, selector, code, MANUAL);
  const cpl = selector & 3;
  const outer = cpl > cpu.cpl;
  const long = (attributesOf(code) & ATTRIBUTE.L) !== 0;
  const stackSelector = outer ? Number(word(4)) & 0xffff : 0;
  const pointer = outer ? word(3) : 0n;
  const stack = outer ? checkReturnStack(cpu, stackSelector, cpl, long, MANUAL) : null;
  checkTarget(cpu, code, rip, MANUAL);

  const newFlags = iretFlags(cpu, flags, bits);
  if (!outer) setStackPointer(cpu, cpu.reg(Reg.rsp) + BigInt(3 * bytes));
  cpu.setCpl(cpl);
  cpu.rflags = newFlags;
  markDescriptor(cpu, selector, code, ATTRIBUTE.A);
  setSegmentFrom(cpu, CS, selector, code);
  if (outer) {
    if (stack === null) setSegment(cpu, SS, stackSelector, 0n, 0, (cpl << DPL_SHIFT) | ATTRIBUTE.B);
    else {
      markDescriptor(cpu, stackSelector, stack, ATTRIBUTE.A);
      setSegmentFrom(cpu, SS, stackSelector, stack);
    }
    setStackPointer(cpu, pointer);
    dropPrivilegedSegments(cpu, cpl);
  }
  cpu.rip = rip;
}

function iretReal(cpu: Cpu, bits: number, word: (n: number) => bigint): void {
  const virtual8086 = (cpu.systemFlags & RFLAGS.VM) !== 0;
  if (virtual8086 && ((cpu.systemFlags >> IOPL_SHIFT) & 3) < 3) {
    throw new Fault(Vector.GP, 0, {
      check: 'IOPL = 3 for IRET in virtual-8086 mode',
      expected: '3',
      actual: `${(cpu.systemFlags >> IOPL_SHIFT) & 3}`,
      manual: MANUAL,
      where: { kind: 'instruction' },
    });
  }
  const rip = word(0);
  const selector = Number(word(1)) & 0xffff;
  const flags = Number(word(2)) | 0;
  if (rip > BigInt(cpu.limit(CS)))
    throw generalProtection(0, 'the return IP is within CS.limit', hex(cpu.limit(CS)), hex(rip), MANUAL);
  const wordMask = bits === 16 ? 0x7fd5 : 0x257fd5;
  const fixed = virtual8086 ? RFLAGS.IOPL | RFLAGS.VM | RFLAGS.VIF | RFLAGS.VIP : RFLAGS.VM | RFLAGS.VIF | RFLAGS.VIP;
  const mask = wordMask & ~fixed;
  setStackPointer(cpu, cpu.reg(Reg.rsp) + BigInt((3 * bits) / 8));
  cpu.rflags = (cpu.rflags & ~mask) | (flags & mask);
  setRealSegment(cpu, CS, selector);
  cpu.rip = rip;
}

function iretToVirtual8086(cpu: Cpu, rip: bigint, selector: number, flags: number, word: (n: number) => bigint): void {
  if (rip > 0xffffn)
    throw generalProtection(0, 'EIP is within 64 KiB for virtual-8086 mode', 'at most FFFFh', hex(rip), MANUAL);
  const [pointer, stack, es, ds, fs, gs] = [3, 4, 5, 6, 7, 8].map(word) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  cpu.rflags = iretFlags(cpu, flags, 32) | RFLAGS.VM;
  cpu.setCpl(3);
  setRealSegment(cpu, CS, selector);
  setRealSegment(cpu, SS, Number(stack) & 0xffff);
  cpu.setReg(Reg.rsp, pointer);
  setRealSegment(cpu, 0, Number(es) & 0xffff);
  setRealSegment(cpu, 3, Number(ds) & 0xffff);
  setRealSegment(cpu, 4, Number(fs) & 0xffff);
  setRealSegment(cpu, 5, Number(gs) & 0xffff);
  cpu.rip = rip;
}
