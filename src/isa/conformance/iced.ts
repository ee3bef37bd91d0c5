import {
  CpuidFeature,
  Decoder,
  DecoderOptions,
  Formatter,
  FormatterSyntax,
  Instruction,
  MemorySizeOptions,
} from 'iced-x86';
import type { CpuMake } from '../decode.ts';
import type { CodeSize } from '../instruction.ts';

/** What the reference says of one string. */
export interface Reference {
  /** 0 when it is not an instruction. */
  length: number;
  /** CPUID features in the reference's names, joined by "+". */
  features: string;
  att: string;
  intel: string;
}

/**
 * Decoding options that match our processor: F3 0F 09 is WBINVD (there is no WBNOINVD).
 */
const OPTIONS = DecoderOptions.NoWbnoinvd;

function formatter(syntax: FormatterSyntax): Formatter {
  const f = new Formatter(syntax);
  f.uppercaseHex = false;
  f.smallHexNumbersInDecimal = false;
  f.hexPrefix = '0x';
  f.hexSuffix = '';
  f.branchLeadingZeros = false;
  f.leadingZeros = false;
  f.displacementLeadingZeros = false;
  f.alwaysShowScale = true;
  f.ripRelativeAddresses = true;
  f.showBranchSize = false;
  f.uppercaseKeywords = syntax === FormatterSyntax.Intel;
  f.memorySizeOptions = MemorySizeOptions.Always;
  return f;
}

/** Decodes and formats with iced-x86; one object serves many strings. */
export class IcedReference {
  readonly #att = formatter(FormatterSyntax.Gas);
  readonly #intel = formatter(FormatterSyntax.Intel);
  readonly #instruction = new Instruction();
  readonly #options: number;
  readonly #decoders = new Map<CodeSize, Decoder>();

  constructor(make: CpuMake) {
    this.#options = make === 'amd' ? OPTIONS | DecoderOptions.AMD : OPTIONS;
  }

  /** Takes a copy of the bytes that `at` positions will refer to. */
  load(bytes: Uint8Array): void {
    for (const decoder of this.#decoders.values()) decoder.free();
    for (const code of [16, 32, 64] as const) this.#decoders.set(code, new Decoder(code, bytes, this.#options));
  }

  /** `text` false leaves the texts empty (formatting costs the most). */
  read(at: number, code: CodeSize, address: bigint, text: boolean): Reference {
    const decoder = this.#decoders.get(code);
    if (decoder === undefined) throw new Error('load() first');
    decoder.position = at;
    decoder.ip = address;
    const insn = this.#instruction;
    decoder.decodeOut(insn);
    if (insn.isInvalid) return { length: 0, features: '', att: '', intel: '' };
    return {
      length: insn.length,
      features: Array.from(insn.cpuidFeatures(), (f) => CpuidFeature[f]).join('+'),
      att: text ? this.#att.format(insn) : '',
      intel: text ? this.#intel.format(insn) : '',
    };
  }
}

/** iced's names of the CPUID features the processor has. Its names of base sets count as present. */
const OURS = new Set(
  (
    'INTEL8086 INTEL8086_ONLY INTEL186 INTEL286 INTEL286_ONLY INTEL386 INTEL386_ONLY INTEL386_A0_ONLY INTEL486 X64 ' +
    'ADX AES BMI1 BMI2 CET_IBT CLFLUSHOPT CLFSH CLWB CMOV CMPXCHG16B CPUID CX8 FPU FPU287 FPU387 FPU387SL_ONLY FSGSBASE ' +
    'FXSR INVPCID LZCNT MMX MONITOR MOVBE MSR MULTIBYTENOP PAUSE PCLMULQDQ POPCNT PREFETCHW RDPID RDPMC RDRAND RDSEED ' +
    'RDTSCP SEP SMAP SMM SSE SSE2 SSE3 SSE4_1 SSE4_2 SSSE3 SYSCALL TSC XSAVE XSAVEC XSAVEOPT XSAVES'
  ).split(' '),
);

/** True when an instruction with these features ("SSE+AVX") belongs to our processor. */
export function isOurs(features: string): boolean {
  return features.split('+').every((feature) => OURS.has(feature));
}
