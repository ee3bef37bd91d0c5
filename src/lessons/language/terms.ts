/** Terms: what can be compared, predicted and set. Plain data; whoever has a machine gives them their values. */
import type { Reader } from './reader.ts';

const GENERAL = 'rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const OTHERS = 'rip rflags cpl cr0 cr2 cr3 cr4 cr8 es cs ss ds fs gs ldtr tr'.split(' ');
const REGISTERS: ReadonlySet<string> = new Set([...GENERAL, ...OTHERS]);
const LEVELS = { pml4e: 'PML4E', pdpte: 'PDPTE', pde: 'PDE', pte: 'PTE' } as const;
export type PageLevel = (typeof LEVELS)[keyof typeof LEVELS];
const isLevel = (word: string): word is keyof typeof LEVELS => Object.hasOwn(LEVELS, word);
const SIZES: Readonly<Record<string, 1 | 2 | 4 | 8>> = { byte: 1, word: 2, dword: 4, qword: 8 };

/** Bits of a value: a field by its name in the manual, or from `high` down to `low`. */
export type Part = { readonly field: string } | { readonly high: number; readonly low: number };

export type Term =
  | { readonly kind: 'number'; readonly value: bigint }
  /** Address of a symbol of the kernel or the user program, plus an offset. */
  | { readonly kind: 'symbol'; readonly name: string; readonly offset: bigint }
  /** By its small name; an MSR by its architectural one. */
  | { readonly kind: 'register'; readonly name: string; readonly part?: Part }
  /** An 8-byte entry by its selector; of the IDT by its vector. */
  | { readonly kind: 'descriptor'; readonly table: 'gdt' | 'idt'; readonly index: number; readonly part?: Part }
  /** The entry of a page walk at one level, for an address as it is mapped now. */
  | { readonly kind: 'page-entry'; readonly level: PageLevel; readonly address: Term; readonly part?: Part }
  | { readonly kind: 'memory'; readonly bytes: 1 | 2 | 4 | 8; readonly address: Term };

/** The register of this name in small letters, an MSR as it is; undefined for other words. */
export function registerName(word: string): string | undefined {
  if (/^IA32_[A-Z0-9_]+$/i.test(word)) return word.toUpperCase();
  const small = word.toLowerCase();
  return REGISTERS.has(small) ? small : undefined;
}

function part(reader: Reader): Part | undefined {
  if (reader.sign('.')) {
    const { kind, text } = reader.next;
    if (kind !== 'word') throw reader.wrong('Expected the name of a field', 'For instance RFLAGS.IF.');
    reader.take();
    return { field: text };
  }
  if (!reader.sign('[')) return undefined;
  const high = reader.count('A bit', 63);
  const low = reader.sign(':') ? reader.count('A bit', high) : high;
  reader.expectSign(']', 'the bits');
  return { high, low };
}

const withPart = <T extends object>(term: T, found: Part | undefined): T =>
  found === undefined ? term : { ...term, part: found };

function entry(reader: Reader, table: 'gdt' | 'idt'): Term {
  reader.expectSign('[', table);
  const number = reader.count(table === 'gdt' ? 'A selector' : 'A vector', table === 'gdt' ? 0xffff : 255);
  reader.expectSign(']', 'it');
  // An entry of the IDT takes two slots of 8 bytes.
  return withPart(
    { kind: 'descriptor', table, index: table === 'gdt' ? number >> 3 : number * 2 } as const,
    part(reader),
  );
}

/** Throws a LanguageError when no term comes next. */
export function readTerm(reader: Reader, what = 'a value'): Term {
  const negative = reader.sign('-');
  const { kind, text } = reader.next;
  if (kind === 'number') {
    const value = reader.take().value;
    return { kind: 'number', value: BigInt.asUintN(64, negative ? -value : value) };
  }
  if (negative || kind !== 'word') {
    throw reader.wrong(
      `Expected ${what}`,
      'A number, a register, an MSR, a symbol, gdt[20h], pde[ADDRESS] or qword[ADDRESS].',
    );
  }
  reader.take();
  const small = text.toLowerCase();
  if ((small === 'gdt' || small === 'idt') && reader.next.text === '[') return entry(reader, small);
  if (isLevel(small) && reader.sign('[')) {
    const address = readTerm(reader, 'an address');
    reader.expectSign(']', 'the address');
    return withPart({ kind: 'page-entry', level: LEVELS[small], address } as const, part(reader));
  }
  const bytes = SIZES[small];
  if (bytes !== undefined && reader.sign('[')) {
    const address = readTerm(reader, 'an address');
    reader.expectSign(']', 'the address');
    return { kind: 'memory', bytes, address };
  }
  const register = registerName(text);
  if (register !== undefined) return withPart({ kind: 'register', name: register } as const, part(reader));
  const sign = reader.next.text;
  if (reader.next.kind !== 'sign' || (sign !== '+' && sign !== '-')) return { kind: 'symbol', name: text, offset: 0n };
  reader.take();
  const offset = reader.number('an offset');
  return { kind: 'symbol', name: text, offset: sign === '+' ? offset : -offset };
}
