import { describeRegister, fieldsOf } from './field.ts';
import { lowMasks } from './masks.ts';

const MANUAL = 'SDM vol. 2A, CPUID';
const { bit } = fieldsOf(MANUAL);
const amd = fieldsOf('APM vol. 3, appendix E');

export const cpuid1Edx = describeRegister({
  name: 'CPUID.01H:EDX',
  bits: 32,
  title: 'Features, leaf 1',
  manual: MANUAL,
  fields: [
    bit('FPU', 0, 'x87', 'x87 instructions.'),
    bit('VME', 1, 'Virtual-8086 extensions', 'CR4.VME, CR4.PVI, VIF and VIP.'),
    bit('DE', 2, 'Debugging extensions', 'CR4.DE.'),
    bit('PSE', 3, 'Page size extensions', '4 MiB pages, CR4.PSE.'),
    bit('TSC', 4, 'Time stamp counter', 'RDTSC and CR4.TSD.'),
    bit('MSR', 5, 'MSRs', 'RDMSR and WRMSR.'),
    bit('PAE', 6, 'Physical address extension', '64-bit page-table entries, CR4.PAE.'),
    bit('MCE', 7, 'Machine-check exception', '#MC and CR4.MCE.'),
    bit('CX8', 8, 'CMPXCHG8B', 'The instruction works.'),
    bit('APIC', 9, 'Local APIC', 'There is one, and it is enabled.'),
    bit('SEP', 11, 'SYSENTER', 'SYSENTER, SYSEXIT and their MSRs.'),
    bit('MTRR', 12, 'Memory type ranges', 'MTRR registers.'),
    bit('PGE', 13, 'Global pages', 'The G bit and CR4.PGE.'),
    bit('MCA', 14, 'Machine-check architecture', 'Machine-check banks.'),
    bit('CMOV', 15, 'Conditional moves', 'CMOVcc, and FCMOVcc with x87.'),
    bit('PAT', 16, 'Page attribute table', 'IA32_PAT.'),
    bit('PSE-36', 17, '36-bit 4 MiB pages', 'Large pages above 4 GiB in 32-bit paging.'),
    bit('PSN', 18, 'Serial number', 'Leaf 3.'),
    bit('CLFSH', 19, 'CLFLUSH', 'The instruction works.'),
    bit('DS', 21, 'Debug store', 'Branch trace storage.'),
    bit('ACPI', 22, 'Thermal control', 'Thermal monitor and clock control MSRs.'),
    bit('MMX', 23, 'MMX', 'MMX instructions.'),
    bit('FXSR', 24, 'FXSAVE', 'FXSAVE, FXRSTOR and CR4.OSFXSR.'),
    bit('SSE', 25, 'SSE', 'SSE instructions.'),
    bit('SSE2', 26, 'SSE2', 'SSE2 instructions.'),
    bit('SS', 27, 'Self snoop', 'Cache snooping of itself.'),
    bit('HTT', 28, 'Several logical processors', 'EBX[23:16] counts processor ids of the package.'),
    bit('TM', 29, 'Thermal monitor', 'Slows down by itself when hot.'),
    bit('PBE', 31, 'Pending break', 'Wakes for an interrupt while stopped.'),
  ],
});
export const CPUID_1_EDX = lowMasks(cpuid1Edx);

