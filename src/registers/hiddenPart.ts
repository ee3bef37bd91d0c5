/** The hidden part of a segment register: base, limit and the attributes of the descriptor it was loaded from. */
import { ATTRIBUTES_SHIFT, codeDescriptor, dataDescriptor } from './descriptor.ts';
import { extractJoined, type JoinedField } from './extract.ts';
import { describeRegister, type Field, type RegisterDescription } from './field.ts';
import { systemSegment32, systemSegment64 } from './systemDescriptor.ts';

const MANUAL = 'SDM vol. 3A, 3.4.3';
/** Bit of the descriptor at which the attributes begin. */
const FIRST = 32 + ATTRIBUTES_SHIFT;
const LAST = 55;
const CODE = 0x18;
const SEGMENT = 0x10;

/** Fields of a descriptor that its attributes keep, counted from their first bit. */
const kept = ({ fields }: RegisterDescription): readonly Field[] =>
  fields
    .filter(({ low, high, part }) => low >= FIRST && high <= LAST && part === undefined)
    .map((field) => ({ ...field, high: field.high - FIRST, low: field.low - FIRST }))
    .toSorted((a, b) => a.low - b.low);

const attributesOf = (description: RegisterDescription): RegisterDescription =>
  describeRegister({
    name: 'Attributes',
    bits: 16,
    title: 'Bits 23:8 of the descriptor’s upper half',
    manual: MANUAL,
    fields: kept(description),
  });

const code = attributesOf(codeDescriptor);
const data = attributesOf(dataDescriptor);
const system32 = attributesOf(systemSegment32);
const system64 = attributesOf(systemSegment64);

/** What the attributes in a segment register mean, by their own type and the mode. */
export function hiddenAttributes(attributes: number, longMode: boolean): RegisterDescription {
  if ((attributes & CODE) === CODE) return code;
  if ((attributes & SEGMENT) !== 0) return data;
  return longMode ? system64 : system32;
}

export interface HiddenField extends Pick<Field, 'name' | 'title' | 'meaning' | 'manual' | 'ignoredIn64'> {
  readonly bits: number;
}

/** Base and limit as they are held: the base in 64 bits, the limit in bytes. */
export function hiddenPlace(name: 'Base' | 'Limit', attributes: number): HiddenField {
  const description = (attributes & SEGMENT) === 0 ? systemSegment64 : codeDescriptor;
  const found = extractJoined(description, 0n).find((field): field is JoinedField => field.name === name);
  return {
    name,
    title: found?.title ?? name,
    meaning: name === 'Limit' ? 'The last valid offset in bytes, granularity applied.' : 'Where the segment starts.',
    manual: MANUAL,
    bits: name === 'Limit' ? 32 : 64,
    ...(found?.ignoredIn64 !== undefined && { ignoredIn64: found.ignoredIn64 }),
  };
}
