/**
 * A CPU with memory and nothing else, set up by writing its state: paging on, flat segments, any mode of IA-32e. For
 * tests that run single instructions or short programs.
 */
import { CR0, CR4 } from '../../registers/cr.ts';
import { ATTRIBUTE, DPL_SHIFT } from '../../registers/descriptor.ts';
import { EFER } from '../../registers/efer.ts';
import { PTE } from '../../registers/pageEntry.ts';
import { Engine } from '../engine.ts';
import type { RegionPolicy } from '../regions/policy.ts';
import { Cpu } from '../../cpu/cpu.ts';
import type { Fault } from '../../cpu/fault.ts';
import { RAM, S } from '../../cpu/layout.ts';
import { PhysicalMemory } from '../../cpu/physicalMemory.ts';
import { PROFILES } from '../../cpu/profile.ts';
import { CS, setSegment } from '../../cpu/segmentation.ts';

const PAGE = 0x1000;
const ROOT = 0x1000;
const SEGMENTS = 6;
const FS = 4;

export interface BareOptions {
  /** 64-bit mode, or compatibility mode with 32- or 16-bit code. */
  readonly mode: 64 | 32 | 16;
  readonly cpl?: 0 | 3;
  /** Default 1 MiB. */
  readonly ramBytes?: number;
  readonly regions?: RegionPolicy;
}

export class BareMachine {
  readonly cpu: Cpu;
  readonly engine: Engine;
  /** The exception of the last run: delivering it only stops. */
  fault: Fault | null = null;
  private freePage = ROOT + PAGE;

  constructor({ mode, cpl = 3, ramBytes = 1 << 20, regions }: BareOptions) {
    this.cpu = new Cpu(new PhysicalMemory(ramBytes), PROFILES.intel);
    const { cpu } = this;
    this.engine = new Engine(cpu, regions);
    this.engine.deliver = (fault) => {
      this.fault = fault;
      cpu.setLow(S.halted, 1);
    };
    cpu.setLow(S.cr0, CR0.PE | CR0.PG | CR0.WP | CR0.AM | CR0.NE);
    cpu.setLow(S.cr3, ROOT);
    cpu.setLow(S.cr4, CR4.PAE);
    cpu.setLow(S.efer, EFER.LME | EFER.LMA | EFER.NXE);
    const any = ATTRIBUTE.P | ATTRIBUTE.S | ATTRIBUTE.A | (cpl << DPL_SHIFT);
    const size = mode === 64 ? ATTRIBUTE.L : mode === 32 ? ATTRIBUTE.D : 0;
    for (let n = 0; n < SEGMENTS; n++) {
      if (n === CS) setSegment(cpu, n, 0x30 | cpl, 0n, -1, any | ATTRIBUTE.Code | ATTRIBUTE.R | size);
      else if (n >= FS) setSegment(cpu, n, 0, 0n, 0, 0);
      else setSegment(cpu, n, 0x28 | cpl, 0n, -1, any | ATTRIBUTE.W | ATTRIBUTE.B);
    }
    cpu.setCpl(cpl);
    cpu.rflags = 2;
  }

  /** Maps `bytes` of fresh memory at a page-aligned linear address below 2^47; returns its physical address. */
  map(linear: number, bytes: number, writable = true): number {
    const physical = this.take(Math.ceil(bytes / PAGE));
    for (let done = 0; done < bytes; done += PAGE) this.mapPage(linear + done, physical + done, writable);
    return physical;
  }

  private take(pages: number): number {
    const page = this.freePage;
    this.freePage += pages * PAGE;
    if (this.freePage > this.cpu.memory.ramBytes) throw new Error('the machine has no memory left to map');
    return page;
  }

  /** Maps one page to a physical page of the caller's choice; returns where its entry stands. */
  mapPage(linear: number, physical: number, writable = true): number {
    return this.mapTo(linear, physical | (writable ? PTE.RW : 0), 0);
  }
  /** Maps 2 MiB by one entry; returns where that stands. */
  mapLarge(linear: number, physical: number): number {
    return this.mapTo(linear, physical | PTE.RW | PTE.PS, 1);
  }
  private mapTo(linear: number, entry: number, last: number): number {
    const { memory } = this.cpu;
    let table = ROOT;
    for (let level = 3; level > last; level--) {
      const at = table + 8 * (Math.floor(linear / 2 ** (12 + 9 * level)) & 0x1ff);
      if (memory.read32(at) === 0) memory.write32(at, this.take(1) | PTE.P | PTE.RW | PTE.US);
      table = memory.read32(at) & 0xfffff000;
    }
    const at = table + 8 * (Math.floor(linear / 2 ** (12 + 9 * last)) & 0x1ff);
    memory.write32(at, entry | PTE.P | PTE.US);
    return at;
  }

  /** Writes memory from outside, as the engine has to know it. */
  write(physical: number, from: Uint8Array): void {
    const { cpu } = this;
    for (let done = 0; done < from.length; ) {
      const room = Math.min(from.length - done, PAGE - ((physical + done) % PAGE));
      cpu.access.willWrite(RAM + physical + done, room);
      done += room;
    }
    cpu.bytes.set(from, RAM + physical);
  }

  /** Runs up to `count` instructions from `rip`, or until an exception, which `fault` then holds. */
  run(rip: bigint, count: number): number {
    this.cpu.rip = rip;
    this.fault = null;
    const done = this.engine.run(count);
    this.cpu.setLow(S.halted, 0);
    return done;
  }
}
