/**
 * Where things stand in the machine's one linear memory (DESIGN.md, "The machine"). Offsets are bytes.
 * Host address 0 stays unused so that it can mean "no address".
 */

/** State block of the running CPU. General register i stands at 8*i, so AH is byte 1, CH byte 9. */
export const STATE = 0x100;

/** Fields of the state block that generated code addresses by a byte-sized offset come first. */
export const S = {
  zero: 128,
  /** RIP of page offset 0 of the running code: RIP of a record = ripBase + record.offset. */
  ripBase: 136,
  /** RIP at instruction boundaries outside generated code, and of the instruction whose routine runs. */
  rip: 144,
  flagKind: 152,
  flagX: 160,
  flagY: 168,
  /** RFLAGS without the six arithmetic flags. */
  flags: 176,
  left: 180,
  pc: 184,
  /** Host address of the TLB of the running privilege context. */
  tlb: 188,
  /** Host address of the jump cache of the running privilege level. */
  jumps: 192,
  cpl: 196,
  /** 16, 32 or 64. */
  codeSize: 200,
  /** ESP/SP mask of the running stack segment outside 64-bit mode. */
  stackMask: 204,
  /** Interrupts are held off for one instruction after STI, MOV SS and POP SS. */
  shadow: 208,
  /** HALTED after HLT, WAIT_FOR_STARTUP after INIT. */
  halted: 212,

  cr0: 216,
  cr2: 224,
  cr3: 232,
  cr4: 240,
  cr8: 248,
  efer: 256,
  xcr0: 264,
  dr: 272, // DR0..DR7, 8 bytes each
  gdtrBase: 336,
  idtrBase: 344,
  gdtrLimit: 352,
  idtrLimit: 356,
  /** Eight segments: ES CS SS DS FS GS LDTR TR. */
  segments: 360,
  star: 552,
  lstar: 560,
  cstar: 568,
  fmask: 576,
  kernelGsBase: 584,
  sysenterCs: 592,
  sysenterEsp: 600,
  sysenterEip: 608,
  pat: 616,
  apicBase: 624,
  miscEnable: 632,
  tscAux: 640,
  tscOffset: 648,
  mtrrDefType: 656,
  /** Retired instructions as a double. */
  retired: 664,
  /** Set by a failed segment check until the access that needed it is refused. */
  refused: 672,
  /** RIP after the instruction whose routine runs. */
  nextRip: 744,
  /** Scratch that micro-steps carry from one to the next. */
  temp: 680, // 8 slots
  nmiPending: 752,
  /** An NMI is being served: others wait for IRET (SDM vol. 3A, 6.7.1). */
  nmiBlocked: 756,
  mxcsr: 760,
  /** XMM0 to XMM15, 16 bytes each. */
  xmm: 768,
  /** Physical x87 registers R0 to R7, 16 bytes each of which 10 count; the low 8 are MM0 to MM7. */
  x87: 1024,
  fcw: 1152, // i32 each
  fsw: 1156,
  /** One bit for each physical register that is not empty, as in FXSAVE's image. */
  ftw: 1160,
  fop: 1164,
  fip: 1168, // i64
  fdp: 1176, // i64
  /** The PDPTEs of PAE paging, which MOV to CR3 loads (SDM vol. 3A, 4.4.1); 0 until then. */
  pdptes: 1184, // 4 i64
  end: 1216,
} as const;

/** Values of S.halted. */
export const Halt = { no: 0, halted: 1, waitForStartup: 2 } as const;

/** One segment register. `attributes` are bits 23:8 of the descriptor's high dword. */
export const SEG = {
  bytes: 24,
  base: 0,
  limit: 8,
  selector: 12,
  attributes: 16,
  /** 1 when every offset below 4 GiB may be read and written (outside 64-bit mode). */
  flat: 20,
} as const;

export const segmentOffset = (n: number): number => S.segments + n * SEG.bytes;
/** Segment numbers beyond the six of `sreg`. */
export const LDTR = 6;
export const TR = 7;

