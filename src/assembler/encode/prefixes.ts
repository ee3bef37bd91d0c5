import type { CodeSize } from '../../isa/instruction.ts';
import type { WrittenPrefixes } from './encoded.ts';

export function noPrefixes(): WrittenPrefixes {
  return { wait: false, segment: -1, address: false, data: false, repeat: 0, lock: false, rex: 0 };
}

const REPEATS: Readonly<Record<string, number>> = {
  rep: 0xf3,
  repe: 0xf3,
  repz: 0xf3,
  xrelease: 0xf3,
  repne: 0xf2,
  repnz: 0xf2,
  xacquire: 0xf2,
  bnd: 0xf2,
};
const SEGMENTS: readonly string[] = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];
const REX = /^rex(?:64|\.(w?r?x?b?))?$/;
const REX64: Readonly<Record<string, number>> = {
  rex64: 0x48,
};
const MODE_PREFIX = /^(data|addr)(16|32)$/;

/** Takes a word for a prefix, if it is one in this mode; false when it is none. */
export function takePrefix(word: string, prefixes: WrittenPrefixes, mode: CodeSize): boolean {
  const repeat = REPEATS[word];
  if (repeat !== undefined) {
    prefixes.repeat = repeat;
    return true;
  }
  if (word === 'lock') {
    prefixes.lock = true;
    return true;
  }
  if (word === 'notrack') {
    prefixes.segment = 3;
    return true;
  }
  const segment = SEGMENTS.indexOf(word);
  if (segment >= 0) {
    prefixes.segment = segment;
    return true;
  }
  const sized = MODE_PREFIX.exec(word);
  if (sized !== null) {
    if (sized[1] === 'data') prefixes.data = true;
    else prefixes.address = true;
    return Number(sized[2]) !== mode;
  }
  const rex = REX.exec(word);
  if (rex === null || mode !== 64) return false;
  prefixes.rex = REX64[word] ?? 0x40;
  for (const letter of rex[1] ?? '') prefixes.rex |= { w: 8, r: 4, x: 2, b: 1 }[letter] ?? 0;
  return true;
}

/** The bytes of prefixes that stand alone, in the order GNU as has for them. */
export function prefixBytes(prefixes: WrittenPrefixes, segmentBytes: readonly number[]): number[] {
  const bytes: number[] = [];
  if (prefixes.segment >= 0) bytes.push(segmentBytes[prefixes.segment] ?? 0);
  if (prefixes.address) bytes.push(0x67);
  if (prefixes.data) bytes.push(0x66);
  if (prefixes.repeat !== 0) bytes.push(prefixes.repeat);
  if (prefixes.lock) bytes.push(0xf0);
  if (prefixes.rex !== 0) bytes.push(prefixes.rex);
  return bytes;
}
