import type { CodeSize } from '../../isa/instruction.ts';
import { aliasOf, evaluate, laidOutDistance } from '../expression/evaluate.ts';
import { writeInteger } from './byteBuffer.ts';
import { lebBytes } from './leb.ts';
import { nops } from './nops.ts';
import { branchTarget, constantAfterLayout, type Report } from './relax.ts';
import { keepsSymbol, type Relocation, relocationType, RelocationType } from './relocation.ts';
import { type BranchFragment, type Fixup, type Fragment, type Origin, type Section, SectionFlag } from './section.ts';
import { addressOf, type AssemblerSymbol } from './symbol.ts';

export interface SectionContents {
  readonly section: Section;
  readonly bytes: Uint8Array;
  readonly relocations: readonly Relocation<AssemblerSymbol>[];
}

export interface ResolveOptions {
  /** The symbol that stands for a section. */
  readonly sectionSymbol: (section: Section) => AssemblerSymbol;
  readonly report: Report;
  /** Code size at the end of the source: GNU as fills with the NOPs of that one. */
  readonly mode: CodeSize;
}

/** The bytes of a laid-out section, and what is left to the linker. */
export function resolve(section: Section, options: ResolveOptions): SectionContents {
  const resolver = new Resolver(section, options);
  return resolver.run();
}

class Resolver {
  private readonly bytes: Uint8Array;
  private readonly relocations: Relocation<AssemblerSymbol>[] = [];
  private readonly section: Section;
  private readonly options: ResolveOptions;

  constructor(section: Section, options: ResolveOptions) {
    this.section = section;
    this.options = options;
    this.bytes = new Uint8Array(section.isNobits ? 0 : section.size);
  }

  run(): SectionContents {
    const { section, bytes, relocations } = this;
    if (!section.isNobits) for (const fragment of section.fragments) this.fragment(fragment);
    for (const fixup of section.fixups) this.fixup(fixup);
    // GNU as adds the relocations of JMP and Jcc only when it sizes them, behind all others.
    for (const fragment of section.fragments) if (fragment.kind === 'branch') this.branch(fragment);
    return { section, bytes, relocations };
  }

  private fragment(fragment: Fragment): void {
    const { bytes } = this;
    const { address, size } = fragment;
    switch (fragment.kind) {
      case 'bytes':
        bytes.set(this.section.buffer.bytes.subarray(fragment.start, fragment.start + size), address);
        return;
      case 'space':
        repeat(bytes, address, size, fragment.pattern);
        return;
      case 'fill':
        repeat(bytes, address, size, fragment.unit);
        return;
      case 'align':
        if (fragment.pattern === null) bytes.set(nops(size, this.options.mode), address);
        else repeat(bytes, address, size, fragment.pattern);
        return;
      case 'org':
        bytes.fill(fragment.fill, address, address + size);
        return;
      case 'branch':
        return;
      default: {
        const value = constantAfterLayout(fragment.value);
        if (typeof value === 'bigint') bytes.set(lebBytes(value, fragment.signed), address);
      }
    }
  }

  private branch(fragment: BranchFragment): void {
    const { bytes } = this;
    let at = fragment.address;
    bytes.set(fragment.prefixes, at);
    at += fragment.prefixes.length;
    const target = branchTarget(fragment);
    if (!fragment.isNear) {
      bytes[at] = fragment.short;
      bytes[at + 1] = ((target ?? at + 2) - (at + 2)) & 0xff;
      return;
    }
    bytes.set(fragment.near, at);
    at += fragment.near.length;
    const size = fragment.nearSize;
    if (target !== null) writeInteger(bytes, at, BigInt(target - (at + size)), size);
    else this.value(fragment, at, size, true, size, fragment.specifier, 'branch');
  }

  private fixup(fixup: Fixup): void {
    const at = fixup.fragment.address + fixup.at - fixup.fragment.start;
    this.value(
      { target: fixup.value, origin: fixup.origin },
      at,
      fixup.size,
      fixup.relative,
      fixup.distance,
      fixup.specifier,
      fixup.kind,
    );
  }

