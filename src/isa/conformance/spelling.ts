import { offDefaultSuffix } from '../format/defaultSize.ts';
import { isString } from '../format/prefixWords.ts';
import { type Instruction, type MemoryOperand, Segment } from '../instruction.ts';

/**
 * Where GNU objdump 2.40, whose spelling we print, and iced-x86 write the same instruction differently. Each entry
 * rewrites iced's text (or ours, where ours says more). Every entry says why; none hides a difference of meaning.
 */
interface Spelling {
  readonly why: string;
  readonly pattern: RegExp;
  readonly to: string;
  readonly when?: (insn: Instruction) => boolean;
}

const STRING = '(?:movs|cmps|stos|lods|scas|ins|outs|xlat)';

const ATT_OURS: readonly Spelling[] = [
  {
    why: 'an override naming the default segment: GNU shows it, iced does not',
    pattern: /%[ds]s:(?=[^,]*[(\d])/,
    to: '',
    when: overridesWithDefault,
  },
  { why: 'LEA uses no segment: iced does not show an override', pattern: /^(lea .*)%[cdefgs]s:/, to: '$1' },
];

const ATT_THEIRS: readonly Spelling[] = [
  { why: 'an artefact of always showing the scale', pattern: /,\)/g, to: ')' },
  { why: 'ports are addresses in GNU text', pattern: /^((?:rep\w* )*(?:in|out|ins|outs)[bwl]? .*)%dx/, to: '$1(%dx)' },
  {
    why: 'string instructions always show their segments: DS:rSI',
    pattern: new RegExp(`^((?:rep\\w* )*${STRING}[bwlq]? (?:.*,)?)(\\([%er]*si\\))`),
    to: '$1%ds:$2',
  },
  {
    why: 'string instructions always show their segments: ES:rDI',
    pattern: new RegExp(`^((?:rep\\w* )*${STRING}[bwlq]? (?:.*,)?)(\\([%er]*di\\))`),
    to: '$1%es:$2',
  },
  { why: 'XLAT shows its segment too', pattern: /^xlat \(/, to: 'xlat %ds:(' },
  { why: 'F2 and F3 are REPNZ and REPZ', pattern: /^rep(n?)e /, to: 'rep$1z ' },
  { why: 'both factors of IMUL are shown', pattern: /^(imul \$\w+,)(%\w+)$/, to: '$1$2,$2' },
  { why: 'the base of AAM and AAD is always shown', pattern: /^(aa[md])$/, to: '$1 $0xa' },
  { why: 'GNU writes REX prefixes with a capital W', pattern: /^rex\.w/, to: 'rex.W' },
  { why: 'F3 before RET is REPZ', pattern: /^rep ret/, to: 'repz ret' },
  { why: 'the second encoding of SHL is spelled like the first', pattern: /^sal(?!c)/, to: 'shl' },
  { why: 'sign extension of a word to a word follows the pattern', pattern: /^mov([sz])xw/, to: 'mov$1ww' },
  { why: 'a lone stack register is always named', pattern: /^(fxch|fucomp?|fcomp?)$/, to: '$1 %st(1)' },
  { why: 'so are the two of a popping operation', pattern: /^(f(?:add|mul|subr?|divr?)p)$/, to: '$1 %st,%st(1)' },
  {
    why: 'a 66 prefix without effect but on the instruction pointer is a word of its own',
    pattern: /^\.byte 0x66; /,
    to: 'data16 ',
    when: (insn) => insn.code !== 16,
  },
  { why: 'the same in 16-bit code', pattern: /^\.byte 0x66; /, to: 'data32 ', when: (insn) => insn.code === 16 },
  {
    why: 'no suffix at the default size',
    pattern: /^((?:bnd |notrack )*(?:lret|lcall|ljmp|iret|call|jmp|push|pop))[wlq](?= |$)/,
    to: '$1',
    when: (insn) => offDefaultSuffix(insn) === '',
  },
  {
    why: 'all exchanges of rAX with itself are no operation (66 F2 90)',
    pattern: /^xchg %(?:e|r)?ax,%(?:e|r)?ax$/,
    to: 'nop',
    when: (insn) => insn.encoding.mnemonic === 'nop',
  },
];

const INTEL_OURS: readonly Spelling[] = [];
const INTEL_THEIRS: readonly Spelling[] = [];

const LISTS = {
  att: { ours: ATT_OURS, theirs: ATT_THEIRS },
  intel: { ours: INTEL_OURS, theirs: INTEL_THEIRS },
};

/** Brings one side's text of an instruction to the common spelling. */
export function respell(text: string, insn: Instruction, syntax: 'att' | 'intel', side: 'ours' | 'theirs'): string {
  let result = text;
  for (const { pattern, to, when } of LISTS[syntax][side]) {
    if (when === undefined || when(insn)) result = result.replace(pattern, to);
  }
  return result;
}

function overridesWithDefault(insn: Instruction): boolean {
  const memory = insn.operands.find((operand): operand is MemoryOperand => operand.kind === 'mem');
  if (memory === undefined || insn.segmentOverride < 0 || isString(insn) || insn.encoding.op === 'xlat') return false;
  return insn.segmentOverride === (memory.base === 4 || memory.base === 5 ? Segment.ss : Segment.ds);
}
