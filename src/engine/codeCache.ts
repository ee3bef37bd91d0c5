/**
 * Decoded code: physical pages of records, found by RIP through the jump caches. A page is decoded as it is reached;
 * records of one page link to each other directly, everything else goes through `find`.
 */
import type { Cpu } from '../cpu/cpu.ts';
import { Fault, Vector } from '../cpu/fault.ts';
import {
  FIRST_RECORD,
  JUMP_BYTES,
  JUMP_ENTRIES,
  JUMP_ENTRY,
  JUMPS,
  MAX_RUN,
  REC,
  RECORDS,
  RECORDS_END,
  SCRATCH_RECORD,
  S,
  SEG,
  segmentOffset,
  STATE,
} from '../cpu/layout.ts';
import { PageUse } from '../cpu/tlb.ts';
import { decode, MAX_INSTRUCTION_LENGTH } from '../isa/decode.ts';
import type { CodeSize, Instruction, Undecodable } from '../isa/instruction.ts';
import { protectedMode } from '../cpu/segmentation.ts';
import { generalProtection, hex, undefinedOpcode } from '../cpu/fault.ts';
import { routineOf } from '../cpu/routines/index.ts';
import type { Routine } from '../cpu/routines/routine.ts';
import { PSEUDO } from './interpreter/slots.ts';
import type { RecordWriter, Written } from './recordWriter.ts';

const PAGE = 4096;
const CS = 1;
/** Code is noticed in chunks of this many bytes, so that data beside code may be written. */
const CHUNK_SHIFT = 5;
/** Both halves of the tag of an empty jump-cache entry: no RIP, for it is not canonical. */
const NO_RIP = 0x40000000;

interface CodePage {
  readonly physical: number;
  readonly context: number;
  /** Record of each offset, 0 when not decoded. */
  readonly entries: Int32Array;
  /** Offsets that have a record. */
  readonly offsets: number[];
  /** One byte per chunk: 1 where decoded code stands. */
  readonly chunks: Uint8Array;
}

const keyOf = (physicalPage: number, context: number): number => physicalPage * 4096 + context;

export class CodeCache {
  private readonly cpu: Cpu;
  private readonly writer: RecordWriter;
  private readonly pages = new Map<number, CodePage>();
  private readonly byPhysical = new Map<number, CodePage[]>();
  /** Instruction of each record, by (host address - RECORDS) / 32. */
  private readonly instructions: (Instruction | undefined)[] = [];
  private readonly routines: (Routine | undefined)[] = [];
  private readonly pageOf: (CodePage | undefined)[] = [];
  private arena = FIRST_RECORD;
  /** Host addresses of jump-cache entries in use. */
  private readonly jumps = new Int32Array(2 * JUMP_ENTRIES);
  private jumpCount = 0;
  /** Number of the running code segment's base, limit and size. */
  private context = 0;
  /** The one of 64-bit mode, where base and limit do not matter; -2 when it has no number yet. */
  private longContext = -2;
  private readonly contexts = new Map<string, number>();
  /** Low twelve bits of RIPs at which no straight line may go on (breakpoints). */
  readonly stops = new Set<number>();
  /** Times everything was forgotten because the records were full. */
  flushes = 0;
  /** Called before code of a physical page is forgotten (-1: of all of them); `written`: because it is written to. */
  onForget: (physicalPage: number, written: boolean) => void = () => undefined;

  constructor(cpu: Cpu, writer: RecordWriter) {
    this.cpu = cpu;
    this.writer = writer;
    cpu.memory.words.fill(NO_RIP, JUMPS >> 2, (JUMPS + 2 * JUMP_BYTES) >> 2);
    this.contextChanged();
  }

  /** Undefined for records that are no instructions. */
  instructionOf(record: number): Instruction | undefined {
    return this.instructions[(record - RECORDS) >> REC.shift];
  }
  instructionAt(record: number): Instruction {
    const insn = this.instructionOf(record);
    if (insn === undefined) throw new Error('record without an instruction');
    return insn;
  }
  /** The routine that gives the instruction of a record its meaning. */
  routineAt(record: number): Routine {
    const n = (record - RECORDS) >> REC.shift;
    let found = this.routines[n];
    if (found === undefined) {
      found = routineOf(this.instructionAt(record));
      this.routines[n] = found;
    }
    return found;
  }

