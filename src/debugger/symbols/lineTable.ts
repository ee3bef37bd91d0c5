import type { LineRow, LineSequence } from './lineProgram.ts';

export interface SourcePosition {
  /** Path as in the debug information, relative to the compilation directory where it is given so. */
  readonly file: string;
  readonly line: number;
}

/** Searches a line table both ways: address to line, line to addresses. */
export class LineTable {
  /** By lowest address. */
  readonly #sequences: readonly LineSequence[];
  /** Largest end of the sequences up to each one. */
  readonly #reach: readonly bigint[];
  /** By file: line to addresses where its code is entered, rising. */
  readonly #byFile = new Map<string, Map<number, bigint[]>>();

  constructor(sequences: readonly LineSequence[]) {
    const start = (sequence: LineSequence): bigint => sequence.rows[0]?.address ?? 0n;
    // Code the linker dropped is left at address 0: nobody runs there.
    this.#sequences = sequences
      .filter((sequence) => start(sequence) !== 0n && sequence.end > start(sequence))
      .toSorted((a, b) => compare(start(a), start(b)));
    let reach = 0n;
    this.#reach = this.#sequences.map((sequence) => {
      if (sequence.end > reach) reach = sequence.end;
      return reach;
    });
    for (const sequence of this.#sequences) this.#index(sequence.rows);
  }

  /** Files with code, sorted. */
  get files(): string[] {
    return [...this.#byFile.keys()].sort();
  }

  lineAt(address: bigint): SourcePosition | null {
    let i = lastAtOrBelow(this.#sequences, (sequence) => sequence.rows[0]?.address ?? 0n, address);
    // Sequences seldom overlap; when they do, the nearest that holds the address counts.
    for (; i >= 0 && (this.#reach[i] ?? 0n) > address; i--) {
      const sequence = this.#sequences[i];
      if (sequence === undefined || sequence.end <= address) continue;
      const row = sequence.rows[lastAtOrBelow(sequence.rows, (candidate) => candidate.address, address)];
      return row === undefined || row.line === 0 ? null : { file: row.file, line: row.line };
    }
    return null;
  }

  /** Where the code of a line is entered, rising. A file may be named by the end of its path. */
  addressesOf(file: string, line: number): bigint[] {
    const lines = this.#linesOf(file);
    return [...(lines?.get(line) ?? [])];
  }

  /** Lines of a file that have code, rising. */
  linesWithCode(file: string): number[] {
    return [...(this.#linesOf(file)?.keys() ?? [])].sort((a, b) => a - b);
  }

  #linesOf(file: string): Map<number, bigint[]> | undefined {
    const exact = this.#byFile.get(file);
    if (exact !== undefined) return exact;
    const match = this.files.find((path) => path.endsWith(`/${file}`));
    return match === undefined ? undefined : this.#byFile.get(match);
  }

  /** A row is an entry to its line if the instruction before belongs to another line. */
  #index(rows: readonly LineRow[]): void {
    let before: LineRow | undefined;
    rows.forEach((row, i) => {
      const previous = rows[i - 1];
      // Of several rows for one address the last one says whose instruction it is.
      if (previous !== undefined && previous.address !== row.address) before = previous;
      if (!row.isStatement || row.line === 0) return;
      if (before !== undefined && samePlace(before, row)) return;
      this.#add(row);
    });
  }

  #add(row: LineRow): void {
    let lines = this.#byFile.get(row.file);
    if (lines === undefined) {
      lines = new Map();
      this.#byFile.set(row.file, lines);
    }
    const addresses = lines.get(row.line);
    if (addresses === undefined) lines.set(row.line, [row.address]);
    else if (!addresses.includes(row.address)) {
      addresses.push(row.address);
      addresses.sort(compare);
    }
  }
}

function samePlace(a: LineRow, b: LineRow): boolean {
  return a.line === b.line && a.file === b.file;
}

/** Order of two addresses, for sorting. */
export function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Index of the last item whose key is at or below `key`, or -1. Items are sorted by key. */
export function lastAtOrBelow<T>(items: readonly T[], keyOf: (item: T) => bigint, key: bigint): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && keyOf(item) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
