import type { MachineView, SegmentName, SegmentView, TableWords } from '../../worker/protocol.ts';
import { type DecodedDescriptor, decodeDescriptor } from '../../registers/decodeDescriptor.ts';
import { ATTRIBUTE, ATTRIBUTES_SHIFT } from '../../registers/descriptor.ts';
import { EFER } from '../../registers/efer.ts';

/** A segment register whose selector names an entry. */
export interface SegmentMark {
  readonly name: SegmentName;
  /** The hidden part disagrees with the descriptor in what decides an access: it was not loaded from it. */
  readonly differs: boolean;
}

export interface GdtRow {
  readonly selector: number;
  /** Null where the table's page is not mapped. */
  readonly word: bigint | null;
  /** Null for the second slot of the entry above and for unmapped words. */
  readonly descriptor: DecodedDescriptor | null;
  readonly second: boolean;
  readonly marks: readonly SegmentMark[];
}

/** Attributes that decide about an access; A, AVL and G do not in 64-bit mode. */
const deciding = ATTRIBUTE.Code | ATTRIBUTE.W | ATTRIBUTE.S | ATTRIBUTE.DPL | ATTRIBUTE.P | ATTRIBUTE.L;

const halves = (word: bigint): readonly [number, number] => [Number(word & 0xffffffffn), Number(word >> 32n)];

function differs(segment: SegmentView, word: bigint): boolean {
  const attributes = halves(word)[1] >>> ATTRIBUTES_SHIFT;
  const segmentKind = (segment.attributes & ATTRIBUTE.S) !== 0;
  return segmentKind && ((attributes ^ segment.attributes) & deciding) !== 0;
}

function marksAt(
  segments: MachineView['registers']['segments'],
  selector: number,
  word: bigint | null,
): readonly SegmentMark[] {
  const names: readonly SegmentName[] = ['cs', 'ss', 'tr', 'ldtr', 'ds', 'es', 'fs', 'gs'];
  return names
    .filter((name) => (segments[name].selector & ~3) === selector && selector !== 0)
    .map((name) => ({ name, differs: word !== null && differs(segments[name], word) }));
}

/** IA-32e mode: system descriptors and gates take 16 bytes. */
export const isLongMode = ({ msrs }: Pick<MachineView['registers'], 'msrs'>): boolean =>
  (Number((msrs['IA32_EFER'] ?? 0n) & 0xffffffffn) & EFER.LMA) !== 0;

/** Selectors of the LDT's entries have this bit. */
const TABLE_INDICATOR = 4;

/** The GDT or LDT as rows: a 16-byte system descriptor takes its own row and the one below. */
export function gdtRows(
  words: TableWords,
  registers: MachineView['registers'],
  table: 'gdt' | 'ldt' = 'gdt',
): readonly GdtRow[] {
  const longMode = isLongMode(registers);
  let second = false;
  return words.map((word, index) => {
    const selector = index * 8 + (table === 'ldt' ? TABLE_INDICATOR : 0);
    const marks = marksAt(registers.segments, selector, word);
    if (second || word === null) {
      const row = { selector, word, descriptor: null, second, marks };
      second = false;
      return row;
    }
    const [low, high] = halves(word);
    const next = words[index + 1] ?? null;
    const [nextLow, nextHigh] = next === null ? [] : halves(next);
    const descriptor = decodeDescriptor(low, high, {
      longMode,
      ...(nextLow !== undefined && nextHigh !== undefined && { nextLow, nextHigh }),
    });
    second = descriptor.slots === 2;
    return { selector, word, descriptor, second: false, marks };
  });
}