export const cpuid1Ecx = describeRegister({
  name: 'CPUID.01H:ECX',
  bits: 32,
  title: 'Features, leaf 1',
  manual: MANUAL,
  fields: [
    bit('SSE3', 0, 'SSE3', 'SSE3 instructions.'),
    bit('PCLMULQDQ', 1, 'Carry-less multiply', 'The instruction works.'),
    bit('DTES64', 2, '64-bit debug store', 'Debug store with 64-bit addresses.'),
    bit('MONITOR', 3, 'MONITOR and MWAIT', 'The instructions work.'),
    bit('DS-CPL', 4, 'Debug store by CPL', 'Branch traces can be limited by CPL.'),
    bit('VMX', 5, 'Intel virtualization', 'VMX instructions.'),
    bit('SMX', 6, 'Safer mode', 'GETSEC.'),
    bit('EIST', 7, 'SpeedStep', 'Enhanced SpeedStep.'),
    bit('TM2', 8, 'Thermal monitor 2', 'A second way to slow down.'),
    bit('SSSE3', 9, 'SSSE3', 'SSSE3 instructions.'),
    bit('CNXT-ID', 10, 'L1 context id', 'Cache mode can be chosen.'),
    bit('SDBG', 11, 'Silicon debug', 'IA32_DEBUG_INTERFACE.'),
    bit('FMA', 12, 'Fused multiply-add', 'FMA instructions.'),
    bit('CMPXCHG16B', 13, 'CMPXCHG16B', 'The instruction works.'),
    bit('xTPR', 14, 'Task-priority messages', 'They can be turned off.'),
    bit('PDCM', 15, 'Performance capabilities', 'IA32_PERF_CAPABILITIES.'),
    bit('PCID', 17, 'Process-context identifiers', 'CR4.PCIDE.'),
    bit('DCA', 18, 'Direct cache access', 'Devices may prefetch into caches.'),
    bit('SSE4_1', 19, 'SSE4.1', 'SSE4.1 instructions.'),
    bit('SSE4_2', 20, 'SSE4.2', 'SSE4.2 instructions.'),
    bit('x2APIC', 21, 'x2APIC', 'The local APIC has an MSR mode.'),
    bit('MOVBE', 22, 'MOVBE', 'The instruction works.'),
    bit('POPCNT', 23, 'POPCNT', 'The instruction works.'),
    bit('TSC-Deadline', 24, 'TSC deadline', 'The local timer can wait for a time-stamp value.'),
    bit('AES', 25, 'AES', 'AES instructions.'),
    bit('XSAVE', 26, 'XSAVE', 'XSAVE, XRSTOR, XSETBV, XGETBV and XCR0.'),
    bit('OSXSAVE', 27, 'XSAVE enabled', 'Mirrors CR4.OSXSAVE.'),
    bit('AVX', 28, 'AVX', 'AVX instructions.'),
    bit('F16C', 29, 'Half-precision conversion', 'F16C instructions.'),
    bit('RDRAND', 30, 'RDRAND', 'The instruction works.'),
    bit('hypervisor', 31, 'Hypervisor', 'Set by virtual machines, 0 on bare processors.', {
      manual: 'APM vol. 3, appendix E',
    }),
  ],
});
export const CPUID_1_ECX = lowMasks(cpuid1Ecx);

export const cpuid7Ebx = describeRegister({
  name: 'CPUID.07H.0:EBX',
  bits: 32,
  title: 'Features, leaf 7',
  manual: MANUAL,
  fields: [
    bit('FSGSBASE', 0, 'FS and GS base access', 'RDFSBASE and its kin, CR4.FSGSBASE.'),
    bit('TSC_ADJUST', 1, 'Time stamp adjust', 'IA32_TSC_ADJUST.'),
    bit('SGX', 2, 'SGX', 'Enclaves.'),
    bit('BMI1', 3, 'Bit manipulation 1', 'ANDN, BEXTR, BLSI, BLSMSK, BLSR, TZCNT.'),
    bit('HLE', 4, 'Lock elision', 'XACQUIRE and XRELEASE.'),
    bit('AVX2', 5, 'AVX2', 'AVX2 instructions.'),
    bit('FDP_EXCPTN_ONLY', 6, 'x87 data pointer', 'FDP changes only with an unmasked x87 exception.'),
    bit('SMEP', 7, 'SMEP', 'CR4.SMEP.'),
    bit('BMI2', 8, 'Bit manipulation 2', 'BZHI, MULX, PDEP, PEXT, RORX, SARX, SHLX, SHRX.'),
    bit('ERMS', 9, 'Fast REP MOVSB', 'REP MOVSB and STOSB are as fast as wider moves.'),
    bit('INVPCID', 10, 'INVPCID', 'The instruction works.'),
    bit('RTM', 11, 'Transactional memory', 'XBEGIN and XEND.'),
    bit('FCS_FDS_0', 13, 'x87 selectors', 'FCS and FDS are always 0.'),
    bit('MPX', 14, 'Bounds checking', 'MPX instructions.'),
    bit('AVX512F', 16, 'AVX-512', 'Foundation instructions.'),
    bit('RDSEED', 18, 'RDSEED', 'The instruction works.'),
    bit('ADX', 19, 'ADCX and ADOX', 'The instructions work.'),
    bit('SMAP', 20, 'SMAP', 'CR4.SMAP, STAC and CLAC.'),
    bit('CLFLUSHOPT', 23, 'CLFLUSHOPT', 'The instruction works.'),
    bit('CLWB', 24, 'CLWB', 'The instruction works.'),
    bit('SHA', 29, 'SHA', 'SHA instructions.'),
  ],
});
export const CPUID_7_EBX = lowMasks(cpuid7Ebx);