  /** The record that the scratch slot has a copy of. */
  private isolated = 0;
  /** The record itself, of the copy that runs in its place. */
  original(record: number): number {
    return record === SCRATCH_RECORD ? this.isolated : record;
  }

  /** Copies a record to the scratch slot, unfused and followed by a stop, for a single step. */
  isolate(record: number): number {
    const { bytes, view } = this.cpu.memory;
    const to = SCRATCH_RECORD;
    this.isolated = record;
    bytes.copyWithin(to, record, record + REC.bytes);
    view.setUint16(to + REC.handler, view.getUint16(record + REC.plain, true), true);
    // Links made from the copy would outlive what they link to; branches go through RIP.
    view.setUint32(to + REC.taken, 0, true);
    this.writer.writeStop(to + REC.bytes, view.getUint16(record + REC.end, true));
    this.routines[0] = undefined;
    this.instructions[0] = this.instructions[(record - RECORDS) >> REC.shift];
    return to;
  }

  /** Makes generated code stop after the instruction at `record`, by turning the next record into a stop. Returns an undo. */
  stopAfter(record: number): () => void {
    const { view } = this.cpu.memory;
    const next = record + REC.bytes;
    const before = view.getUint16(next + REC.handler, true);
    const offset = view.getUint16(next + REC.offset, true);
    this.writer.writeStop(next, view.getUint16(record + REC.end, true));
    return () => {
      view.setUint16(next + REC.handler, before, true);
      view.setUint16(next + REC.offset, offset, true);
    };
  }

  /** The code segment changed: RIPs mean other linear addresses, and its limit and size other instructions. */
  contextChanged(): void {
    const { cpu } = this;
    const size = cpu.low(S.codeSize);
    if (size === 64 && this.context === this.longContext) return;
    const at = segmentOffset(CS);
    const key =
      size === 64 ? '64' : `${size} ${cpu.low(at + SEG.base)} ${cpu.low(at + SEG.limit)} ${protectedMode(cpu)}`;
    let context = this.contexts.get(key);
    if (context === undefined) {
      if (this.contexts.size >= 4000) this.flush();
      context = this.contexts.size;
      this.contexts.set(key, context);
    }
    if (context !== this.context) this.forgetJumps();
    this.context = context;
    if (size === 64) this.longContext = context;
  }

  forgetJumps(): void {
    const { words } = this.cpu.memory;
    for (let i = 0; i < this.jumpCount; i++)
      words.fill(NO_RIP, (this.jumps[i] as number) >> 2, ((this.jumps[i] as number) >> 2) + 2);
    this.jumpCount = 0;
  }

  /** Physical page of a record. */
  physicalPage(record: number): number {
    return this.pageOf[(record - RECORDS) >> REC.shift]?.physical ?? -1;
  }
  /** Record of decoded code at an offset of a physical page in the running context; 0 when there is none. */
  recordIn(physicalPage: number, offset: number): number {
    return this.pages.get(keyOf(physicalPage, this.context))?.entries[offset] ?? 0;
  }

  /** Forgets all decoded code. */
  flush(): void {
    this.onForget(-1, false);
    for (const page of this.byPhysical.keys()) this.cpu.tlb.unmark(page, PageUse.code);
    this.pages.clear();
    this.byPhysical.clear();
    this.contexts.clear();
    this.context = -1;
    this.longContext = -2;
    this.instructions.length = 0;
    this.routines.length = 0;
    this.pageOf.length = 0;
    this.arena = FIRST_RECORD;
    this.forgetJumps();
    this.flushes++;
    this.contextChanged();
  }

  /** True when decoding one more straight line could run out of records: `flush` before running on. */
  get full(): boolean {
    return this.arena + (MAX_RUN + 4) * REC.bytes > RECORDS_END;
  }

