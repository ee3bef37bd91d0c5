/**
 * Where QEMU 7.2 does not do what the manual says. Each departure rewrites QEMU's record into what the manual asks for;
 * our machine is then held to that. A departure that never rewrites anything has outlived its time.
 */
import { FIRST_WATCH, NO_ERROR, type Outcome } from './record.ts';
import { refusal } from './refusal.ts';
import {
  allows,
  descriptorAt,
  isCanonical,
  isCode,
  isConforming,
  isDefault32,
  isLongCode,
  isPresent,
  mayEnter,
} from './tables.ts';
import type { TestCase } from './testCase.ts';

export interface Departure {
  /** What QEMU does. */
  readonly name: string;
  /** What the manual says, and where. */
  readonly manual: string;
  /** Rewrites QEMU's record where the departure shows. */
  readonly mend: (c: TestCase, theirs: Outcome) => void;
}

const RF = 0x10000n;
const ACCESSED = 0x20n;
const PAGE_FAULT = 14n;
const ERROR = { P: 1n, W: 2n, RSVD: 8n };
/** #DE, #BR, #UD, #NM, #TS, #NP, #SS, #GP, #PF, #AC. */
const FAULTS: ReadonlySet<bigint> = new Set([0n, 5n, 6n, 7n, 10n, 11n, 12n, 13n, PAGE_FAULT, 17n]);
const WITH_ERROR: ReadonlySet<bigint> = new Set([10n, 11n, 12n, 13n, PAGE_FAULT, 17n]);

/** True when the record is of a fault, not of an INT n with the same vector. */
function isFault(c: TestCase, o: Outcome): boolean {
  const vector = o.get('vector');
  if (!FAULTS.has(vector)) return false;
  return WITH_ERROR.has(vector) ? o.get('error') !== NO_ERROR : c.notes.get('software') !== Number(vector);
}

