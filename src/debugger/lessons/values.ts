/** Values of the terms that lessons are written in (src/lessons/language), read from a machine as it stands. */
import type { Part, Term } from '../../lessons/language/terms.ts';
import { registerCatalog } from '../../registers/catalog.ts';
import { codeDescriptor, dataDescriptor, DESCRIPTOR } from '../../registers/descriptor.ts';
import { bitsOf } from '../../registers/extract.ts';
import type { Field } from '../../registers/field.ts';
import { systemSegment64 } from '../../registers/systemDescriptor.ts';
import { readPieces, piecesOf, readRegister, type Target } from '../history/target.ts';
import type { Session } from '../session.ts';
import { walkView } from '../walkView.ts';

/** A term that has no value here: an unknown symbol, an address that is not mapped. */
export class NoValue extends Error {
  override readonly name = 'NoValue';
}

/** The state that a term names; undefined for numbers and symbols. */
export function targetOf(session: Session, term: Term): Target | undefined {
  switch (term.kind) {
    case 'register':
      return { kind: term.name.startsWith('IA32_') ? 'msr' : 'register', name: term.name };
    case 'descriptor':
      return { kind: 'descriptor', table: term.table, index: term.index };
    case 'page-entry': {
      const address = valueOfTerm(session, term.address);
      const level = walkView(session.machine.cpu, address).levels.find(({ name }) => name === term.level);
      if (level === undefined) throw new NoValue(`the walk of ${hexText(address)} has no ${term.level}`);
      return { kind: 'physical', address: level.at, bytes: 8 };
    }
    case 'memory':
      return { kind: 'memory', address: valueOfTerm(session, term.address), bytes: term.bytes };
    default:
      return undefined;
  }
}

/** Throws NoValue. */
export function valueOfTerm(session: Session, term: Term): bigint {
  if (term.kind === 'number') return term.value;
  if (term.kind === 'symbol') {
    const address = session.address(term.name);
    if (address === undefined) throw new NoValue(`neither the kernel nor the program has a symbol ${term.name}`);
    return BigInt.asUintN(64, address + term.offset);
  }
  const target = targetOf(session, term) as Target;
  const whole = readTarget(session, target, term);
  return 'part' in term && term.part !== undefined ? partOf(whole, term.part, term) : whole;
}

function readTarget(session: Session, target: Target, term: Term): bigint {
  const { cpu } = session.machine;
  if (target.kind === 'register' || target.kind === 'msr') {
    const value = readRegister(cpu, target);
    if (value === undefined) throw new NoValue(`there is no register ${target.name}`);
    return value;
  }
  const pieces = piecesOf(cpu, target);
  if (pieces === undefined) throw new NoValue(`${textOfTerm(term)} is not mapped to memory here`);
  return readPieces(cpu, pieces).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function partOf(whole: bigint, part: Part, term: Term): bigint {
  const { high, low } = 'high' in part ? part : fieldOf(whole, part.field, term);
  return bitsOf(whole, high, low);
}

function fieldOf(whole: bigint, name: string, term: Term): Field {
  const field = fieldsOf(whole, term).find((candidate) => candidate.name === name);
  if (field === undefined) throw new NoValue(`${textOfTerm(term)}: there is no such field`);
  return field;
}

function fieldsOf(whole: bigint, term: Term): readonly Field[] {
  if (term.kind === 'register') return registerCatalog.get(term.name.toUpperCase())?.fields ?? [];
  if (term.kind !== 'descriptor') return [];
  const high = Number(whole >> 32n);
  if ((high & DESCRIPTOR.S) === 0) return systemSegment64.fields;
  return ((high & DESCRIPTOR.Code) === 0 ? dataDescriptor : codeDescriptor).fields;
}

/** What `term` names, with `value` in place of the part it names. Throws NoValue. */
export function wholeWith(session: Session, term: Term, value: bigint): bigint {
  if (!('part' in term) || term.part === undefined) return value;
  const { part, ...rest } = term;
  const whole = valueOfTerm(session, rest);
  const { high, low } = 'high' in part ? part : fieldOf(whole, part.field, term);
  const mask = ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
  return (whole & ~mask) | ((value << BigInt(low)) & mask);
}

export const hexText = (value: bigint): string => `0x${value.toString(16)}`;

export function textOfTerm(term: Term): string {
  switch (term.kind) {
    case 'number':
      return hexText(term.value);
    case 'symbol':
      return term.offset === 0n ? term.name : `${term.name}${term.offset < 0n ? '-' : '+'}${hexText(abs(term.offset))}`;
    case 'register':
      return `${term.name.toUpperCase()}${partText(term.part)}`;
    case 'descriptor': {
      const place = term.table === 'gdt' ? `${(term.index * 8).toString(16).toUpperCase()}h` : `${term.index / 2}`;
      return `${term.table.toUpperCase()}[${place}]${partText(term.part)}`;
    }
    case 'page-entry':
      return `${term.level} of ${textOfTerm(term.address)}${partText(term.part)}`;
    case 'memory':
      return `${term.bytes} byte${term.bytes === 1 ? '' : 's'} at ${textOfTerm(term.address)}`;
  }
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);

function partText(part: Part | undefined): string {
  if (part === undefined) return '';
  if ('field' in part) return `.${part.field}`;
  return part.high === part.low ? `[${part.low}]` : `[${part.high}:${part.low}]`;
}
