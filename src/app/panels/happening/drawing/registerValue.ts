import type { MicrocodeView, RegisterView } from '../../../../worker/protocol.ts';
import { registerCatalog } from '../../../../registers/catalog.ts';
import type { Field } from '../../../../registers/field.ts';
import { type NamedPart, namedPart } from '../../../format/namedValue.ts';

/** What a micro-step may name beside registers: the address behind the instruction, and where tables stand. */
function special(registers: RegisterView, nextRip: bigint | null, name: string): bigint | null {
  if (name === 'next RIP') return nextRip;
  if (name === 'idtr') return registers.idtr.base;
  return name === 'gdtr' ? registers.gdtr.base : null;
}

/** A register, a range of its bits or a field of it, with its value; null when there is none of that name. */
export function registerValue(
  registers: RegisterView,
  { nextRip }: Pick<MicrocodeView, 'nextRip'>,
  name: string,
): NamedPart | null {
  const found = special(registers, nextRip, name);
  if (found !== null) return { name, high: 63, low: 0, whole: found, bits: 64 };
  const field = fieldOf(name);
  const part = namedPart(registers, field === null ? name : `${name.split('.')[0]}[${field.high}:${field.low}]`);
  return part.whole === null ? null : part;
}

/** The description of "IA32_EFER.SCE"; null for a name without a field. */
export function fieldOf(name: string): Field | null {
  const [register = '', field] = name.split('.');
  const description = registerCatalog.get(register) ?? registerCatalog.get(register.toUpperCase());
  return description?.fields.find((one) => one.name === field) ?? null;
}
