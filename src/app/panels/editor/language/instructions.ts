/** What instructions do, for people who read programs. The forms themselves are in src/isa. */

export interface InstructionHelp {
  readonly name: string;
  readonly does: string;
  /** RFLAGS it changes, in words. */
  readonly flags: string;
  /** Where it may run. */
  readonly privilege: string;
  /** "SDM vol. 2A, ADD". */
  readonly manual: string;
}

const ARITHMETIC = 'CF OF SF ZF AF PF by the result';
const LOGIC = 'SF ZF PF by the result; CF and OF 0; AF undefined';
const NONE = 'none';
const ANY = 'any ring';
const RING0 = 'CPL 0, else #GP(0)';
const IOPL = 'CPL at most IOPL, else #GP(0)';
const PORTS = 'CPL at most IOPL, or the port’s bit in the TSS bitmap is 0, else #GP(0)';

/** names | what it does | flags | privilege | entry in the manual when it is not the first name */
const TABLE: readonly (readonly [names: string, does: string, flags: string, privilege?: string, entry?: string])[] = [
  ['mov', 'Copies the source to the destination. A 32-bit register as destination has its upper half cleared.', NONE],
  ['movabs', 'MOV with a 64-bit constant or address.', NONE, ANY, 'MOV'],
  ['movzx movzb movzw movzbl movzwl movzbq movzwq movzbw', 'Copies and widens with zeros.', NONE, ANY, 'MOVZX'],
  [
    'movsx movsb movsbl movswl movsbq movswq movsbw movslq movsxd',
    'Copies and widens with the sign.',
    NONE,
    ANY,
    'MOVSX/MOVSXD',
  ],
  ['lea', 'Computes the address of the memory operand and keeps it; memory is not touched.', NONE],
  ['push', 'Lowers RSP by 8 and stores the operand there.', NONE],
  ['pop', 'Loads from the stack and raises RSP by 8.', NONE],
  ['xchg', 'Exchanges two operands; with memory always atomic.', NONE],
  ['add', 'Adds the source to the destination.', ARITHMETIC],
  ['adc', 'Adds source and CF to the destination.', ARITHMETIC],
  ['sub', 'Subtracts the source from the destination.', ARITHMETIC],
  ['sbb', 'Subtracts source and CF from the destination.', ARITHMETIC],
  ['cmp', 'Subtracts the source from the destination for the flags alone.', ARITHMETIC],
  ['inc', 'Adds 1.', 'OF SF ZF AF PF; CF stays'],
  ['dec', 'Subtracts 1.', 'OF SF ZF AF PF; CF stays'],
  ['neg', 'Subtracts the operand from 0.', 'CF is 0 only for 0; OF SF ZF AF PF by the result'],
  ['not', 'Inverts every bit.', NONE],
  ['and', 'Keeps the bits that both operands have.', LOGIC],
  ['or', 'Sets the bits that either operand has.', LOGIC],
  ['xor', 'Sets the bits in which the operands differ; with itself it clears a register.', LOGIC],
  ['test', 'AND for the flags alone.', LOGIC],
  ['mul', 'Multiplies RAX, unsigned; the upper half goes to RDX.', 'CF and OF: upper half not 0; others undefined'],
  ['imul', 'Multiplies, signed.', 'CF and OF: result cut off; others undefined'],
  ['div', 'Divides RDX:RAX, unsigned: quotient to RAX, remainder to RDX. #DE if it does not fit.', 'all undefined'],
  ['idiv', 'Divides RDX:RAX, signed: quotient to RAX, remainder to RDX. #DE if it does not fit.', 'all undefined'],
  ['shl sal', 'Shifts left, zeros come in.', 'CF: last bit out; SF ZF PF by the result', ANY, 'SAL/SAR/SHL/SHR'],
  ['shr', 'Shifts right, zeros come in.', 'CF: last bit out; SF ZF PF by the result', ANY, 'SAL/SAR/SHL/SHR'],
  [
    'sar',
    'Shifts right, copies of the sign come in.',
    'CF: last bit out; SF ZF PF by the result',
    ANY,
    'SAL/SAR/SHL/SHR',
  ],
  ['rol', 'Rotates left.', 'CF: last bit round; OF for one place', ANY, 'RCL/RCR/ROL/ROR'],
  ['ror', 'Rotates right.', 'CF: last bit round; OF for one place', ANY, 'RCL/RCR/ROL/ROR'],
  ['bt', 'Copies a bit to CF.', 'CF'],
  ['bts', 'Copies a bit to CF and sets it.', 'CF'],
  ['btr', 'Copies a bit to CF and clears it.', 'CF'],
  ['bsf', 'Finds the lowest bit set.', 'ZF: there is none; others undefined'],
  ['bsr', 'Finds the highest bit set.', 'ZF: there is none; others undefined'],
  ['popcnt', 'Counts the bits set.', 'ZF; the others 0'],
  ['bswap', 'Reverses the order of the bytes.', NONE],
  ['cltq cdqe', 'Widens EAX to RAX with the sign.', NONE, ANY, 'CBW/CWDE/CDQE'],
  ['cltd cdq', 'Fills EDX with the sign of EAX, for IDIV.', NONE, ANY, 'CWD/CDQ/CQO'],
  ['cqto cqo', 'Fills RDX with the sign of RAX, for IDIV.', NONE, ANY, 'CWD/CDQ/CQO'],
  ['jmp', 'Goes on at the target.', NONE],
  ['call', 'Pushes the address of the next instruction and goes to the target.', NONE],
  ['ret', 'Pops RIP.', NONE],
  ['loop', 'Subtracts 1 from RCX and jumps unless it is 0.', NONE, ANY, 'LOOP/LOOPcc'],
  ['leave', 'RSP from RBP, then pops RBP.', NONE],
  ['nop', 'Does nothing.', NONE],
  ['pause', 'Does nothing, politely: for loops that wait.', NONE],
  ['cpuid', 'Tells about the processor: leaf in EAX, answers in EAX, EBX, ECX, EDX.', NONE],
  ['rdtsc', 'Time-stamp counter to EDX:EAX. With CR4.TSD = 1 only at CPL 0.', NONE],
  ['ud2', 'Raises #UD, always.', NONE, ANY, 'UD'],
  [
    'movs movsb movsw movsl movsq',
    'Copies from [RSI] to [RDI] and moves both on; DF tells the direction. With REP: RCX times.',
    NONE,
    ANY,
    'MOVS',
  ],
  [
    'stos stosb stosw stosl stosq',
    'Stores AL/AX/EAX/RAX at [RDI] and moves on. With REP: RCX times.',
    NONE,
    ANY,
    'STOS',
  ],
  ['lods lodsb lodsw lodsl lodsq', 'Loads from [RSI] and moves on.', NONE, ANY, 'LODS'],
  ['scas scasb scasw scasl scasq', 'Compares the accumulator with [RDI] and moves on.', ARITHMETIC, ANY, 'SCAS'],
  ['cmps cmpsb cmpsw cmpsl cmpsq', 'Compares [RSI] with [RDI] and moves on.', ARITHMETIC, ANY, 'CMPS'],
  [
    'rep repe repne repz repnz',
    'Repeats a string instruction RCX times (REPE and REPNE also by ZF).',
    NONE,
    ANY,
    'REP',
  ],
  ['lock', 'Makes the next instruction’s access to memory atomic.', NONE],
  ['cmpxchg', 'If the accumulator equals the destination, stores the source, else loads the destination.', ARITHMETIC],
  ['xadd', 'Exchanges, then adds.', ARITHMETIC],
  ['clc', 'CF = 0.', 'CF'],
  ['stc', 'CF = 1.', 'CF'],
  ['cld', 'DF = 0: strings go upwards.', 'DF'],
  ['std', 'DF = 1: strings go downwards.', 'DF'],
  ['pushf pushfq', 'Pushes RFLAGS.', NONE, ANY, 'PUSHF'],
  [
    'popf popfq',
    'Pops RFLAGS. In ring 3 IOPL never changes, and IF only if CPL is at most IOPL; no exception tells.',
    'all but VM, RF; IF and IOPL by privilege',
    ANY,
    'POPF',
  ],
  [
    'syscall',
    'To ring 0: RCX = next RIP, R11 = RFLAGS, RIP = LSTAR, RFLAGS cleared by FMASK, CS and SS from STAR[47:32]. No descriptor is read and RSP stays.',
    'those set in IA32_FMASK become 0',
    ANY,
  ],
  [
    'sysret sysretq',
    'To ring 3: RIP = RCX, RFLAGS = R11, CS and SS from STAR[63:48]. No descriptor is read.',
    'all from R11',
    RING0,
    'SYSRET',
  ],
  ['sysenter', 'To ring 0 by the SYSENTER MSRs; nothing is saved.', 'IF = 0'],
  [
    'int',
    'Calls an interrupt handler through the IDT. Ring 3 needs a gate with DPL 3, else #GP.',
    'TF NT RF and, by the gate, IF = 0',
    'gate DPL at least CPL',
    'INT n',
  ],
  ['int3', 'Raises #BP through the IDT.', 'TF NT RF and, by the gate, IF = 0', 'gate DPL at least CPL', 'INT n'],
  [
    'iret iretq',
    'Returns from an interrupt: pops RIP, CS, RFLAGS, RSP, SS, and checks the descriptors.',
    'all from the stack',
    'to the same or an outer ring',
    'IRET',
  ],
  ['hlt', 'Waits for an interrupt.', NONE, RING0],
  ['cli', 'IF = 0: no external interrupts.', 'IF', IOPL],
  ['sti', 'IF = 1, after the next instruction.', 'IF', IOPL],
  ['in', 'Reads an I/O port.', NONE, PORTS],
  ['out', 'Writes an I/O port.', NONE, PORTS],
  ['rdmsr', 'Reads the MSR numbered ECX to EDX:EAX.', NONE, RING0],
  ['wrmsr', 'Writes EDX:EAX to the MSR numbered ECX.', NONE, RING0],
  ['swapgs', 'Exchanges the GS base with IA32_KERNEL_GS_BASE.', NONE, RING0],
  ['lgdt', 'Loads GDTR.', NONE, RING0, 'LGDT/LIDT'],
  ['lidt', 'Loads IDTR.', NONE, RING0, 'LGDT/LIDT'],
  ['ltr', 'Loads the task register; marks the TSS busy.', NONE, RING0],
  ['sgdt', 'Stores GDTR; with CR4.UMIP = 1 not in ring 3.', NONE],
  ['invlpg', 'Forgets the translation of one page.', NONE, RING0],
  ['clts', 'CR0.TS = 0.', NONE, RING0],
  ['stac', 'AC = 1: with SMAP, ring 0 may touch user pages.', 'AC', RING0],
  ['clac', 'AC = 0: with SMAP, ring 0 may not touch user pages.', 'AC', RING0],
  ['wbinvd', 'Writes back and empties the caches.', NONE, RING0],
];

