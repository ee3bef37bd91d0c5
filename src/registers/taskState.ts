/** Task-state segments: structures in memory, so they are described by byte offsets. */

export interface StructureField {
  readonly name: string;
  /** Byte offset and size. */
  readonly offset: number;
  readonly bytes: number;
  readonly title: string;
  readonly meaning: string;
  readonly manual: string;
}

export type TaskStateKind = '64-bit' | '32-bit' | '16-bit';

const field = (
  name: string,
  offset: number,
  bytes: number,
  title: string,
  meaning: string,
  manual: string,
): StructureField => ({ name, offset, bytes, title, meaning, manual });

const MANUAL_64 = 'SDM vol. 3A, 7.7';
const MANUAL_32 = 'SDM vol. 3A, 7.2.1';
const MANUAL_16 = 'SDM vol. 3A, 7.6';

const stack64 = (level: number): StructureField =>
  field(
    `RSP${level}`,
    4 + level * 8,
    8,
    `Stack pointer of CPL ${level}`,
    `Loaded into RSP when an interrupt or a call gate goes to CPL ${level} from less privilege. Must be canonical.`,
    MANUAL_64,
  );
const interruptStack = (number: number): StructureField =>
  field(
    `IST${number}`,
    0x24 + (number - 1) * 8,
    8,
    `Interrupt stack ${number}`,
    `Loaded into RSP for every event whose gate says IST ${number}, whatever the CPL was.`,
    'SDM vol. 3A, 6.14.5',
  );
/** At the same place in 32- and 64-bit task states. */
const ioMapBase = field(
  'I/O map base',
  0x66,
  2,
  'Offset of the I/O permission bitmap',
  'From the start of the TSS; at or past its limit there is no bitmap, and IOPL alone decides.',
  'SDM vol. 1, 18.5.2',
);

/** SSn and ESPn or SPn of an inner level, from byte `at`. */
function stackLegacy(level: number, at: number, wide: boolean): readonly StructureField[] {
  const manual = wide ? MANUAL_32 : MANUAL_16;
  const pointer = wide ? 'ESP' : 'SP';
  return [
    field(
      `${pointer}${level}`,
      at,
      wide ? 4 : 2,
      `Stack pointer of CPL ${level}`,
      `Loaded into ${pointer} when an interrupt or a call gate goes to CPL ${level} from less privilege.`,
      manual,
    ),
    field(
      `SS${level}`,
      at + (wide ? 4 : 2),
      2,
      `Stack segment of CPL ${level}`,
      `Loaded into SS together with ${pointer}${level}: writable data whose RPL and DPL are ${level}.`,
      manual,
    ),
  ];
}

const saved = (name: string, offset: number, bytes: number, manual: string): StructureField =>
  field(name, offset, bytes, `Saved ${name}`, 'Kept here by a task switch while another task runs.', manual);
const link = (manual: string): StructureField =>
  field('Link', 0, 2, 'Previous task', 'Selector of the TSS that IRET returns to when RFLAGS.NT is 1.', manual);
const table = (offset: number, manual: string): StructureField =>
  field('LDT', offset, 2, 'LDT selector', 'Loaded into LDTR by a switch to this task.', manual);
const inOrder = (names: string, at: number, bytes: number, step: number, manual: string): readonly StructureField[] =>
  names.split(' ').map((name, n) => saved(name, at + n * step, bytes, manual));

const GENERAL_32 = 'EAX ECX EDX EBX ESP EBP ESI EDI';
const GENERAL_16 = 'AX CX DX BX SP BP SI DI';

/** In order of offset; the gaps are reserved. */
const FIELDS: Readonly<Record<TaskStateKind, readonly StructureField[]>> = {
  '64-bit': [...[0, 1, 2].map(stack64), ...[1, 2, 3, 4, 5, 6, 7].map(interruptStack), ioMapBase],
  '32-bit': [
    link(MANUAL_32),
    ...[0, 1, 2].flatMap((level) => stackLegacy(level, 4 + 8 * level, true)),
    field('CR3', 0x1c, 4, 'Page-table base', 'Loaded into CR3 by a switch to this task.', MANUAL_32),
    ...inOrder('EIP EFLAGS', 0x20, 4, 4, MANUAL_32),
    ...inOrder(GENERAL_32, 0x28, 4, 4, MANUAL_32),
    ...inOrder('ES CS SS DS FS GS', 0x48, 2, 4, MANUAL_32),
    table(0x60, MANUAL_32),
    field('T', 0x64, 2, 'Debug trap', 'Bit 0: a switch to this task raises #DB.', MANUAL_32),
    ioMapBase,
  ],
  '16-bit': [
    link(MANUAL_16),
    ...[0, 1, 2].flatMap((level) => stackLegacy(level, 2 + 4 * level, false)),
    ...inOrder('IP FLAGS', 0xe, 2, 2, MANUAL_16),
    ...inOrder(GENERAL_16, 0x12, 2, 2, MANUAL_16),
    ...inOrder('ES CS SS DS', 0x22, 2, 2, MANUAL_16),
    table(0x2a, MANUAL_16),
  ],
};

export const taskStateFields = (kind: TaskStateKind): readonly StructureField[] => FIELDS[kind];

/** Bytes of the part that is described; the I/O permission bitmap may follow. */
export const TASK_STATE_BYTES: Readonly<Record<TaskStateKind, number>> = {
  '64-bit': 0x68,
  '32-bit': 0x68,
  '16-bit': 0x2c,
};

/** The kind of TSS that a descriptor's or TR's type bits name; null when they name none. SDM vol. 3A, table 3-2. */
export function taskStateKind(type: number, longMode: boolean): TaskStateKind | null {
  if ((type & 0xd) === 9) return longMode ? '64-bit' : '32-bit';
  return (type & 0xd) === 1 && !longMode ? '16-bit' : null;
}

export interface StructureValue {
  readonly field: StructureField;
  readonly value: bigint;
}

/** Values of the fields that lie wholly within `bytes`. */
export function readTaskState(kind: TaskStateKind, bytes: Uint8Array): StructureValue[] {
  const littleEndian = (offset: number, size: number): bigint =>
    bytes.subarray(offset, offset + size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return taskStateFields(kind)
    .filter(({ offset, bytes: size }) => offset + size <= bytes.byteLength)
    .map((one) => ({ field: one, value: littleEndian(one.offset, one.bytes) }));
}