  /** Fills a field, or leaves a relocation for it. */
  private value(
    what: { readonly target: Fixup['value']; readonly origin: Origin },
    at: number,
    size: 1 | 2 | 4 | 8,
    relative: boolean,
    distance: number,
    specifier: string,
    kind: string,
  ): void {
    const { origin } = what;
    const { report } = this.options;
    const value = evaluate(what.target, laidOutDistance);
    if (typeof value === 'string') {
      report(origin, value);
      return;
    }
    let { add, constant: addend } = value;
    if (value.sub !== null) {
      // A difference to a place in this section is a PC-relative value.
      if (add === null || value.sub.section !== this.section || relative) {
        report(
          origin,
          `the difference to ${value.sub.name || 'that place'} cannot be known`,
          'Both places have to be in one section, or the second in this one.',
        );
        return;
      }
      addend += BigInt(at - addressOf(value.sub));
      relative = true;
    } else if (relative) addend -= BigInt(distance);
    if (add === null && !relative && specifier === '') {
      this.constant(origin, at, size, addend, kind);
      return;
    }
    const alias = add?.state === 'label' ? aliasOf(what.target) : null;
    const keepsAlias = alias !== null && alias.binding !== 'local';
    if (relative && add !== null && !keepsAlias && this.isLocalHere(add) && (specifier === '' || specifier === 'plt')) {
      const displacement = BigInt(addressOf(add) - at) + addend;
      if (size === 1 && (displacement < -128n || displacement > 127n)) {
        report(
          origin,
          `the target is ${displacement} bytes away, and this instruction reaches 127`,
          'Use a JMP, which reaches any distance.',
        );
      }
      writeInteger(this.bytes, at, displacement, size);
      return;
    }
    if (alias !== null && (keepsAlias || (add !== null && !this.becomesSection(add, relative, specifier)))) {
      const own = evaluate({ kind: 'symbol', symbol: alias }, laidOutDistance);
      if (typeof own !== 'string') {
        add = alias;
        addend -= own.constant;
      }
    }
    this.relocate(origin, at, size, relative, specifier, kind, add, addend);
  }

  private constant(origin: Origin, at: number, size: number, value: bigint, kind: string): void {
    const bits = BigInt(size * 8);
    const signed = BigInt.asIntN(64, value);
    if (size < 8 && (signed < -(1n << bits) || signed >= 1n << bits)) {
      this.options.report(origin, `${signed} does not fit ${size} byte${size === 1 ? '' : 's'}`);
    } else if (kind === 'signed' && BigInt.asIntN(32, value) !== signed) {
      this.options.report(
        origin,
        `${signed} does not fit a sign-extended 32-bit field`,
        'Use movabs for 64-bit constants.',
      );
    }
    writeInteger(this.bytes, at, value, size);
  }

  private isLocalHere(symbol: AssemblerSymbol): boolean {
    return (
      symbol.section === this.section && symbol.state === 'label' && symbol.binding === 'local' && symbol.type !== 10
    );
  }

  private relocate(
    origin: Origin,
    at: number,
    size: number,
    relative: boolean,
    specifier: string,
    kind: string,
    target: AssemblerSymbol | null,
    addend: bigint,
  ): void {
    let symbol = target;
    if (symbol !== null && this.becomesSection(symbol, relative, specifier)) {
      const { section } = symbol;
      addend += BigInt(addressOf(symbol));
      if (section !== null) symbol = this.options.sectionSymbol(section);
    }
    let type = relocationType(
      size,
      relative,
      specifier === 'plt' && symbol?.state === 'section' ? '' : specifier,
      kind,
    );
    if (type === RelocationType.pc32 && kind === 'branch' && symbol !== null && symbol.state !== 'section')
      type = RelocationType.plt32;
    if (symbol?.name === '_GLOBAL_OFFSET_TABLE_') {
      if (type === RelocationType.pc32) type = RelocationType.gotpc32;
      else if (type === RelocationType.pc64) type = RelocationType.gotpc64;
    }
    if (type === 0) {
      this.options.report(
        origin,
        `no relocation holds ${specifier === '' ? 'this' : `@${specifier}`} in ${size} byte${size === 1 ? '' : 's'}`,
      );
      return;
    }
    if (symbol !== null) {
      symbol.used = true;
      if (isThreadLocal(specifier)) symbol.type = TLS_SYMBOL;
    }
    this.relocations.push({ offset: at, type, symbol, addend: BigInt.asIntN(64, addend) });
  }

  /** Local labels are named by their section, except where a linker will move them one by one. */
  private becomesSection(symbol: AssemblerSymbol, relative: boolean, specifier: string): boolean {
    if (symbol.state !== 'label' || symbol.binding !== 'local' || symbol.section === null || symbol.type === 10)
      return false;
    if (keepsSymbol(specifier)) return false;
    return !(relative && (symbol.section.flags & SectionFlag.merge) !== 0);
  }
}

const TLS_SYMBOL = 6;

function isThreadLocal(specifier: string): boolean {
  return /tpoff|^tls|dtpoff/.test(specifier);
}

function repeat(bytes: Uint8Array, at: number, size: number, pattern: Uint8Array): void {
  if (pattern.length === 1) {
    bytes.fill(pattern[0] ?? 0, at, at + size);
    return;
  }
  for (let n = 0; n < size; n += pattern.length)
    bytes.set(pattern.subarray(0, Math.min(pattern.length, size - n)), at + n);
}
