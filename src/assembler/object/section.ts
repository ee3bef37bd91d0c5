import type { Expression } from '../expression/expression.ts';
import { ByteBuffer } from './byteBuffer.ts';

/** ELF section types and flags (System V ABI, chapter 4). */
export const SectionType = { progbits: 1, symtab: 2, strtab: 3, rela: 4, note: 7, nobits: 8, group: 17 } as const;
export const SectionFlag = {
  write: 1,
  alloc: 2,
  exec: 4,
  merge: 0x10,
  strings: 0x20,
  infoLink: 0x40,
  linkOrder: 0x80,
  group: 0x200,
  tls: 0x400,
  exclude: 0x80000000,
} as const;

/** Where in a source something stands, for messages that come after parsing. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * A piece of a section. The size of `bytes` and `space` is known at once; the others depend on addresses and are given
 * theirs by relaxation. Offsets of a bytes fragment index the section's buffer.
 */
export interface FragmentBase {
  readonly section: Section;
  readonly index: number;
  /** Offset in the section, after layout. */
  address: number;
  size: number;
  /** Counts the alignments and `.org`s before it; set by layout. */
  region: number;
}

export interface BytesFragment extends FragmentBase {
  readonly kind: 'bytes';
  readonly start: number;
}
export interface SpaceFragment extends FragmentBase {
  readonly kind: 'space';
  readonly pattern: Uint8Array;
}
/** A number of units known only after layout: `.skip a - b`. */
export interface FillFragment extends FragmentBase {
  readonly kind: 'fill';
  readonly count: Expression;
  readonly unit: Uint8Array;
  readonly origin: Origin;
}
export interface AlignFragment extends FragmentBase {
  readonly kind: 'align';
  readonly alignment: number;
  /** Bytes to repeat, or null for NOPs. */
  readonly pattern: Uint8Array | null;
  /** No padding when more than this would be needed; 0 = always pad. */
  readonly most: number;
  readonly origin: Origin;
}
export interface OrgFragment extends FragmentBase {
  readonly kind: 'org';
  readonly target: Expression;
  readonly fill: number;
  readonly origin: Origin;
}
/** JMP or Jcc with a short and a near form. */
export interface BranchFragment extends FragmentBase {
  readonly kind: 'branch';
  readonly prefixes: readonly number[];
  readonly short: number;
  readonly near: readonly number[];
  readonly nearSize: 2 | 4;
  readonly target: Expression;
  readonly specifier: string;
  isNear: boolean;
  readonly origin: Origin;
}
export interface LebFragment extends FragmentBase {
  readonly kind: 'leb';
  readonly value: Expression;
  readonly signed: boolean;
  readonly origin: Origin;
}

export type Fragment =
  | BytesFragment
  | SpaceFragment
  | FillFragment
  | AlignFragment
  | OrgFragment
  | BranchFragment
  | LebFragment;

/** A field of a bytes fragment whose value is known only after layout, or only to the linker. */
export interface Fixup {
  readonly fragment: BytesFragment;
  /** Offset in the section's buffer. */
  readonly at: number;
  readonly size: 1 | 2 | 4 | 8;
  readonly value: Expression;
  /** The field holds value - (address of the field + distance): `distance` bytes lie between field start and the end. */
  readonly relative: boolean;
  readonly distance: number;
  readonly kind: FixupKind;
  readonly specifier: string;
  readonly origin: Origin;
}

/**
 * What the field belongs to: plain data; a field sign-extended to 64 bits; a CALL's or JMP's target; a memory operand a
 * linker may replace when it is a GOT entry (without and with a REX prefix: System V ABI, B.2).
 */
export type FixupKind = 'data' | 'signed' | 'branch' | 'got' | 'gotRex';

export class Section {
  readonly name: string;
  readonly index: number;
  type: number;
  flags: number;
  entrySize: number;
  alignment = 1;
  /** Name of the section group, or "". */
  group: string;
  readonly buffer = new ByteBuffer();
  readonly fragments: Fragment[] = [];
  readonly fixups: Fixup[] = [];
  /** After layout. */
  size = 0;

  constructor(name: string, index: number, type: number, flags: number, entrySize = 0, group = '') {
    this.name = name;
    this.index = index;
    this.type = type;
    this.flags = flags;
    this.entrySize = entrySize;
    this.group = group;
  }

  get isNobits(): boolean {
    return this.type === SectionType.nobits;
  }

  /** The fragment bytes are appended to, a new one where the last is of another kind. */
  open(): BytesFragment {
    const last = this.fragments.at(-1);
    if (last !== undefined && last.kind === 'bytes') return last;
    const fragment: BytesFragment = {
      kind: 'bytes',
      section: this,
      index: this.fragments.length,
      address: 0,
      size: 0,
      region: 0,
      start: this.buffer.length,
    };
    this.fragments.push(fragment);
    return fragment;
  }
}
