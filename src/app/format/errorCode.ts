import { pageFaultError, selectorError } from '../../registers/errorCode.ts';
import { bitsOf } from '../../registers/extract.ts';
import { hexH } from './hex.ts';

const pageFault = 14;

/** An error code in words: the bits of a #PF, the selector or gate of the others; null when it says nothing. */
export function errorCodeText(vector: number, code: number): string | null {
  const value = BigInt(code);
  if (vector === pageFault) {
    const set = pageFaultError.fields.filter(({ high, low }) => bitsOf(value, high, low) !== 0n);
    return set.length === 0 ? 'not present, supervisor read' : set.map(({ name }) => name).join(', ');
  }
  if (code === 0) return null;
  const bit = (name: string) => {
    const field = selectorError.fields.find((candidate) => candidate.name === name);
    return field !== undefined && bitsOf(value, field.high, field.low) !== 0n;
  };
  const external = bit('EXT') ? 'external event' : null;
  const index = code & 0xfff8;
  const place = bit('IDT') ? `IDT entry ${hexH(index >> 3)}` : `selector ${hexH(index | (bit('TI') ? 4 : 0))}`;
  return [index === 0 && !bit('IDT') ? null : place, external].filter((text) => text !== null).join(', ');
}