  /**
   * Record of the instruction at RIP, decoding it if need be; 0 with an exception pending when it cannot be fetched or
   * decoded. May walk page tables.
   */
  find(ripLow: number, ripHigh: number): number {
    const { cpu } = this;
    const hash = (ripLow ^ (ripLow >>> 12)) & (JUMP_ENTRIES - 1);
    const entry = (cpu.low(S.jumps) + hash * JUMP_ENTRY.bytes) >> 2;
    const { words } = cpu.memory;
    if (words[entry] === ripLow && words[entry + 1] === ripHigh) return words[entry + 2] as number;
    if (this.full) return 0;

    const record = this.locate(ripLow, ripHigh);
    if (record !== 0 && !this.stops.has(ripLow & 0xfff)) {
      if (words[entry] === NO_RIP && words[entry + 1] === NO_RIP) this.jumps[this.jumpCount++] = entry << 2;
      words[entry] = ripLow;
      words[entry + 1] = ripHigh;
      words[entry + 2] = record;
    }
    return record;
  }

  private locate(ripLow: number, ripHigh: number): number {
    const { cpu } = this;
    let [low, high] = [ripLow, ripHigh];
    const size = cpu.low(S.codeSize) as CodeSize;
    if (size !== 64) {
      const limit = cpu.limit(CS);
      if (ripLow >>> 0 > limit) {
        cpu.access.pending = generalProtection(
          0,
          'RIP is within CS.limit',
          `at most ${hex(limit)}`,
          hex(ripLow >>> 0),
          'SDM vol. 3A, 5.3',
        );
        return 0;
      }
      low = (ripLow + cpu.low(segmentOffset(CS) + SEG.base)) | 0;
      high = 0;
    }
    const physical = cpu.access.fetch(low, high);
    if (physical < 0) return 0;
    const offset = low & 0xfff;
    const physicalPage = Math.floor(physical / PAGE);
    const page = this.page(physicalPage, true);
    const known = page.entries[offset] as number;
    return known !== 0 ? known : this.decodeLine(page, offset, low, high, ripLow, size);
  }

  private page(physicalPage: number, create: boolean): CodePage {
    const key = keyOf(physicalPage, this.context);
    let page = this.pages.get(key);
    if (page === undefined) {
      page = {
        physical: physicalPage,
        context: this.context,
        entries: new Int32Array(PAGE),
        offsets: [],
        chunks: new Uint8Array(PAGE >> CHUNK_SHIFT),
      };
      if (create) {
        this.pages.set(key, page);
        const others = this.byPhysical.get(physicalPage);
        if (others === undefined) this.byPhysical.set(physicalPage, [page]);
        else others.push(page);
      }
    }
    return page;
  }

  /** Decodes from `offset` to the end of the straight line. Returns its first record, or 0 with an exception pending. */
  private decodeLine(page: CodePage, offset: number, low: number, high: number, rip: number, size: CodeSize): number {
    const { memory } = this.cpu;
    const base = memory.host(page.physical * PAGE);
    if (base === 0) return this.decodeAlone(page, offset, low, high, rip, size);
    const first = this.arena;
    // In 16- and 32-bit code a line does not run past the limit: the next lookup finds that out.
    const room = size === 64 ? PAGE : Math.min(PAGE, offset + (this.cpu.limit(CS) - (rip >>> 0)) + 1);
    let at = offset;
    let previous: Written | undefined;
    for (let n = 0; ; n++) {
      const known = page.entries[at] as number;
      if (at >= PAGE || n === MAX_RUN || known !== 0 || (n > 0 && this.stops.has(at))) {
        this.writer.writeGo(this.take(page, undefined), at, at < PAGE && !this.stops.has(at) ? known : 0);
        break;
      }
      const insn = this.decode(memory.bytes, base + at, base + Math.max(at, room), size);
      if ('invalid' in insn) {
        if (n === 0) return this.decodeAlone(page, offset, low, high, rip, size);
        this.writer.writeGo(this.take(page, undefined), at, 0);
        break;
      }
      const record = this.take(page, insn);
      const written = this.writer.write(record, insn, at);
      page.entries[at] = record;
      page.offsets.push(at);
      page.chunks.fill(1, at >> CHUNK_SHIFT, ((at + insn.length - 1) >> CHUNK_SHIFT) + 1);
      this.linkAtOnce(page, record, insn, at, size);
      if (previous !== undefined && insn.encoding.op === 'jcc') this.writer.fuse(record - REC.bytes, previous, insn);
      previous = written;
      at += insn.length;
      if (written.ends !== undefined && written.ends !== 'branch') break;
    }
    this.cpu.tlb.mark(page.physical, PageUse.code);
    return first;
  }

