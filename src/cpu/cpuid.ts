/** What CPUID answers: exactly what works here (SDM vol. 2A, CPUID; APM vol. 3, appendix E). */
import { CR4 } from '../registers/cr.ts';
import {
  CPUID_1_ECX as C1,
  CPUID_1_EDX as D1,
  CPUID_7_EBX as B7,
  CPUID_7_ECX as C7,
  CPUID_80000001_ECX as CX,
  CPUID_80000001_EDX as DX,
} from '../registers/cpuid.ts';
import { XCR0 } from '../registers/floatingPoint.ts';
import { type Cpu, Reg } from './cpu.ts';
import { Outcome, S } from './layout.ts';
import { PHYSICAL_BITS } from './paging.ts';
import { routine } from './routines/routine.ts';

type Answer = readonly [eax: number, ebx: number, ecx: number, edx: number];

const FEATURES_1_EDX =
  D1.FPU |
  D1.MMX |
  D1.FXSR |
  D1.SSE |
  D1.SSE2 |
  D1.DE |
  D1.PSE |
  D1.TSC |
  D1.MSR |
  D1.PAE |
  D1.CX8 |
  D1.APIC |
  D1.SEP |
  D1.PGE |
  D1.CMOV |
  D1.PAT |
  D1['PSE-36'] |
  D1.CLFSH;
const FEATURES_1_ECX =
  C1.SSE3 |
  C1.MONITOR |
  C1.PCLMULQDQ |
  C1.SSSE3 |
  C1.SSE4_1 |
  C1.SSE4_2 |
  C1.AES |
  C1.XSAVE |
  C1.CMPXCHG16B |
  C1.PCID |
  C1.MOVBE |
  C1.POPCNT |
  C1.hypervisor;
const FEATURES_7_EBX =
  B7.FDP_EXCPTN_ONLY |
  B7.FCS_FDS_0 |
  B7.FSGSBASE |
  B7.BMI1 |
  B7.SMEP |
  B7.BMI2 |
  B7.ERMS |
  B7.INVPCID |
  B7.ADX |
  B7.SMAP |
  B7.CLFLUSHOPT |
  B7.CLWB;
const FEATURES_7_ECX = C7.UMIP | C7.RDPID;

/** Four characters of a name as a register. */
const four = (text: string, at: number): number =>
  [0, 1, 2, 3].reduce((word, i) => word | ((text.charCodeAt(at + i) || 0) << (8 * i)), 0);

const BRAND = 'Emergence Playground processor';
const NOTHING: Answer = [0, 0, 0, 0];
const XSAVE_BYTES = 576;
const MAX_BASIC = 0x16;
const MAX_EXTENDED = 0x80000008;
/** Ticks of the time-stamp counter a second: one a guest nanosecond. */
const TSC_HZ = 1_000_000_000;

function brand(part: number): Answer {
  const at = part * 16;
  return [four(BRAND, at), four(BRAND, at + 4), four(BRAND, at + 8), four(BRAND, at + 12)];
}

function extendedFeatures(amd: boolean): Answer {
  const edx = DX.SYSCALL | DX.NX | DX.Page1GB | DX.RDTSCP | DX.LM;
  return [amd ? 0x00800f12 : 0, 0, CX.LAHF | CX.LZCNT, edx];
}

export function answer(cpu: Cpu, leaf: number, subleaf: number): Answer {
  const { vendor, model } = cpu.profile;
  const amd = model === 'amd';
  switch (leaf >>> 0) {
    case 0:
      return [MAX_BASIC, four(vendor, 0), four(vendor, 8), four(vendor, 4)];
    case 1: {
      const osxsave = (cpu.low(S.cr4) & CR4.OSXSAVE) !== 0 ? C1.OSXSAVE : 0;
      // Family 6, model 9Eh for intel; family 17h, model 1 for amd. CLFLUSH lines of 64 bytes, one processor.
      return [amd ? 0x00800f12 : 0x000906ea, 0x00010800, FEATURES_1_ECX | osxsave, FEATURES_1_EDX];
    }
    case 5:
      // MONITOR looks at lines of 64 bytes.
      return [64, 64, 0, 0];
    case 7:
      return subleaf === 0 ? [0, FEATURES_7_EBX, FEATURES_7_ECX, 0] : NOTHING;
    case 0xd:
      // x87 and SSE: the legacy region and the header of XSAVE's area (SDM vol. 1, 13.2).
      return subleaf === 0 ? [XCR0.x87 | XCR0.SSE, XSAVE_BYTES, XSAVE_BYTES, 0] : NOTHING;
    case 0x15:
      // TSC = crystal * EBX / EAX.
      return amd ? NOTHING : [1, 1, TSC_HZ, 0];
    case 0x16:
      return amd ? NOTHING : [1000, 1000, 100, 0];
    case 0x80000000:
      return [MAX_EXTENDED | 0, amd ? four(vendor, 0) : 0, amd ? four(vendor, 8) : 0, amd ? four(vendor, 4) : 0];
    case 0x80000001:
      return extendedFeatures(amd);
    case 0x80000002:
    case 0x80000003:
    case 0x80000004:
      return brand((leaf >>> 0) - 0x80000002);
    case 0x80000007:
      // Invariant TSC.
      return [0, 0, 0, 0x100];
    case 0x80000008:
      return [PHYSICAL_BITS | (48 << 8), 0, 0, 0];
    default:
      return NOTHING;
  }
}

routine('cpuid', (cpu) => {
  const [eax, ebx, ecx, edx] = answer(cpu, cpu.low(8 * Reg.rax), cpu.low(8 * Reg.rcx));
  cpu.set64(8 * Reg.rax, eax, 0);
  cpu.set64(8 * Reg.rbx, ebx, 0);
  cpu.set64(8 * Reg.rcx, ecx, 0);
  cpu.set64(8 * Reg.rdx, edx, 0);
  return Outcome.next;
});
