import { ByteReader, FormatError } from '../../machine/loader/byteReader.ts';
import type { ElfFile } from '../../machine/loader/elf.ts';
import { DwarfReader } from './dwarfReader.ts';
import { type LineHeader, type LineSections, readFileEntry, readLineHeader } from './lineHeader.ts';

export interface LineRow {
  readonly address: bigint;
  readonly file: string;
  readonly line: number;
  /** A good place for a breakpoint. */
  readonly isStatement: boolean;
}

/** Rows of rising address for one stretch of code, which ends before `end`. */
export interface LineSequence {
  readonly rows: readonly LineRow[];
  readonly end: bigint;
}

const STANDARD = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  negateStatement: 6,
  setBasicBlock: 7,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const;
const EXTENDED = { endSequence: 1, setAddress: 2, defineFile: 3 } as const;
const SHF_COMPRESSED = 0x800n;
const ADDRESS_MASK = (1n << 64n) - 1n;

/** Reads .debug_line, versions 2 to 5. A damaged unit is read as far as it makes sense; nothing is thrown. */
export function readLineTable(elf: ElfFile): LineSequence[] {
  const section = (name: string): ByteReader => {
    const found = elf.sections.find((candidate) => candidate.name === name && !(candidate.flags & SHF_COMPRESSED));
    return new ByteReader(found?.bytes ?? new Uint8Array(), name);
  };
  const sections: LineSections = {
    line: section('.debug_line'),
    lineStrings: section('.debug_line_str'),
    strings: section('.debug_str'),
  };
  const sequences: LineSequence[] = [];
  let offset = 0;
  while (offset + 4 < sections.line.length) {
    const reader = new DwarfReader(sections.line, offset, sections.line.length);
    try {
      const length = reader.unitLength();
      const end = reader.offset + length;
      if (!(length > 0 && end <= sections.line.length)) break;
      offset = end;
      const unit = new DwarfReader(sections.line, reader.offset, end);
      unit.offsetSize = reader.offsetSize;
      runUnit(unit, sections, sequences);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      // Without a length the next unit cannot be found either; else go on behind this one.
      if (offset < reader.offset) break;
    }
  }
  return sequences;
}

function runUnit(reader: DwarfReader, sections: LineSections, sequences: LineSequence[]): void {
  const header = readLineHeader(reader, reader.u16(), sections);
  const machine = new LineMachine(header, sequences);
  while (!reader.atEnd) machine.step(reader);
}

/** The state machine of DWARF 5, 6.2.2. */
class LineMachine {
  readonly #header: LineHeader;
  readonly #files: string[];
  readonly #sequences: LineSequence[];
  #rows: LineRow[] = [];
  #address = 0n;
  #file = 1;
  #line = 1;
  #isStatement: boolean;

  constructor(header: LineHeader, sequences: LineSequence[]) {
    this.#header = header;
    this.#files = [...header.files];
    this.#sequences = sequences;
    this.#isStatement = header.defaultIsStatement;
  }

  step(reader: DwarfReader): void {
    const opcode = reader.u8();
    if (opcode >= this.#header.opcodeBase) this.#special(opcode);
    else if (opcode === 0) this.#extended(reader);
    else this.#standard(reader, opcode);
  }

  #special(opcode: number): void {
    const { lineBase, lineRange } = this.#header;
    const adjusted = opcode - this.#header.opcodeBase;
    this.#advance(BigInt(Math.floor(adjusted / lineRange)));
    this.#line += lineBase + (adjusted % lineRange);
    this.#append();
  }

  #standard(reader: DwarfReader, opcode: number): void {
    switch (opcode) {
      case STANDARD.copy:
        this.#append();
        break;
      case STANDARD.advancePc:
        this.#advance(reader.uleb());
        break;
      case STANDARD.advanceLine:
        this.#line += Number(BigInt.asIntN(32, reader.sleb()));
        break;
      case STANDARD.setFile:
        this.#file = reader.count();
        break;
      case STANDARD.negateStatement:
        this.#isStatement = !this.#isStatement;
        break;
      case STANDARD.setBasicBlock:
        break;
      case STANDARD.constAddPc:
        this.#advance(BigInt(Math.floor((255 - this.#header.opcodeBase) / this.#header.lineRange)));
        break;
      case STANDARD.fixedAdvancePc:
        this.#address = (this.#address + BigInt(reader.u16())) & ADDRESS_MASK;
        break;
      default:
        // Columns, prologue marks, and opcodes of later versions: skip their operands.
        for (let i = this.#header.operandCounts[opcode - 1] ?? 0; i > 0; i--) reader.uleb();
    }
  }

  #extended(reader: DwarfReader): void {
    const length = reader.count();
    const next = reader.offset + length;
    if (length === 0) return;
    switch (reader.u8()) {
      case EXTENDED.endSequence:
        if (this.#rows.length > 0) this.#sequences.push({ rows: this.#rows, end: this.#address });
        this.#rows = [];
        this.#address = 0n;
        this.#file = 1;
        this.#line = 1;
        this.#isStatement = this.#header.defaultIsStatement;
        break;
      case EXTENDED.setAddress:
        this.#address = reader.address(length - 1);
        break;
      case EXTENDED.defineFile:
        this.#files.push(readFileEntry(reader, reader.text(), this.#header.directories));
        break;
    }
    if (next < reader.offset) throw new FormatError('an extended opcode is longer than it says');
    reader.skip(next - reader.offset);
  }

  #advance(operations: bigint): void {
    this.#address = (this.#address + operations * this.#header.minimumInstructionLength) & ADDRESS_MASK;
  }

  #append(): void {
    this.#rows.push({
      address: this.#address,
      file: this.#files[this.#file] ?? '',
      line: Math.max(0, this.#line),
      isStatement: this.#isStatement,
    });
  }
}
