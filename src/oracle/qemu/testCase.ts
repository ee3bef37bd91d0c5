/** One case: what is written to the arena before it, what is looked at behind it, and what a reader should know. */
import type { GuestImage } from './guestImage.ts';
import { type Field, MAX_WATCHES } from './record.ts';

/** General registers in the order of their numbers. */
const REGISTERS = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
/** Where a piece of the state to start from stands: a symbol of the guest and an offset behind it. */
const ENTRY: Readonly<Record<string, readonly [symbol: string, offset: number]>> = {
  ...Object.fromEntries(REGISTERS.map((name, i) => [name, ['entry', 8 * i]])),
  rip: ['entry_frame', 0],
  cs: ['entry_frame', 8],
  rflags: ['entry_frame', 16],
  rsp: ['entry_frame', 24],
  ss: ['entry_frame', 32],
  ds: ['entry_ds', 0],
  es: ['entry_es', 0],
  fs: ['entry_fs', 0],
  gs: ['entry_gs', 0],
  cr0: ['entry_cr0', 0],
  cr3: ['entry_cr3', 0],
  cr4: ['entry_cr4', 0],
  efer: ['entry_msrs', 0],
  star: ['entry_msrs', 8],
  lstar: ['entry_msrs', 16],
  cstar: ['entry_msrs', 24],
  fmask: ['entry_msrs', 32],
  fsBase: ['entry_msrs', 40],
  gsBase: ['entry_msrs', 48],
  kernelGsBase: ['entry_msrs', 56],
  sysenterCs: ['entry_msrs', 64],
  sysenterEsp: ['entry_msrs', 72],
  sysenterEip: ['entry_msrs', 80],
  dr0: ['entry_dr', 0],
  dr1: ['entry_dr', 8],
  dr2: ['entry_dr', 16],
  dr3: ['entry_dr', 24],
  dr6: ['entry_dr', 32],
  dr7: ['entry_dr', 40],
  gdtrLimit: ['entry_gdtr', 0],
  gdtrBase: ['entry_gdtr', 8],
  idtrLimit: ['entry_idtr', 0],
  idtrBase: ['entry_idtr', 8],
  ldtr: ['entry_ldtr', 0],
  tr: ['entry_tr', 0],
};

const FILL = [0x40, 0xcc];

export interface Poke {
  readonly at: number;
  readonly value: bigint;
}

export class TestCase {
  readonly image: GuestImage;
  readonly pokes: Poke[] = [];
  readonly watches: { readonly at: number; readonly name: string }[] = [];
  /** Fields that the two may fill differently: the time, for one. */
  readonly ignored: Field[] = [];
  /** What the case is about, for a reader and for the list of departures. */
  readonly notes = new Map<string, string | number | bigint | boolean>();

  constructor(image: GuestImage) {
    this.image = image;
  }

  /** Writes a quadword at a physical address. */
  poke(at: number, value: bigint): this {
    this.pokes.push({ at, value: BigInt.asUintN(64, value) });
    return this;
  }

  /** Sets a register of the state to start from. */
  set(register: string, value: bigint | number): this {
    const place = ENTRY[register];
    if (place === undefined) throw new Error(`no register ${register} to start with`);
    const [symbol, offset] = place;
    // The limit of a table register stands in the last two bytes of its quadword.
    const shift = register.endsWith('Limit') ? 48n : 0n;
    return this.poke(this.image.at(symbol) + offset, BigInt(value) << shift);
  }

  /** What a place holds when the case begins, if the case says so. */
  written(at: number): bigint | undefined {
    return this.pokes.findLast((p) => p.at === at)?.value;
  }
  /** What a register holds when the case begins. */
  start(register: string): bigint {
    const place = ENTRY[register];
    if (place === undefined) throw new Error(`no register ${register} to start with`);
    const at = this.image.at(place[0]) + place[1];
    const template = this.image.at('entry_template') + at - this.image.at('entry');
    return this.written(at) ?? this.image.quadword(template);
  }

  /** Puts instructions at a physical address, followed by the filling that ends the case. */
  code(at: number, bytes: readonly number[]): this {
    const padded = [...bytes];
    while (padded.length % 8 !== 0 || padded.length < bytes.length + 2)
      padded.push(FILL[(padded.length - bytes.length) % 2] ?? 0);
    for (let i = 0; i < padded.length; i += 8) {
      let value = 0n;
      for (let j = 7; j >= 0; j--) value = (value << 8n) | BigInt(padded[i + j] ?? 0);
      this.poke(at + i, value);
    }
    return this;
  }

  /** Looks at a quadword behind the case. */
  watch(at: number, name: string): this {
    if (this.watches.length === MAX_WATCHES) throw new Error('too many places to watch');
    this.watches.push({ at, name });
    return this;
  }

  note(key: string, value: string | number | bigint | boolean): this {
    this.notes.set(key, value);
    return this;
  }
  ignore(...fields: Field[]): this {
    this.ignored.push(...fields);
    return this;
  }

  /** For messages: the notes, then the pokes. */
  describe(): string {
    const show = (v: unknown): string => (typeof v === 'bigint' ? `${v.toString(16)}h` : String(v));
    const notes = [...this.notes].map(([key, value]) => `${key} ${show(value)}`).join(', ');
    return `${notes}\n    ${this.pokes.map((p) => `${p.at.toString(16)}=${p.value.toString(16)}`).join(' ')}`;
  }
}

const HEADER_BYTES = 4;
const POKE_BYTES = 12;
const WATCH_BYTES = 4;

/** The module a guest takes: u32 count, then per case u16 pokes, u16 watches, (u32 address, u64 value)*, u32 address*. */
export function encodeCases(cases: readonly TestCase[]): Uint8Array {
  const size = cases.reduce(
    (sum, c) => sum + HEADER_BYTES + c.pokes.length * POKE_BYTES + c.watches.length * WATCH_BYTES,
    HEADER_BYTES,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, cases.length, true);
  let at = HEADER_BYTES;
  for (const c of cases) {
    view.setUint16(at, c.pokes.length, true);
    view.setUint16(at + 2, c.watches.length, true);
    at += HEADER_BYTES;
    for (const { at: address, value } of c.pokes) {
      view.setUint32(at, address, true);
      view.setBigUint64(at + 4, value, true);
      at += POKE_BYTES;
    }
    for (const { at: address } of c.watches) {
      view.setUint32(at, address, true);
      at += WATCH_BYTES;
    }
  }
  return bytes;
}