export const cpuid7Ecx = describeRegister({
  name: 'CPUID.07H.0:ECX',
  bits: 32,
  title: 'Features, leaf 7',
  manual: MANUAL,
  fields: [
    bit('UMIP', 2, 'UMIP', 'CR4.UMIP.'),
    bit('PKU', 3, 'Protection keys', 'CR4.PKE and PKRU.'),
    bit('OSPKE', 4, 'Protection keys enabled', 'Mirrors CR4.PKE.'),
    bit('CET_SS', 7, 'Shadow stacks', 'Shadow stacks, CR4.CET.'),
    bit('GFNI', 8, 'Galois field', 'GFNI instructions.'),
    bit('VAES', 9, 'Vector AES', 'AES on wide registers.'),
    bit('VPCLMULQDQ', 10, 'Vector carry-less multiply', 'PCLMULQDQ on wide registers.'),
    bit('LA57', 16, '57-bit addresses', 'Five-level paging, CR4.LA57.'),
    bit('RDPID', 22, 'RDPID', 'The instruction and IA32_TSC_AUX.'),
  ],
});
export const CPUID_7_ECX = lowMasks(cpuid7Ecx);

export const cpuid7Edx = describeRegister({
  name: 'CPUID.07H.0:EDX',
  bits: 32,
  title: 'Features, leaf 7',
  manual: MANUAL,
  fields: [
    bit('FSRM', 4, 'Fast short REP MOVSB', 'Short moves are fast too.'),
    bit('MD_CLEAR', 10, 'Buffer clearing', 'VERW clears internal buffers.'),
    bit('CET_IBT', 20, 'Branch tracking', 'Indirect-branch tracking, CR4.CET.'),
    bit('IBRS', 26, 'Speculation control', 'IA32_SPEC_CTRL.IBRS and IA32_PRED_CMD.'),
    bit('STIBP', 27, 'Thread speculation control', 'IA32_SPEC_CTRL.STIBP.'),
    bit('L1D_FLUSH', 28, 'L1 flush', 'IA32_FLUSH_CMD.'),
    bit('ARCH_CAPABILITIES', 29, 'Capabilities', 'IA32_ARCH_CAPABILITIES.'),
    bit('SSBD', 31, 'Store bypass disable', 'IA32_SPEC_CTRL.SSBD.'),
  ],
});
export const CPUID_7_EDX = lowMasks(cpuid7Edx);

/** The low bits that AMD repeats from leaf 1 are left to the AMD profile. */
export const cpuidExtended1Edx = describeRegister({
  name: 'CPUID.80000001H:EDX',
  bits: 32,
  title: 'Features, extended leaf 1',
  manual: MANUAL,
  fields: [
    bit('SYSCALL', 11, 'SYSCALL', 'SYSCALL and SYSRET. Intel reports it only in 64-bit mode.'),
    bit('NX', 20, 'Execute disable', 'EFER.NXE and bit 63 of page-table entries.'),
    amd.bit('MMXEXT', 22, 'MMX extensions', 'AMD additions to MMX.'),
    amd.bit('FFXSR', 25, 'Fast FXSAVE', 'EFER.FFXSR.'),
    bit('Page1GB', 26, '1 GiB pages', 'PS in a PDPTE.'),
    bit('RDTSCP', 27, 'RDTSCP', 'The instruction and IA32_TSC_AUX.'),
    bit('LM', 29, 'Long mode', 'IA-32e mode: this is a 64-bit processor.'),
    amd.bit('3DNOWEXT', 30, '3DNow! extensions', 'More 3DNow! instructions.'),
    amd.bit('3DNOW', 31, '3DNow!', '3DNow! instructions.'),
  ],
});
export const CPUID_80000001_EDX = lowMasks(cpuidExtended1Edx);

export const cpuidExtended1Ecx = describeRegister({
  name: 'CPUID.80000001H:ECX',
  bits: 32,
  title: 'Features, extended leaf 1',
  manual: MANUAL,
  fields: [
    bit('LAHF', 0, 'LAHF in 64-bit mode', 'LAHF and SAHF work there too.'),
    amd.bit('CmpLegacy', 1, 'Core multi-processing', 'The logical processors of leaf 1 are cores.'),
    amd.bit('SVM', 2, 'AMD virtualization', 'SVM instructions, EFER.SVME.'),
    amd.bit('AltMovCr8', 4, 'CR8 outside 64-bit mode', 'LOCK MOV CR0 means MOV CR8.'),
    bit('LZCNT', 5, 'LZCNT', 'The instruction works (AMD: ABM, with POPCNT).'),
    amd.bit('SSE4A', 6, 'SSE4A', 'AMD additions to SSE.'),
    amd.bit('MisAlignSse', 7, 'Misaligned SSE', 'SSE operands may be misaligned on request.'),
    bit('PREFETCHW', 8, 'PREFETCHW', 'The instruction works.'),
    amd.bit('TopologyExtensions', 22, 'Topology leaves', 'Leaves 8000001DH and 8000001EH.'),
  ],
});
export const CPUID_80000001_ECX = lowMasks(cpuidExtended1Ecx);
