/** The process table of the Emergence kernel, read from guest memory by the layout its debug information gives. */
import type { Cpu } from '../../cpu/cpu.ts';
import { S } from '../../cpu/layout.ts';
import { parseElf } from '../../machine/loader/elf.ts';
import { isProblem } from '../../machine/loader/problem.ts';
import { peekBytes } from '../peek.ts';
import { SymbolTable } from '../symbols/symbolTable.ts';
import { readTypes, type Structure, type Types } from './dwarfTypes.ts';
import type { ProcessView } from './views.ts';

interface Layout {
  readonly table: bigint;
  readonly process: Structure;
  readonly types: Types;
}

/** The kernel's own limit; a layout that claims more slots is not believed. */
const MAX_PROCESSES = 64;
const NAME = 'processes';
const layouts = new WeakMap<Uint8Array, Layout | string>();

/** Where the table stands and what an entry looks like, or why that is not known. */
function layoutOf(kernel: Uint8Array): Layout | string {
  let layout = layouts.get(kernel);
  if (layout === undefined) {
    layout = findLayout(kernel);
    layouts.set(kernel, layout);
  }
  return layout;
}

function findLayout(kernel: Uint8Array): Layout | string {
  const elf = parseElf(kernel);
  if (isProblem(elf)) return 'The kernel is no ELF file with symbols.';
  const table = new SymbolTable(elf).address(NAME);
  if (table === null)
    return `This kernel has no symbol "${NAME}": only the Emergence kernel's process table is known here.`;
  const types = readTypes(elf, ['process']);
  const process = types.structures.get('process');
  const needed = ['pid', 'state', 'name', 'memory', 'parent', 'ticks'];
  if (process === undefined) return 'This kernel has no debug information of its "struct process".';
  const missing = needed.filter((name) => !process.members.has(name));
  if (missing.length > 0) return `The kernel's "struct process" has no ${missing.join(', ')}.`;
  return { table, process, types };
}

/** True for a kernel whose system calls and processes are known by name. */
export const isEmergence = (kernel: Uint8Array): boolean => typeof layoutOf(kernel) !== 'string';

class Record {
  private readonly bytes: readonly (number | null)[];
  private readonly structure: Structure;

  constructor(bytes: readonly (number | null)[], structure: Structure) {
    this.bytes = bytes;
    this.structure = structure;
  }
  get mapped(): boolean {
    return this.bytes.every((byte) => byte !== null);
  }
  number(name: string): bigint {
    const member = this.structure.members.get(name);
    if (member === undefined) return 0n;
    let value = 0n;
    for (let i = Math.min(member.size, 8) - 1; i >= 0; i--)
      value = (value << 8n) | BigInt(this.bytes[member.offset + i] ?? 0);
    return value;
  }
  text(name: string): string {
    const member = this.structure.members.get(name);
    if (member === undefined) return '';
    const bytes = this.bytes.slice(member.offset, member.offset + member.size).map((byte) => byte ?? 0);
    const end = bytes.indexOf(0);
    return String.fromCharCode(...bytes.slice(0, end < 0 ? bytes.length : end)).replace(/[^\x20-\x7e]/g, '?');
  }
  inner(name: string): Record | null {
    const member = this.structure.members.get(name);
    if (member?.structure == null) return null;
    return new Record(this.bytes.slice(member.offset, member.offset + member.size), member.structure);
  }
}

const PAGE = ~0xfffn;

/** The processes there are now, or why none can be shown. */
export function readProcesses(cpu: Cpu, kernel: Uint8Array): readonly ProcessView[] | string {
  const layout = layoutOf(kernel);
  if (typeof layout === 'string') return layout;
  const { table, process, types } = layout;
  if (process.size <= 0 || process.size > 1 << 16) return 'The size of "struct process" is not believable.';
  const slots = Array.from({ length: MAX_PROCESSES }, (_, slot) => {
    const address = table + BigInt(slot * process.size);
    return { address, record: new Record(peekBytes(cpu, address, process.size), process) };
  });
  if (!slots[0]?.record.mapped) return 'The kernel has not mapped its process table yet.';
  const states = types.enumerations.get(process.members.get('state')?.enumeration ?? '');
  const stateOf = (record: Record): string => (states?.get(Number(record.number('state'))) ?? '?').toLowerCase();
  const pidAt = new Map(slots.map(({ address, record }) => [address, Number(record.number('pid'))]));
  const root = cpu.get(S.cr3) & PAGE;
  const used = slots.filter(({ record }) => record.mapped && stateOf(record) !== 'free' && record.number('pid') !== 0n);
  return used.map(({ record }): ProcessView => {
    const pml4 = (record.inner('memory')?.number('pml4') ?? 0n) & PAGE;
    return {
      pid: Number(record.number('pid')),
      parent: pidAt.get(record.number('parent')) ?? null,
      name: record.text('name'),
      state: stateOf(record),
      ticks: Number(record.number('ticks')),
      current: pml4 !== 0n && pml4 === root,
    };
  });
}
