/** What of two machines' state differs, as text. */
import type { MachineView, RegisterView } from '../../worker/protocol.ts';
import { hex } from './hex.ts';

export interface DifferenceRow {
  readonly name: string;
  readonly left: string;
  readonly right: string;
}

const GPR = ['RAX', 'RCX', 'RDX', 'RBX', 'RSP', 'RBP', 'RSI', 'RDI'];

/** Every register as name and digits, in the order in which a person looks: where, with which rights, then the rest. */
function rowsOf(registers: RegisterView): Map<string, string> {
  const rows = new Map<string, string>();
  rows.set('CPL', `${registers.cpl}`);
  rows.set('RIP', hex(registers.rip, 16));
  for (const name of ['cs', 'ss', 'tr'] as const) {
    const { selector, attributes, base } = registers.segments[name];
    rows.set(name.toUpperCase(), hex(selector, 4));
    rows.set(`${name.toUpperCase()} attributes`, hex(attributes, 4));
    if (name === 'tr') rows.set('TR base', hex(base, 16));
  }
  rows.set('RFLAGS', hex(registers.rflags, 16));
  for (const [name, value] of Object.entries(registers.msrs)) rows.set(name, hex(value, 16));
  registers.gpr.forEach((value, n) => rows.set(GPR[n] ?? `R${n}`, hex(value, 16)));
  for (const name of ['cr0', 'cr2', 'cr3', 'cr4'] as const) rows.set(name.toUpperCase(), hex(registers[name], 16));
  return rows;
}

/** Registers, MSRs and GDT entries that differ. */
export function differences(left: MachineView, right: MachineView): DifferenceRow[] {
  const [ours, theirs] = [rowsOf(left.registers), rowsOf(right.registers)];
  const found: DifferenceRow[] = [];
  for (const [name, value] of ours) {
    const other = theirs.get(name) ?? '';
    if (value !== other) found.push({ name, left: value, right: other });
  }
  for (let n = 0; n < Math.max(left.gdt.length, right.gdt.length); n++) {
    const [a, b] = [left.gdt[n], right.gdt[n]];
    if (a !== b) found.push({ name: `GDT[${hex(n * 8, 2)}h]`, left: wordText(a), right: wordText(b) });
  }
  return found;
}

const wordText = (word: bigint | null | undefined): string =>
  word === undefined ? 'beyond the limit' : word === null ? 'not mapped' : hex(word, 16);
