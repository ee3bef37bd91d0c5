/** The 64-bit task-state segment: a structure in memory, so it is described by byte offsets. */

export interface StructureField {
  readonly name: string;
  /** Byte offset and size. */
  readonly offset: number;
  readonly bytes: number;
  readonly title: string;
  readonly meaning: string;
  readonly manual: string;
}

const MANUAL = 'SDM vol. 3A, 7.7';
const stack = (level: 0 | 1 | 2): StructureField => ({
  name: `RSP${level}`,
  offset: 4 + level * 8,
  bytes: 8,
  title: `Stack pointer of CPL ${level}`,
  meaning: `Loaded into RSP when an interrupt or a call gate goes to CPL ${level} from less privilege. Must be canonical.`,
  manual: MANUAL,
});
const interruptStack = (number: number): StructureField => ({
  name: `IST${number}`,
  offset: 0x24 + (number - 1) * 8,
  bytes: 8,
  title: `Interrupt stack ${number}`,
  meaning: `Loaded into RSP for every event whose gate says IST ${number}, whatever the CPL was.`,
  manual: 'SDM vol. 3A, 6.14.5',
});

export const TSS64_BYTES = 0x68;

/** In order of offset; the gaps are reserved. */
export const taskState64: readonly StructureField[] = [
  stack(0),
  stack(1),
  stack(2),
  ...[1, 2, 3, 4, 5, 6, 7].map(interruptStack),
  {
    name: 'I/O map base',
    offset: 0x66,
    bytes: 2,
    title: 'Offset of the I/O permission bitmap',
    meaning: 'From the start of the TSS; at or past its limit there is no bitmap, and IOPL alone decides.',
    manual: 'SDM vol. 1, 18.5.2',
  },
];

export interface StructureValue {
  readonly field: StructureField;
  readonly value: bigint;
}

/** Values of the fields that lie wholly within `bytes`. */
export function readTaskState64(bytes: Uint8Array): StructureValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return taskState64
    .filter((field) => field.offset + field.bytes <= bytes.byteLength)
    .map((field) => ({
      field,
      value: field.bytes === 8 ? view.getBigUint64(field.offset, true) : BigInt(view.getUint16(field.offset, true)),
    }));
}