  /** VEX prefixes are recognised in protected mode only (SDM vol. 2A, 2.3.1). */
  private decode(bytes: Uint8Array, start: number, end: number, size: CodeSize): Instruction | Undecodable {
    const insn = decode(bytes, start, end, size, this.cpu.profile.model);
    if (size === 64 || 'invalid' in insn || insn.encoding.vex === null || protectedMode(this.cpu)) return insn;
    return { invalid: 'opcode', length: insn.length };
  }

  private take(page: CodePage, insn: Instruction | undefined): number {
    const record = this.arena;
    this.arena += REC.bytes;
    const n = (record - RECORDS) >> REC.shift;
    this.instructions[n] = insn;
    this.routines[n] = undefined;
    this.pageOf[n] = page;
    return record;
  }

  /** A direct branch to the same page links when it is first taken. */
  private linkAtOnce(page: CodePage, record: number, insn: Instruction, at: number, size: CodeSize): void {
    const target = targetOffset(insn, at);
    if (target < 0 || this.stops.has(target)) return;
    // Outside 64-bit mode targets wrap and are limited; only a lookup knows.
    if (size !== 64) return;
    const known = page.entries[target] as number;
    if (known !== 0) this.cpu.memory.view.setUint32(record + REC.taken, known, true);
    else this.writer.linkLater(record);
  }

  /** The record of a branch's target in its own page, linked from now on; 0 when a lookup has to answer. */
  link(record: number): number {
    const n = (record - RECORDS) >> REC.shift;
    const page = this.pageOf[n];
    const insn = this.instructions[n];
    if (page === undefined || insn === undefined || this.full) return 0;
    const { view } = this.cpu.memory;
    const target = targetOffset(insn, view.getUint16(record + REC.offset, true));
    if (target < 0) return 0;
    const known = page.entries[target] as number;
    if (known !== 0) view.setUint32(record + REC.taken, known, true);
    return known;
  }

  /** An instruction across two pages, or one that cannot be decoded: a line of its own that is looked up every time it is entered. */
  private decodeAlone(page: CodePage, offset: number, low: number, high: number, rip: number, size: CodeSize): number {
    const { cpu } = this;
    const { memory } = cpu;
    const buffer = new Uint8Array(MAX_INSTRUCTION_LENGTH);
    const split = PAGE - offset;
    const inLimit =
      size === 64 ? MAX_INSTRUCTION_LENGTH : Math.min(MAX_INSTRUCTION_LENGTH, cpu.limit(CS) - (rip >>> 0) + 1);
    let available = Math.min(split, inLimit);
    this.copyCode(buffer, 0, page.physical * PAGE + offset, available);
    let insn = this.decode(buffer, 0, available, size);
    let second = -1;
    if ('invalid' in insn && insn.invalid === 'truncated' && available < inLimit) {
      const nextLow = (low + split) | 0;
      const physical = cpu.access.fetch(nextLow, nextLow === 0 && size === 64 ? (high + 1) | 0 : high);
      if (physical < 0) return 0;
      second = Math.floor(physical / PAGE);
      available = inLimit;
      this.copyCode(buffer, split, physical, available - split);
      insn = this.decode(buffer, 0, available, size);
    }
    if ('invalid' in insn) {
      cpu.access.pending = refusal(insn.invalid, buffer.subarray(0, Math.max(insn.length, 1)));
      return 0;
    }
    const record = this.take(page, insn);
    const written = this.writer.write(record, insn, offset);
    const end = offset + insn.length;
    if (written.ends === undefined || written.ends === 'branch')
      this.writer.writeGo(this.take(page, undefined), end, 0);
    page.chunks.fill(1, offset >> CHUNK_SHIFT);
    if (memory.host(page.physical * PAGE) !== 0) cpu.tlb.mark(page.physical, PageUse.code);
    if (second >= 0 && memory.host(second * PAGE) !== 0) {
      // Bytes of the second page belong to it too: writing them forgets that page, and with it all jumps.
      this.page(second, true).chunks.fill(1, 0, ((end - PAGE - 1) >> CHUNK_SHIFT) + 1);
      cpu.tlb.mark(second, PageUse.code);
    }
    return record;
  }