export const DEPARTURES: readonly Departure[] = [
  {
    name: 'the flags image of a fault has RF as it was',
    manual: 'SDM vol. 3B, 17.3.1.1: for every fault but an instruction breakpoint the pushed RF is 1',
    mend: (c, o) => {
      if (isFault(c, o)) o.set('rflags', o.get('rflags') | RF);
    },
  },
  {
    name: 'software interrupts and single steps push an RF that was loaded before them',
    manual:
      'SDM vol. 3B, 17.3.1.1: an instruction that succeeds clears RF, and a software interrupt does so as it starts',
    mend: (c, o) => {
      if (!isFault(c, o)) o.set('rflags', o.get('rflags') & ~RF);
    },
  },
  {
    name: 'an IST stack without a change of CPL makes SS null',
    manual: 'SDM vol. 3A, 6.14.4: SS becomes null with the new RPL on a change of privilege level, which there is none',
    mend: (c, o) => {
      // A handler that itself was interrupted at the level of the case.
      const within = isInterrupt(c) && moved(c, o) && (o.get('cs') & 3n) === (c.start('cs') & 3n);
      if (within && o.get('ss') < 4n) o.set('ss', c.start('ss'));
      if ((o.get('handlerCs') & 3n) === (o.get('cs') & 3n)) o.set('handlerSs', o.get('ss'));
    },
  },
  {
    name: 'the error code of a reserved bit has P = 0',
    manual: 'SDM vol. 3A, 4.7: reserved bits are looked at in present entries only, so RSVD = 1 comes with P = 1',
    mend: (_c, o) => {
      const error = o.get('error');
      if (o.get('vector') === PAGE_FAULT && (error & ERROR.RSVD) !== 0n) o.set('error', error | ERROR.P);
    },
  },
  {
    name: 'an instruction that reads and writes memory may be refused as a read',
    manual: 'SDM vol. 3A, 4.7: W = 1 for a write; such an instruction is checked as one access before it does anything',
    mend: (c, o) => {
      if (o.get('vector') === PAGE_FAULT && c.notes.get('updates') === true) o.set('error', o.get('error') | ERROR.W);
    },
  },
  {
    name: 'an access that is refused marks the leaf of its page accessed',
    manual: 'SDM vol. 3A, 4.8: A is set in an entry that was used for a translation; a refused access has none',
    mend: (c, o) => {
      const linear = c.notes.get('linear');
      if (o.get('vector') !== PAGE_FAULT || typeof linear !== 'bigint') return;
      const distance = o.get('cr2') - linear;
      if (distance < 0n || distance > 8n) return;
      c.watches.forEach(({ at, name }, i) => {
        if (name !== c.notes.get('leaf')) return;
        const before = c.written(at) ?? 0n;
        o.setWord(FIRST_WATCH + i, (o.watch(i) & ~ACCESSED) | (before & ACCESSED));
      });
    },
  },
  {
    name: 'LGS and LSS with REX.W load a pointer of 32 bits',
    manual: 'SDM vol. 2A, LDS/LES/LFS/LGS/LSS: with REX.W the memory operand is m16:64',
    mend: (c, o) => {
      const wide = c.notes.get('wide pointer');
      if (typeof wide === 'bigint' && o.get('vector') === 3n) o.set('rcx', wide);
    },
  },
  {
    name: 'LTR takes a 16-bit TSS in IA-32e mode',
    manual: 'SDM vol. 3A, table 3-2: in IA-32e mode types 1 and 3 are reserved; LTR raises #GP(selector) for no TSS',
    mend: (c, o) => {
      const absent = o.get('vector') === 11n && o.get('error') === BigInt(errorOf(c));
      if (isLoad(c, 'ltr') && (absent || took(c, o, 'tr')) && systemType(c) === 1)
        o.replace(refusal(c, 13, errorOf(c)));
    },
  },
  {
    name: 'LTR takes a null selector',
    manual: 'SDM vol. 2A, LTR: #GP(0) if the source operand is a null selector',
    mend: (c, o) => {
      if (isLoad(c, 'ltr') && took(c, o, 'tr') && errorOf(c) === 0) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a null selector in SS may have any RPL below CPL 3',
    manual: 'SDM vol. 2B, MOV: #GP(0) for a null SS in 64-bit mode if CPL = 3, or if CPL < 3 and CPL and RPL differ',
    mend: (c, o) => {
      const selector = BigInt(c.notes.get('selector') ?? 0);
      const loadsSs = c.notes.get('segment') === 'ss' && errorOf(c) === 0 && c.notes.get('mode') === '64';
      if (loadsSs && o.get('vector') === 3n && (selector & 3n) !== (c.start('cs') & 3n)) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'LLDT and LTR look at no more than the base in the upper half of a descriptor',
    manual:
      'SDM vol. 3A, 3.5.2 and 3.3.7.1: bits 12:8 of the third dword are 0 and the base is canonical, else #GP(selector)',
    mend: (c, o) => {
      const taken = (isLoad(c, 'ltr') && took(c, o, 'tr')) || (isLoad(c, 'lldt') && took(c, o, 'ldtr'));
      if (taken && errorOf(c) !== 0 && !goodTop(c)) o.replace(refusal(c, 13, errorOf(c)));
    },
  },
  {
    name: 'LAR and LSL know 16-bit system types in IA-32e mode',
    manual: 'SDM vol. 2A, LAR and LSL, tables of types: in IA-32e mode LDT, 64-bit TSS and, for LAR, 64-bit call gate',
    mend: (c, o) => {
      if (!(isLoad(c, 'lar') || isLoad(c, 'lsl')) || o.get('vector') !== 3n || errorOf(c) === 0) return;
      if (![1, 3, 4, 5].includes(systemType(c)) || o.get('rcx') === c.start('rcx')) return;
      o.set('rcx', c.start('rcx'));
      // In 32-bit code INC has overwritten ZF by now.
      if (c.notes.get('mode') !== '64') return;
      o.set('rflags', o.get('rflags') & ~ZF);
      o.set('handlerFlags', o.get('handlerFlags') & ~ZF);
    },
  },
  {
    name: 'a return takes code with both L and D',
    manual:
      'SDM vol. 2A, IRET, and 2B, RET: in IA-32e mode #GP(selector) if L = 1 and D = 1 in the return code segment',
    mend: (c, o) => {
      const code = descriptorAt(c, csOf(c));
      if (!isReturn(c) || isNested(c) || csOf(c) < 4 || code === undefined || !isCode(code)) return;
      if (BigInt(csOf(c) & 3) < (c.start('cs') & 3n) || !isLongCode(code) || !isDefault32(code)) return;
      o.replace(refusal(c, 13, csOf(c) & 0xfffc));
    },
  },
  {
    name: 'a return to a stack segment that is not present raises #NP',
    manual: 'SDM vol. 2A, IRET, and 2B, RET: #SS(selector) if the stack segment is not present',
    mend: (c, o) => {
      const code = descriptorAt(c, csOf(c)) ?? 0n;
      const error = BigInt(Number(c.notes.get('ss') ?? 0) & 0xfffc);
      const aboutStack = o.get('vector') === 11n && o.get('error') === error && isPresent(code);
      if (isReturn(c) && aboutStack && !moved(c, o)) o.replace(refusal(c, 12, Number(error)));
    },
  },
  {
    name: 'a return takes a null SS with any RPL, and in compatibility mode, below CPL 3',
    manual:
      'SDM vol. 2A, IRET: #GP(0) for a null SS unless it goes to 64-bit mode, not to CPL 3, and its RPL is the new CPL',
    mend: (c, o) => {
      const ss = BigInt(c.notes.get('ss') ?? 0);
      if (!isReturn(c) || !moved(c, o) || !loadsStack(c, o) || ss > 3n) return;
      const code = descriptorAt(c, csOf(c));
      const fine = code !== undefined && isLongCode(code) && (o.get('cs') & 3n) === ss;
      if (!fine) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a return goes to an RIP that is outside its segment, or not canonical',
    manual:
      'SDM vol. 2A, IRET, and 2B, RET: #GP(0) if the return instruction pointer is not within the limit or not canonical',
    mend: (c, o) => {
      const width = /^(?:iret|retf)(\d+)/.exec(String(c.notes.get('instruction')))?.[1];
      if (width === undefined || !moved(c, o)) return;
      const code = descriptorAt(c, csOf(c));
      const rip = BigInt.asUintN(Number(width), BigInt(c.notes.get('rip') ?? 0));
      if (code !== undefined && !allows(code, rip)) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a return does not mark the descriptors it loads accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      if (!isReturn(c) || !moved(c, o)) return;
      const withStack = loadsStack(c, o);
      c.watches.forEach(({ name }, i) => {
        if (name === 'code' || (name === 'stack' && withStack))
          o.setWord(FIRST_WATCH + i, o.watch(i) | DESCRIPTOR_ACCESSED);
      });
    },
  },
  {
    name: 'a return to an outer level leaves a null selector its RPL in FS and GS',
    manual: 'SDM vol. 2A, IRET, and 2B, RET: every null selector in ES, FS, GS and DS becomes 0',
    mend: (c, o) => {
      if (!isReturn(c) || (o.get('cs') & 3n) <= (c.start('cs') & 3n)) return;
      for (const name of ['fs', 'gs'] as const) if (o.get(name) < 4n) o.set(name, 0n);
    },
  },
  {
    name: 'a segment register that a return to an outer level makes null keeps its base',
    manual: 'SDM vol. 2A, IRET, and 2B, RET: the hidden part becomes that of a null selector, whose base is 0',
    mend: (c, o) => {
      if (!isReturn(c)) return;
      if (c.start('fs') >= 4n && o.get('fs') === 0n) o.set('fsBase', 0n);
      if (c.start('gs') >= 4n && o.get('gs') === 0n) o.set('gsBase', 0n);
    },
  },
  {
    name: 'a far JMP or CALL goes to code with both L and D',
    manual: 'SDM vol. 2A, CALL and JMP: in IA-32e mode #GP(selector) if L = 1 and D = 1 in the target code segment',
    mend: (c, o) => {
      if (!isFarJump(c) || c.notes.get('through gate') === true || errorOf(c) === 0) return;
      const code = descriptorAt(c, errorOf(c));
      if (code !== undefined && isCode(code) && isLongCode(code) && isDefault32(code))
        o.replace(refusal(c, 13, errorOf(c)));
    },
  },
  {
    name: 'a call gate leads to an address that is not canonical',
    manual: 'SDM vol. 2A, CALL and JMP: #GP(0) if the instruction pointer of a 64-bit call gate is not canonical',
    mend: (c, o) => {
      const target = c.notes.get('gate target');
      if (!isFarJump(c) || typeof target !== 'bigint' || isCanonical(target)) return;
      const pushed = o.get('vector') === PAGE_FAULT && !moved(c, o) && innerStack(c) - o.get('cr2') <= 32n;
      if ((moved(c, o) && o.get('rip') === target) || pushed) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'pushing to an inner stack at an address that is not canonical raises #GP',
    manual: 'SDM vol. 2A, CALL: #SS if pushing 32 bytes on the new stack would use an address that is not canonical',
    mend: (c, o) => {
      if (!isLoad(c, 'callf') || o.get('vector') !== 13n || o.get('error') !== 0n || moved(c, o)) return;
      const top = innerStack(c);
      if (top !== 0n && !isCanonical(BigInt.asUintN(64, top - 32n))) o.replace(refusal(c, 12, 0));
    },
  },
  {
    name: 'a call gate to conforming code changes CPL to its DPL',
    manual: 'SDM vol. 2A, CALL and JMP: conforming code runs at the old CPL, which becomes the RPL of CS',
    mend: (c, o) => {
      if (!isFarJump(c) || c.notes.get('through gate') !== true || !moved(c, o)) return;
      const code = descriptorAt(c, Number(c.notes.get('gate code')));
      const cpl = c.start('cs') & 3n;
      if (code === undefined || !isConforming(code) || (o.get('cs') & 3n) === cpl) return;
      o.set('cs', (o.get('cs') & ~3n) | cpl);
      o.set('handlerSs', 0n);
    },
  },
  {
    name: 'a JMP through a gate to code that is not present raises #GP',
    manual: 'SDM vol. 2A, JMP: #NP(selector) if the code segment of the call gate is not present',
    mend: (c, o) => {
      const selector = Number(c.notes.get('gate code') ?? 0);
      const code = descriptorAt(c, selector) ?? 0n;
      const refused = o.get('vector') === 13n && o.get('error') === BigInt(selector & 0xfffc) && !moved(c, o);
      const wouldDo = mayEnter(code | PRESENT, selector & ~3, Number(c.start('cs') & 3n)) && isLongCode(code);
      if (isLoad(c, 'jmpf') && refused && wouldDo && !isPresent(code)) o.replace(refusal(c, 11, selector & 0xfffc));
    },
  },
  {
    name: 'a far JMP or CALL looks at the limit of the target too late, with the wrong error code, or not at all',
    manual:
      'SDM vol. 2A, CALL and JMP: #GP(0), before anything is pushed, if the target is not within the limit or not canonical',
    mend: (c, o) => {
      const width = /^(?:callf|jmpf)(\d+)/.exec(String(c.notes.get('instruction')))?.[1];
      if (width === undefined || c.notes.get('through gate') === true) return;
      const selector = Number(c.notes.get('selector'));
      const code = descriptorAt(c, selector);
      const rip = BigInt.asUintN(Number(width), BigInt(c.notes.get('rip') ?? 0));
      if (code === undefined || allows(code, rip) || !mayEnter(code, selector, Number(c.start('cs') & 3n))) return;
      o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'a far JMP or CALL does not mark the code it goes to accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      if (!isFarJump(c)) return;
      if (!moved(c, o)) return;
      c.watches.forEach(({ name }, i) => {
        if (name === 'code') o.setWord(FIRST_WATCH + i, o.watch(i) | DESCRIPTOR_ACCESSED);
      });
    },
  },
  {
    name: 'the error code of a gate counts 16 bytes for each vector',
    manual: 'SDM vol. 3A, 6.13: bits 15:3 of an error code with IDT = 1 are the index of the gate, the vector',
    mend: (c, o) => {
      const error = o.get('error');
      if (!isInterrupt(c) || error === NO_ERROR || !CONTRIBUTORY.has(o.get('vector')) || (error & 2n) === 0n) return;
      o.set('error', ((error >> 4n) << 3n) | (error & 7n));
    },
  },
  {
    name: 'an exception while another is delivered has EXT = 0',
    manual: 'SDM vol. 3A, 6.13: EXT = 1 unless the exception came up while INT n, INT3 or INTO was delivered',
    mend: (c, o) => {
      if (!isInterrupt(c) || o.get('error') === NO_ERROR || !CONTRIBUTORY.has(o.get('vector'))) return;
      const isFirst = o.get('vector') === BigInt(firstVector(c));
      if (c.notes.get('software') === undefined && !isFirst) o.set('error', o.get('error') | 1n);
    },
  },
  {
    name: 'a gate leads to an address that is not canonical',
    manual: 'SDM vol. 2A, INT n: #GP(EXT) if the instruction pointer of a 64-bit gate is not canonical',
    mend: (c, o) => {
      const offset = c.notes.get('offset');
      if (!isInterrupt(c) || typeof offset !== 'bigint' || isCanonical(offset)) return;
      const below = handlerStack(c) - o.get('cr2');
      const pushing = [8n, PAGE_FAULT].includes(o.get('vector')) && below > 0n && below <= 64n;
      if (o.get('rip') === offset || pushing) o.replace(refusedDelivery(c, 13));
    },
  },
  {
    name: 'pushing an interrupt frame to an address that is not canonical raises #GP',
    manual: 'SDM vol. 2A, INT n: #SS(EXT) if the new stack is not canonical',
    mend: (c, o) => {
      // For INT 13 and its like QEMU makes a double fault of that.
      const doubled = o.get('vector') === 8n && c.notes.get('software') !== undefined;
      const refused = (o.get('vector') === 13n && (o.get('error') | 1n) === 1n) || doubled;
      if (!isInterrupt(c) || !refused || moved(c, o) || !leadsToStack(c)) return;
      const top = handlerStack(c) & ~15n;
      if (!isCanonical(BigInt.asUintN(64, top - 40n))) o.replace(refusedDelivery(c, 12));
    },
  },
  {
    name: 'an interrupt does not mark the code it goes to accessed',
    manual: 'SDM vol. 3A, 3.4.5.1: the accessed bit is set whenever a selector for the segment is loaded',
    mend: (c, o) => {
      const selector = BigInt(errorOf(c));
      const arrived = (o.get('handlerCs') & ~3n) === selector && o.get('vector') === BigInt(firstVector(c));
      const beyond = o.get('rip') === c.notes.get('offset') && (o.get('cs') & ~3n) === selector;
      if (!isInterrupt(c) || !(arrived || beyond)) return;
      c.watches.forEach(({ name }, i) => {
        if (name === 'code') o.setWord(FIRST_WATCH + i, o.watch(i) | DESCRIPTOR_ACCESSED);
      });
    },
  },
  {
    name: 'SYSCALL clears the arithmetic flags and DF',
    manual: 'SDM vol. 2B, SYSCALL: RFLAGS loses only the bits that are set in IA32_FMASK, and RF',
    mend: (c, o) => {
      if (!isNamed(c, 'syscall') || c.notes.get('mode') !== '64' || !moved(c, o) || o.get('rcx') === c.start('rcx'))
        return;
      const kept = c.start('rflags') & ~c.start('fmask') & LAZY_FLAGS;
      o.set('rflags', o.get('rflags') | kept);
      o.set('handlerFlags', o.get('handlerFlags') | kept);
    },
  },
  {
    name: 'SYSCALL and SYSRET work in compatibility mode on an Intel processor',
    manual: 'SDM vol. 2B, SYSCALL and SYSRET: #UD if not in 64-bit mode',
    mend: (c, o) => {
      const either = isNamed(c, 'syscall') || isLoad(c, 'sysret');
      if (either && c.notes.get('mode') === '32') o.replace(refusal(c, 6, null));
    },
  },
  {
    name: 'SYSRET loads VM and RF',
    manual: 'SDM vol. 2B, SYSRET: RFLAGS is R11 and 3C7FD7h, or 2',
    mend: (c, o) => {
      if (isLoad(c, 'sysret') && moved(c, o)) o.set('rflags', o.get('rflags') & ~VM);
    },
  },
  {
    name: 'SYSRET and SYSEXIT go to addresses that are not canonical',
    manual: 'SDM vol. 2B, SYSRET and SYSEXIT with REX.W: #GP(0) if RCX (or RDX, for SYSEXIT) is not canonical',
    mend: (c, o) => {
      if (c.notes.get('mode') !== '64' || !moved(c, o)) return;
      const bad = (name: string): boolean => !isCanonical(c.start(name));
      if (isNamed(c, 'sysretq') && bad('rcx')) o.replace(refusal(c, 13, 0));
      if (isNamed(c, 'sysexitq') && (bad('rcx') || bad('rdx'))) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'SYSENTER and SYSEXIT take null selectors with an RPL',
    manual: 'SDM vol. 2B, SYSENTER and SYSEXIT: #GP(0) if IA32_SYSENTER_CS[15:2] is 0',
    mend: (c, o) => {
      const either = isNamed(c, 'sysenter') || isLoad(c, 'sysexit');
      if (either && moved(c, o) && (c.start('sysenterCs') & 0xfffcn) === 0n) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'SYSEXIT without REX.W loads all of RIP and RSP',
    manual: 'SDM vol. 2B, SYSEXIT: with a 32-bit operand RSP becomes ECX and RIP becomes EDX, zero-extended',
    mend: (c, o) => {
      const wide = isNamed(c, 'sysexitq') && c.notes.get('mode') === '64';
      if (!isLoad(c, 'sysexit') || wide || !moved(c, o)) return;
      o.set('rip', BigInt.asUintN(32, o.get('rip')));
      o.set('rsp', BigInt.asUintN(32, o.get('rsp')));
    },
  },
  {
    name: 'a control or debug register that is none is refused for its CPL first',
    manual:
      'SDM vol. 3A, table 6-2: #UD, found when the instruction is decoded, comes before what its execution raises',
    mend: (c, o) => {
      if (/%(?:cr[15]|dr[45])/.test(String(c.notes.get('instruction'))) && o.get('vector') === 13n && isNone(c))
        o.replace(refusal(c, 6, null));
    },
  },
  {
    name: 'there is no RDPMC',
    manual: 'SDM vol. 2B, RDPMC: #GP(0) if ECX names no counter',
    mend: (c, o) => {
      if (isNamed(c, 'rdpmc') && o.get('vector') === 6n) o.replace(refusal(c, 13, 0));
    },
  },
  {
    name: 'there is no #AC',
    manual:
      'SDM vol. 3A, 6.15, interrupt 17: #AC(0) for an unaligned access at CPL 3 with CR0.AM = 1 and RFLAGS.AC = 1',
    mend: (c, o) => {
      if (!isLoad(c, 'unaligned') || o.get('vector') !== 3n) return;
      const checked = (c.start('cs') & 3n) === 3n && (c.start('cr0') & AM) !== 0n && (c.start('rflags') & AC) !== 0n;
      if (checked) o.replace(refusal(c, 17, 0));
    },
  },
  {
    name: 'MSRs and WRGSBASE take addresses that are not canonical',
    manual: 'SDM vol. 2D, WRMSR and WRGSBASE: #GP(0) for an address that is not canonical',
    mend: (c, o) => {
      const written = c.notes.get('written');
      const star = c.start('rcx') === STAR && isNamed(c, 'wrmsr');
      if (typeof written !== 'bigint' || isCanonical(written) || o.get('vector') !== 3n || star) return;
      o.replace(refusal(c, 13, 0));
    },
  },
];

/** DR4 and DR5 are DR6 and DR7 while CR4.DE is 0. */
const isNone = (c: TestCase): boolean => /%cr/.test(String(c.notes.get('instruction'))) || (c.start('cr4') & DE) !== 0n;
const DE = 8n;
const AM = 0x40000n;
const AC = 0x40000n;
const STAR = 0xc0000081n;
/** CF, PF, AF, ZF, SF, DF and OF. */
const LAZY_FLAGS = 0xcd5n;
const VM = 0x20000n;
const isNamed = (c: TestCase, name: string): boolean => c.notes.get('instruction') === name;
/** #DE, #TS, #NP, #SS and #GP. */
const CONTRIBUTORY: ReadonlySet<bigint> = new Set([0n, 10n, 11n, 12n, 13n]);
/** The stack that a case's gate would have its handler use. */
function handlerStack(c: TestCase): bigint {
  const ist = Number(c.notes.get('ist') ?? 0);
  const tss = c.image.at('tss');
  const field = (offset: number): bigint =>
    c.written(tss + offset) ?? c.image.quadword(c.image.at('tss_template') + offset);
  if (ist !== 0) return field(0x24 + 8 * (ist - 1));
  const code = descriptorAt(c, Number(c.notes.get('selector'))) ?? 0n;
  const dpl = Number(code >> 45n) & 3;
  const inner = !isConforming(code) && BigInt(dpl) < (c.start('cs') & 3n);
  return inner ? field(4 + 8 * dpl) : c.start('rsp');
}
/** True when nothing but the stack stands between a case's gate and its handler. */
function leadsToStack(c: TestCase): boolean {
  const g = BigInt(c.notes.get('gate') ?? 0);
  const cpl = c.start('cs') & 3n;
  const type = (g >> 40n) & 0x1fn;
  const code = descriptorAt(c, Number(c.notes.get('selector')));
  if ((type !== 0xen && type !== 0xfn) || !isPresent(g) || errorOf(c) === 0 || code === undefined) return false;
  if (c.notes.get('software') !== undefined && ((g >> 45n) & 3n) < cpl) return false;
  return isCode(code) && isPresent(code) && isLongCode(code) && !isDefault32(code) && ((code >> 45n) & 3n) <= cpl;
}
/** The record of a case whose interrupt or exception could not be delivered for an exception with EXT as error code. */
function refusedDelivery(c: TestCase, vector: number): Outcome {
  // The second exception may need the very gate that does not work.
  if (c.notes.get('software') === vector) return refusal(c, 8, 0);
  if (c.notes.get('software') !== undefined) return refusal(c, vector, 0);
  const first = firstVector(c);
  const o = first === 14 || CONTRIBUTORY.has(BigInt(first)) ? refusal(c, 8, 0) : refusal(c, vector, 1);
  if (first === 14) o.set('cr2', c.start('rdi'));
  return o;
}
const isInterrupt = (c: TestCase): boolean => c.notes.has('gate') && c.notes.has('vector');
const firstVector = (c: TestCase): number => Number(c.notes.get('vector') ?? -1);
const PRESENT = 1n << 47n;
const ZF = 0x40n;
const NT = 0x4000n;
const DESCRIPTOR_ACCESSED = 1n << 40n;
/** The RSP that the TSS has for the level a call gate leads to; 0 when it leads to none. */
function innerStack(c: TestCase): bigint {
  const code = descriptorAt(c, Number(c.notes.get('gate code') ?? 0)) ?? 0n;
  const dpl = Number(code >> 45n) & 3;
  const inner =
    c.notes.get('through gate') === true && isCode(code) && !isConforming(code) && BigInt(dpl) < (c.start('cs') & 3n);
  return inner ? BigInt(c.notes.get(`RSP${dpl}`) ?? 0) : 0n;
}
const isFarJump = (c: TestCase): boolean => isLoad(c, 'callf') || isLoad(c, 'jmpf');
const csOf = (c: TestCase): number => Number(c.notes.get('cs') ?? 0);
/** True when the case got beyond its first instruction. */
const moved = (c: TestCase, o: Outcome): boolean => o.get('rip') !== c.start('rip');
const isNested = (c: TestCase): boolean => isLoad(c, 'iret') && (c.start('rflags') & NT) !== 0n;
/** True when a return that was made took SS from its frame. */
const loadsStack = (c: TestCase, o: Outcome): boolean =>
  (o.get('cs') & 3n) > (c.start('cs') & 3n) || (c.notes.get('mode') === '64' && isLoad(c, 'iret'));
const isReturn = (c: TestCase): boolean => isLoad(c, 'iret') || isLoad(c, 'retf');

// What a case of segments.ts loads or looks at.
const isLoad = (c: TestCase, name: string): boolean => String(c.notes.get('instruction') ?? '').startsWith(name);
const errorOf = (c: TestCase): number => Number(c.notes.get('selector') ?? 0) & 0xfffc;
const systemType = (c: TestCase): number => Number(BigInt(c.notes.get('descriptor') ?? 0) >> 40n) & 0x1f;
const took = (c: TestCase, o: Outcome, field: 'tr' | 'ldtr'): boolean =>
  o.get('vector') === 3n && (o.get(field) !== c.start(field) || errorOf(c) === 0);
function goodTop(c: TestCase): boolean {
  const top = BigInt(c.notes.get('upper half') ?? 0);
  const base = BigInt.asIntN(32, top);
  return ((top >> 40n) & 0x1fn) === 0n && base >> 15n === (base < 0n ? -1n : 0n);
}

/** QEMU's record as the manual wants it, and the names of the departures that changed it. */
export function mended(c: TestCase, theirs: Outcome): { outcome: Outcome; used: string[] } {
  const outcome = theirs.copy();
  const used: string[] = [];
  for (const { name, mend } of DEPARTURES) {
    const before = outcome.copy();
    mend(c, outcome);
    if (!outcome.equals(before)) used.push(name);
  }
  return { outcome, used };
}
