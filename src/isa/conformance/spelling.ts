import { isMovabs } from '../format/attMnemonic.ts';
import { hasDefaultSize, offDefaultSuffix } from '../format/defaultSize.ts';
import { isMoffs, isString } from '../format/prefixWords.ts';
import { Place } from '../table/operandSpec.ts';
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

const TABLE_NAME = /^([sl][gi]dt)[wl]/;
const ENVIRONMENT = /^(fldenv|fnstenv|frstor|fnsave)[wd]/;
const STRING_NAME = /^((?:rep\w* )?)(movs|cmps|stos|lods|scas|ins|outs)[bwdq]/;
const SIZED_NAME =
  /^((?:\w+ )*?)(?:data\d\d )?(push|pop|pushf|popf|pusha|popa|enter|leave|call|jmp|ret|retf|iret|[sl][gi]dt)[wdq]?(?= |$)/;

const ATT_OURS: readonly Spelling[] = [
  { why: 'outside 64-bit mode GNU shows the operand size of these always', pattern: TABLE_NAME, to: '$1' },
  { why: 'reserved NOPs: iced shows ModRM.reg too', pattern: /^nop[wlq]? /, to: 'nop ', when: isNop },
  {
    why: 'an override naming the default segment: GNU shows it, iced does not',
    pattern: /%[ds]s:(?=[^,]*[(\d])/,
    to: '',
    when: overridesWithDefault,
  },
  { why: 'LEA uses no segment: iced does not show an override', pattern: /^(lea .*)%[cdefgs]s:/, to: '$1' },
];

const ATT_THEIRS: readonly Spelling[] = [
  { why: 'the DS prefix of NOTRACK is told by that word', pattern: /^((?:bnd )?notrack .*)%ds:/, to: '$1' },
  { why: 'outside 64-bit mode GNU shows the operand size of these always', pattern: TABLE_NAME, to: '$1' },
  { why: 'reserved NOPs: iced shows ModRM.reg too', pattern: /^nop[wlq]? (?:%\w+,)?(?=.)/, to: 'nop ', when: isNop },
  { why: 'GNU calls the debug registers db0 to db7', pattern: /%dr(\d)/, to: '%db$1' },
  {
    why: 'a shift by one has a 1 in its name, not a number',
    pattern: /^(\w+ )\$0x1,/,
    to: '$1$$1,',
    when: isShiftByOne,
  },
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
  { why: 'through a 16:64 pointer', pattern: /^rex\.w (lcall|ljmp) /, to: '$1q ' },
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

const INTEL_OURS: readonly Spelling[] = [
  {
    why: 'an override naming the default segment: GNU shows it, iced does not',
    pattern: /[ds]s:(?=\[)/,
    to: '',
    when: overridesWithDefault,
  },
  { why: 'LEA uses no segment: iced does not show an override', pattern: /^(lea \w+,)[cdefgs]s:\[/, to: '$1[' },
  { why: 'LEA uses no segment: iced does not show an override', pattern: /^(lea \w+,)[cdefgs]s:(?=0x)/, to: '$1ds:' },
  { why: 'operand size of stack and far instructions: see below', pattern: /^data\d\d /, to: '', when: hasDefaultSize },
  { why: 'one of the registers loaded into a segment register', pattern: /^(mov \ws,)[er]([a-ds][xpi])$/, to: '$1$2' },
  { why: 'iced shows the 16 bits that count', pattern: /^(mov \ws,r\d+)[dw]?$/, to: '$1w' },
  { why: 'the x87 environment: iced has a name for each layout', pattern: ENVIRONMENT, to: '$1' },
  {
    why: 'REX.W that extends with zeros: iced shows 32 bits',
    pattern: /^(\w+ (?:[^,]*,)?)r(\d+|\w\w)(?=,|$)/,
    to: '$1@$2',
    when: ignoresW,
  },
  { why: 'operand size: see below; the AT&T text compares it', pattern: SIZED_NAME, to: '$1$2', when: hasDefaultSize },
];
const INTEL_THEIRS: readonly Spelling[] = [
  { why: 'the DS prefix of NOTRACK is told by that word', pattern: /^((?:bnd )?notrack .*)ds:(?=\[)/, to: '$1' },
  { why: 'reserved NOPs: iced shows ModRM.reg too', pattern: /^(nop .*),\w+$/, to: '$1', when: isNop },
  { why: 'a shift by one has a 1 in its name, not a number', pattern: /,0x1$/, to: ',1', when: isShiftByOne },
  { why: 'far returns and transfers have one word', pattern: /\bret far/, to: 'retf' },
  { why: 'operand size of stack and far instructions: see below', pattern: /^data\d\d /, to: '', when: hasDefaultSize },
  {
    why: 'GNU adds a suffix to stack and far instructions off the default size, iced a prefix or another name',
    pattern: SIZED_NAME,
    to: '$1$2',
    when: hasDefaultSize,
  },
  { why: 'a far pointer is selector:offset', pattern: /^(call|jmp) far (0x\w+),(0x\w+)$/, to: '$1 $3:$2' },
  { why: 'far through memory: the width tells', pattern: /^(.*)(call|jmp) far /, to: '$1$2 ' },
  { why: 'the width of string operands tells, not a letter', pattern: STRING_NAME, to: '$1$2', when: isString },
  { why: 'the accumulator of STOS is shown', pattern: /^((?:rep\w* )?stos )(.*)$/, to: '$1$2,@A' },
  { why: 'and that of LODS and SCAS', pattern: /^((?:rep\w* )?(?:lods|scas) )/, to: '$1@A,' },
  { why: 'the accumulator by width', pattern: /^(.*BYTE.*)@A|^(.*)@A(,BYTE.*)/, to: '$1$2al$3' },
  { why: 'the accumulator by width', pattern: /^(.*QWORD.*)@A|^(.*)@A(,QWORD.*)/, to: '$1$2rax$3' },
  { why: 'the accumulator by width', pattern: /^(.*DWORD.*)@A|^(.*)@A(,DWORD.*)/, to: '$1$2eax$3' },
  { why: 'the accumulator by width', pattern: /^(.*WORD.*)@A|^(.*)@A(,WORD.*)/, to: '$1$2ax$3' },
  { why: 'string instructions always show DS:rSI', pattern: /PTR (\[[er]?si\])/, to: 'PTR ds:$1', when: isString },
  { why: 'string instructions always show ES:rDI', pattern: /PTR (\[[er]?di\])/, to: 'PTR es:$1', when: isString },
  { why: 'XLAT shows its segment too', pattern: /^(xlat BYTE PTR )\[/, to: '$1ds:[' },
  { why: 'F2 and F3 are REPNZ and REPZ', pattern: /^rep(n?)e /, to: 'rep$1z ' },
  { why: 'F3 before RET is REPZ', pattern: /^rep ret/, to: 'repz ret' },
  { why: 'MOV with a 64-bit address or immediate has a name', pattern: /^mov /, to: 'movabs ', when: isMovabs },
  { why: 'moffs shows no width: the register tells', pattern: /[A-Z]+ PTR /, to: '', when: isMoffs },
  { why: 'an absolute address has a segment and no brackets', pattern: /([c-gs]s:)?\[(0x\w+)\]/, to: '@S$1$2' },
  { why: 'an absolute address has a segment and no brackets', pattern: /@S(\ws:)/, to: '$1' },
  { why: 'an absolute address has a segment and no brackets', pattern: /@S/, to: 'ds:' },
  { why: 'branch hints are only in the AT&T text', pattern: /hint-(?:not-)?taken /, to: '' },
  { why: 'the implied ST(0) of one-operand forms is not shown', pattern: / st,/, to: ' ', when: hasOneOperand },
  { why: 'the implied ST(0) of one-operand forms is not shown', pattern: /,st$/, to: '', when: hasOneOperand },
  { why: 'the second encoding of FSTP is spelled like the first', pattern: /^fstpnce/, to: 'fstp' },
  { why: 'a lone stack register is always named', pattern: /^(fxch|fucomp?|fcomp?)$/, to: '$1 st(1)' },
  { why: 'so are the two of a popping operation', pattern: /^(f(?:add|mul|subr?|divr?)p)$/, to: '$1 st(1),st' },
  { why: 'the x87 environment: iced has a name for each layout', pattern: /FPU\w+ PTR /, to: '' },
  {
    why: 'REX.W that extends with zeros: iced shows 32 bits',
    pattern: /^(\w+ (?:[^,]*,)?)(?:r(\d+)d|e(\w\w))(?=,|$)/,
    to: '$1@$2$3',
    when: ignoresW,
  },
  { why: 'both factors of IMUL are shown', pattern: /^(imul )(\w+),(0x\w+)$/, to: '$1$2,$2,$3' },
  { why: 'iced names reserved forms', pattern: /^prefetch_(?:reserved|exclusive)/, to: 'prefetch' },
  {
    why: 'a pseudo-descriptor has no width',
    pattern: /FWORD PTR /,
    to: '',
    when: (insn) => /[sl][gi]dt/.test(insn.encoding.op),
  },
  { why: 'GNU gives the page address a width', pattern: /^invlpg /, to: 'invlpg BYTE PTR ' },
  {
    why: 'the hidden segment of a masked move goes in front',
    pattern: /^(addr\d\d )?(maskmov.*),(\ws)$/,
    to: '$1$3 $2',
  },
  { why: 'two names', pattern: /^(pcmpestr[im])64/, to: '$1q' },
  { why: 'two names', pattern: /^((?:lock )?cmpxchg16b )XMMWORD/, to: '$1OWORD' },
  {
    why: 'all exchanges of rAX with itself are no operation (66 F2 90)',
    pattern: /^xchg [er]?ax,[er]?ax$/,
    to: 'nop',
    when: (insn) => insn.encoding.mnemonic === 'nop',
  },
  { why: 'two names for 32-bit', pattern: /^(sysret|sysexit)$/, to: '$1d', when: (insn) => insn.code === 64 },
  { why: 'the implied XMM0 is shown', pattern: /^((?:pblendvb|blendvp[sd]) .*)$/, to: '$1,xmm0' },
];

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

/** Moves of a mask or an element to a GPR: the result is zero-extended whatever REX.W says. */
function ignoresW(insn: Instruction): boolean {
  return insn.operandSize === 64 && /^(?:p?movmsk|pextr[bw]|extractps|pinsr[bw])/.test(insn.encoding.op);
}

function isNop(insn: Instruction): boolean {
  return insn.encoding.op === 'nop' && insn.operands.length === 1;
}

function isShiftByOne(insn: Instruction): boolean {
  return insn.encoding.operands[1]?.place === Place.one;
}

function hasOneOperand(insn: Instruction): boolean {
  return insn.operands.length === 1;
}

function overridesWithDefault(insn: Instruction): boolean {
  const memory = insn.operands.find((operand): operand is MemoryOperand => operand.kind === 'mem');
  if (memory === undefined || insn.segmentOverride < 0 || isString(insn) || insn.encoding.op === 'xlat') return false;
  return insn.segmentOverride === (memory.base === 4 || memory.base === 5 ? Segment.ss : Segment.ds);
}