  private copyCode(to: Uint8Array, at: number, physical: number, bytes: number): void {
    const { memory } = this.cpu;
    const host = memory.host(physical);
    for (let i = 0; i < bytes; i++) {
      to[at + i] = host !== 0 ? (memory.bytes[host + i] as number) : memory.bus.read(physical + i, 1);
    }
  }

  /** Before a write to a page of code: forgets the page if the bytes were decoded. True when something was forgotten. */
  written(physical: number, bytes: number): boolean {
    const physicalPage = Math.floor(physical / PAGE);
    const pages = this.byPhysical.get(physicalPage);
    if (pages === undefined) return false;
    const first = (physical % PAGE) >> CHUNK_SHIFT;
    const last = (Math.min((physical % PAGE) + bytes, PAGE) - 1) >> CHUNK_SHIFT;
    let hit = false;
    for (const page of pages) for (let c = first; c <= last; c++) hit ||= page.chunks[c] === 1;
    if (!hit) return false;
    this.onForget(physicalPage, true);
    this.forgetPage(physicalPage, pages);
    return true;
  }

  /**
   * Sets where no straight line may go on: low twelve bits of RIPs. Only pages are forgotten that have an instruction where
   * that changes.
   */
  setStops(stops: ReadonlySet<number>): void {
    const changed = [...this.stops].filter((at) => !stops.has(at));
    for (const at of stops) if (!this.stops.has(at)) changed.push(at);
    if (changed.length === 0) return;
    this.stops.clear();
    for (const at of stops) this.stops.add(at);
    for (const [physicalPage, pages] of this.byPhysical) {
      if (!pages.some(({ entries }) => changed.some((at) => entries[at] !== 0))) continue;
      this.onForget(physicalPage, false);
      this.forgetPage(physicalPage, pages);
    }
    this.forgetJumps();
  }

  private forgetPage(physicalPage: number, pages: readonly CodePage[]): void {
    for (const page of pages) {
      // Whoever still runs in it stops at the next instruction.
      for (const offset of page.offsets) {
        this.cpu.memory.view.setUint16((page.entries[offset] as number) + REC.handler, PSEUDO.stop, true);
        page.entries[offset] = 0;
      }
      page.offsets.length = 0;
      page.chunks.fill(0);
    }
    this.cpu.tlb.unmark(physicalPage, PageUse.code);
    this.forgetJumps();
  }

  /** RIP of a record, as long as S.ripBase is that of its page. */
  ripOf(record: number): bigint {
    const { view } = this.cpu.memory;
    return BigInt.asUintN(
      64,
      view.getBigUint64(STATE + S.ripBase, true) + BigInt(view.getUint16(record + REC.offset, true)),
    );
  }
}

/** Page offset of a direct branch's target, or -1 when it is in another page or there is none. */
function targetOffset(insn: Instruction, at: number): number {
  const operand = insn.operands[insn.operands.length - 1];
  if (operand?.kind !== 'rel') return -1;
  const target = at + insn.length + operand.displacement;
  return target >= 0 && target < PAGE ? target : -1;
}

function refusal(invalid: 'opcode' | 'lock' | 'too-long' | 'truncated', bytes: Uint8Array): Fault {
  const text = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(' ');
  if (invalid === 'too-long' || invalid === 'truncated') {
    return new Fault(Vector.GP, 0, {
      check:
        invalid === 'too-long' ? 'the instruction is at most 15 bytes long' : 'the instruction ends within CS.limit',
      expected: invalid === 'too-long' ? 'at most 15 bytes' : 'inside the segment',
      actual: text,
      manual: 'SDM vol. 3A, 6.15, interrupt 13',
      where: { kind: 'instruction' },
    });
  }
  const lock = invalid === 'lock';
  return undefinedOpcode(
    lock ? 'LOCK stands before an instruction that may be locked' : 'the bytes are an instruction of this processor',
    lock ? 'a read-modify-write of memory' : 'a defined opcode',
    text,
    lock ? 'SDM vol. 2A, LOCK' : 'SDM vol. 3A, 6.15, interrupt 6',
  );
}