/** Accesses that cross a page or go to a device are made here in one piece; see Memory. */
export const BOUNCE = 0x600;

/** Software TLB: one table per context. */
export const TLB = 0x10000;
export const TLB_ENTRIES = 4096;
/** i64 read tag, i64 write tag, i32 host address minus linear address, i32 flags. Tag: linear page address, or EMPTY. */
export const TLB_ENTRY = { bytes: 32, shift: 5, read: 0, write: 8, delta: 16, flags: 20 } as const;
/** Supervisor; supervisor that may touch user pages (AC = 1); user; and one that is never filled: each access is checked. */
export const TLB_CONTEXT = { supervisor: 0, supervisorAc: 1, user: 2, checked: 3 } as const;
export const TLB_CONTEXTS = 4;
export const TLB_BYTES = TLB_ENTRIES * TLB_ENTRY.bytes;

/** Jump caches, supervisor and user: i64 RIP, i32 record. */
export const JUMPS = TLB + TLB_CONTEXTS * TLB_BYTES;
export const JUMP_ENTRIES = 4096;
export const JUMP_ENTRY = { bytes: 16, rip: 0, record: 8 } as const;
export const JUMP_BYTES = JUMP_ENTRIES * JUMP_ENTRY.bytes;

/** Pre-decoded instructions. The first slots are scratch for single steps. */
export const RECORDS = 0x100000;
export const RECORDS_END = 0x500000;
export const SCRATCH_RECORD = RECORDS;
export const FIRST_RECORD = RECORDS + 4 * 32;

/** A pre-decoded instruction. */
export const REC = {
  bytes: 32,
  shift: 5,
  handler: 0, // u16
  a: 2, // u8, byte offset into the state block of the first register operand
  b: 3, // u8, of the second
  base: 4, // u8, byte offset into the state block
  index: 5,
  scale: 6,
  segment: 7, // u8, 0..5
  offset: 8, // u16, in the page
  length: 10, // u8
  addressSize: 11, // u8: 0 = 64, 1 = 32, 2 = 16
  plain: 12, // u16, handler without fusion
  end: 14, // u16, offset + length: page offset of the next instruction
  imm: 16, // i32, immediate or condition code
  taken: 20, // u32, record of the branch target; LINK_LATER in this page but not linked yet, 0 in another page
  disp: 24, // i64, displacement, 64-bit immediate, or branch target minus ripBase
} as const;

export const LINK_LATER = 1;

/** Compiled regions: for each record an i32, 0 or the table slot of the region that begins there. */
export const REGION_OF = RECORDS_END;
const REGION_OF_BYTES = ((RECORDS_END - RECORDS) >> REC.shift) * 4;
/** At most so many regions exist at a time; slot 0 stays free. */
export const REGION_SLOTS = 4096;
/**
 * For each slot: i64 `base`, the S.ripBase at which its pages were last found mapped as it expects them, and i32 `stamp`,
 * the translation stamp of that moment.
 */
export const REGION_CELLS = REGION_OF + REGION_OF_BYTES;
export const REGION_CELL = { bytes: 16, base: 0, stamp: 8 } as const;
/** What generated code and the host's side of regions tell each other. */
export const REGION = REGION_CELLS + REGION_SLOTS * REGION_CELL.bytes;
export const R = {
  /** i32: changes whenever translations may have changed; its lowest bit is set in ring 3. */
  stamp: REGION,
  /** i32: 1 when every region comes back to the host. */
  eager: REGION + 4,
  /** i32: what the last region that ran answered. */
  answer: REGION + 8,
  /** i32: the record of the indirect jump through which a region was left, or 0. */
  source: REGION + 12,
  /** i64: instructions run in regions. */
  retired: REGION + 16,
  /** i64: times a region was entered. */
  entries: REGION + 24,
  /** i32: changes whenever a TLB may allow less than before. */
  generation: REGION + 32,
} as const;
/** What generated code must know of the machine around it: i32, 1 or 0. No part of the machine's state. */
export const OUTSIDE = {
  /** The interrupt controller has a request for this CPU. */
  interruptLine: REGION + 48,
  /** Data breakpoints are on. */
  watching: REGION + 52,
} as const;
/**
 * Crossings of rings as they are noted (engine/crossingLog.ts), by generated code too: entry number `length` is written in
 * any case, and `step` added to `length`. All are i64 where nothing else is said.
 */