const CONDITIONS: Readonly<Record<string, string>> = {
  e: 'equal (ZF = 1)',
  z: 'zero (ZF = 1)',
  ne: 'not equal (ZF = 0)',
  nz: 'not zero (ZF = 0)',
  a: 'above, unsigned (CF = 0 and ZF = 0)',
  ae: 'above or equal, unsigned (CF = 0)',
  b: 'below, unsigned (CF = 1)',
  be: 'below or equal, unsigned (CF = 1 or ZF = 1)',
  c: 'carry (CF = 1)',
  nc: 'no carry (CF = 0)',
  g: 'greater, signed (ZF = 0 and SF = OF)',
  ge: 'greater or equal, signed (SF = OF)',
  l: 'less, signed (SF not equal to OF)',
  le: 'less or equal, signed (ZF = 1 or SF not equal to OF)',
  s: 'negative (SF = 1)',
  ns: 'not negative (SF = 0)',
  o: 'overflow (OF = 1)',
  no: 'no overflow (OF = 0)',
  p: 'parity even (PF = 1)',
  np: 'parity odd (PF = 0)',
};

/** The manual's volume by first letter: 2A has A to L, 2B M to U, 2C V, 2D W to Z. */
function manual(entry: string): string {
  const letter = entry.charAt(0);
  const volume = letter <= 'L' ? '2A' : letter <= 'U' ? '2B' : letter === 'V' ? '2C' : '2D';
  return `SDM vol. ${volume}, ${entry}`;
}

