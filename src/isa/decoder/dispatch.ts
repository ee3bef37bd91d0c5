import { type CpuMake, MAP_COUNT, PrefixClass, type EncodingRow } from '../table/encodingRow.ts';
import { baseRows, rows } from '../table/index.ts';

/**
 * What an opcode byte leads to: the rows to try, first match wins. `candidates` has one list, or with ModRM one list
 * for each value of ModRM.reg.
 */
export interface OpcodeNode {
  hasModrm: boolean;
  readonly candidates: EncodingRow[][];
}

/** Nodes by `map * 256 + opcode`. */
export type DispatchTable = readonly (OpcodeNode | undefined)[];

const tables: (DispatchTable | undefined)[] = [];
let complete = false;

/** From now on tables hold all rows, not only the base groups. False when they did already. */
export function completeTables(): boolean {
  if (complete) return false;
  complete = true;
  tables.length = 0;
  return true;
}

/**
 * Dispatch table of 64-bit mode or of every other mode; built on first use. Until `completeTables` it knows the base
 * groups only, which is sooner done: whoever finds nothing in it completes it and looks again.
 */
export function dispatchTable(in64: boolean, make: CpuMake): DispatchTable {
  const n = (in64 ? 1 : 0) + (make === 'amd' ? 2 : 0);
  let table = tables[n];
  if (table === undefined) {
    table = build(in64, make);
    tables[n] = table;
  }
  return table;
}

function build(in64: boolean, make: CpuMake): DispatchTable {
  const table: (OpcodeNode | undefined)[] = new Array(MAP_COUNT * 256).fill(undefined);
  const exists = (row: EncodingRow) => (in64 ? !row.invalidIn64 : !row.onlyIn64) && (row.make ?? make) === make;
  // By constraints, most first, else in the table's order. A sort would take a quarter of a boot's time.
  const ordered: EncodingRow[][] = Array.from({ length: MOST_CONSTRAINTS + 1 }, () => []);
  for (const row of complete ? rows() : baseRows()) {
    if (exists(row)) ordered[MOST_CONSTRAINTS - constraints(row)]?.push(row);
  }
  for (const row of ordered.flat()) {
    const span = row.opcodeRegister ? 8 : 1;
    for (let i = 0; i < span; i++) place(table, row.map * 256 + row.opcode + i, row);
  }
  return table;
}

const MOST_CONSTRAINTS = 31;

/** The more a row asks for, the earlier it is tried. */
function constraints(row: EncodingRow): number {
  return (
    (row.modrm >= 0 ? 16 : 0) +
    (row.prefixMask === PrefixClass.any ? 0 : 8) +
    (row.digit >= 0 ? 4 : 0) +
    (row.sizeMask === 7 ? 0 : 2) +
    (row.rexBClear ? 1 : 0)
  );
}

function place(table: (OpcodeNode | undefined)[], slot: number, row: EncodingRow): void {
  let node = table[slot];
  if (node === undefined) {
    node = { hasModrm: row.hasModrm, candidates: row.hasModrm ? [[], [], [], [], [], [], [], []] : [[]] };
    table[slot] = node;
  }
  if (node.hasModrm !== row.hasModrm) throw new Error(`rows disagree on ModRM at "${row.form}"`);
  const digit = row.modrm >= 0 ? (row.modrm >> 3) & 7 : row.digit;
  node.candidates.forEach((list, reg) => {
    if (digit < 0 || digit === reg) list.push(row);
  });
}