export const CROSSINGS = {
  /** Crossings noted. */
  length: REGION + 64,
  /** Generated code leaves a crossing to its routine where `length` is not below this. */
  limit: REGION + 72,
  /** 1 while crossings are noted, else 0. */
  step: REGION + 80,
  /** Instructions retired, plus those that may still run: what may still run is to be taken from it. */
  ends: REGION + 88,
  /** What every entry has beside its detail: the present turn, shifted by `turnShift`. */
  turn: REGION + 96,
  /** Instructions retired in ring 3 until it was left last; minus those retired before it was entered, while it runs. */
  user: REGION + 104,
  /** -1 while it runs, as far as crossings tell, else 0. */
  inUser: REGION + 112,
  syscalls: REGION + 120,
  /** i32: host address of the entries, and one less than their number, a power of 2. */
  at: REGION + 128,
  mask: REGION + 132,
  /** i32: 1 when SYSRET follows AMD's rules, which are its routine's. */
  amd: REGION + 136,
  /** The entries that are kept, and others for what is known already. */
  kept: REGION + 144,
  keptEntries: 1 << 16,
  passing: REGION + 144 + (1 << 16) * 16,
  passingEntries: 1 << 10,
} as const;
/** An entry: i64 count of instructions retired before it, and i64 detail, which has `turnShift` bits, and turn. */
export const CROSSING = { bytes: 16, shift: 4, count: 0, detail: 8, turnShift: 24 } as const;

/**
 * For each slot of a region: where its accesses went last, so that the next one to the same page need not look in the TLB.
 * All that holds while R.generation and S.tlb are what they were: i32 `generation` and i32 `tlb`. A cell has the linear
 * page (i64, or -1) and, i32, the host address minus the linear one.
 */
export const PAGE_CELLS = (CROSSINGS.passing + CROSSINGS.passingEntries * CROSSING.bytes + 63) & ~63;
export const PAGE_CELL = {
  slotBytes: 256,
  generation: 0,
  tlb: 4,
  first: 16,
  bytes: 16,
  most: 15,
  page: 0,
  delta: 8,
} as const;

/**
 * A region answers with the record to go on at, or 0 to go on at S.rip. With `plain` the record is not to be taken for a
 * region's beginning; `budget` says that instructions were left for too few.
 */
export const REGION_ANSWER = { plain: 1, budget: 2 } as const;

/** At most this many records between two transfers, so a run may start when as many instructions are left. */
export const MAX_RUN = 64;

export const RAM = 0x800000;

/** Why the interpreter came back. */
export const Exit = {
  /** No instruction left to run: the record at `pc` has not run. */
  budget: 0,
  /** S.rip is where to go on: no instruction left, after a system instruction, at a stop record, or no record there. */
  stopped: 1,
  /** The instruction at `pc` raised an exception: nothing of it happened. */
  fault: 2,
  /** Between the interpreter's loops only: the record at `pc` is another's. */
  other: 3,
} as const;

/** What generated code tells the slow path of an access: size in bytes plus these. */
export const Access = { size: 0xff, write: 0x100, update: 0x200, stack: 0x400 } as const;

/**
 * What a routine tells: go on behind it (`next`), go on at S.rip, which it set (`jump`), or go on behind it or at S.rip
 * after the machine has looked at interrupts (`leave`, `leaveAt`). Generated code sees only next, fault, jump, leave.
 */
export const Outcome = { next: 0, fault: 1, jump: 2, leave: 3, leaveAt: 4 } as const;