const known = new Map<string, InstructionHelp>();
for (const [names, does, flags, privilege = ANY, entry] of TABLE) {
  for (const name of names.split(' ')) {
    const first = names.split(' ', 1)[0] ?? name;
    known.set(name, { name, does, flags, privilege, manual: manual(entry ?? first.toUpperCase()) });
  }
}
for (const [code, meaning] of Object.entries(CONDITIONS)) {
  const add = (name: string, does: string, entry: string) =>
    known.set(name, { name, does, flags: NONE, privilege: ANY, manual: manual(entry) });
  add(`j${code}`, `Jumps if ${meaning}.`, 'Jcc');
  add(`set${code}`, `Sets a byte to 1 if ${meaning}, else to 0.`, 'SETcc');
  add(`cmov${code}`, `Copies if ${meaning}.`, 'CMOVcc');
}

/** Help for a mnemonic as it is written, size suffix or not: "movq" is MOV. */
export function instructionHelp(written: string): InstructionHelp | undefined {
  const name = written.toLowerCase();
  return known.get(name) ?? (/[bwlq]$/.test(name) ? known.get(name.slice(0, -1)) : undefined);
}

/** All mnemonics there is help for, as they are offered. */
export function helpedMnemonics(): readonly InstructionHelp[] {
  return [...known.values()];
}
