import { OpcodeMap, PrefixClass, type EncodingRow, type SizeRule, type VexFields } from './encodingRow.ts';
import { type OperandSpec, Place, Width, parseOperand, usesModrm } from './operandSpec.ts';
import type { RowSource } from './row.ts';

const MAPS: Readonly<Record<string, number>> = { '0f': OpcodeMap.of, '0f38': OpcodeMap.of38, '0f3a': OpcodeMap.of3a };
const PREFIXES: Readonly<Record<string, number>> = {
  np: PrefixClass.none,
  '66': PrefixClass.p66,
  f3: PrefixClass.f3,
  f2: PrefixClass.f2,
  nf: PrefixClass.none | PrefixClass.p66,
};
const SIZES: Readonly<Record<string, number>> = { '16': 1, '32': 2, '64': 4 };
const ANY_SIZE = 7;

interface EncodingPart {
  map: number;
  opcode: number;
  opcodeRegister: boolean;
  digit: number;
  modrmByte: boolean;
  modrm: number;
  stackRegister: boolean;
  prefixMask: number;
  sizeMask: number;
  addressMask: number;
  rexW: number;
  vex: { l: 0 | 'ignored'; w: 0 | 1 | 'ignored' } | null;
}

/** Parses a table row; throws on notation it does not know (a mistake in the table). */
export function parseRow(source: RowSource, index: number): EncodingRow {
  const [mnemonic, form, operandText, flagText] = source;
  const part = parseEncoding(form);
  const flags = flagText.split(' ').filter((word) => word !== '');
  const operands = operandText === '' ? [] : operandText.split(',').map(parseOperand);
  const has = (name: string) => flags.includes(name);
  const modIgnored = has('mod*');
  return {
    index,
    mnemonic,
    form,
    operandText,
    op: value(flags, 'op:') ?? mnemonic,
    condition: Number(value(flags, 'cc:') ?? -1),
    feature: flags.find((word) => /^[A-Z]/.test(word)) ?? '',
    map: part.map,
    opcode: part.opcode,
    opcodeRegister: part.opcodeRegister,
    hasModrm: part.modrmByte || part.modrm >= 0 || operands.some(usesModrm),
    digit: part.digit,
    modrm: part.modrm,
    modMask: modIgnored ? 3 : modMask(operands, flags, part),
    modIgnored,
    prefixMask: part.prefixMask === 0 ? PrefixClass.any : part.prefixMask,
    sizeMask: part.sizeMask === 0 ? ANY_SIZE : part.sizeMask,
    addressMask: part.addressMask === 0 ? ANY_SIZE : part.addressMask,
    rexW: part.rexW,
    sizeRule: sizeRule(flags),
    sizing: sizing(operands, part, flags),
    operands,
    lockable: has('lock'),
    make: has('intel') ? 'intel' : has('amd') ? 'amd' : undefined,
    invalidIn64: has('i64'),
    onlyIn64: has('o64'),
    rexBClear: has('nb'),
    rexRClear: has('nr'),
    vex: vexFields(part, operands),
  };
}

function value(flags: readonly string[], prefix: string): string | undefined {
  return flags.find((word) => word.startsWith(prefix))?.slice(prefix.length);
}

function modMask(operands: readonly OperandSpec[], flags: readonly string[], part: EncodingPart): number {
  if (part.modrm >= 0 || part.stackRegister || flags.includes('reg')) return 2;
  if (flags.includes('mem')) return 1;
  return operands.reduce((mask, spec) => mask & spec.modMask, 3);
}

function sizeRule(flags: readonly string[]): SizeRule {
  if (flags.includes('d64')) return 'd64';
  if (flags.includes('near')) return 'near';
  if (flags.includes('far')) return 'far';
  return flags.includes('f64') ? 'f64' : 'v';
}

function sizing(operands: readonly OperandSpec[], part: EncodingPart, flags: readonly string[]): EncodingRow['sizing'] {
  if (flags.includes('sz')) return 'full';
  const widths = operands.flatMap((spec) => [spec.width, spec.memoryWidth]);
  const extends_ = operands.some((spec) => spec.place === Place.signedImmediate || spec.place === Place.relative);
  const full: readonly number[] = [Width.v, Width.z, Width.p, Width.a];
  if (extends_ || part.sizeMask !== 0 || widths.some((width) => full.includes(width))) return 'full';
  return widths.includes(Width.y) || part.rexW >= 0 || flags.includes('sw') ? 'y' : 'none';
}

function vexFields(part: EncodingPart, operands: readonly OperandSpec[]): VexFields | null {
  if (part.vex === null) return null;
  return { ...part.vex, usesVvvv: operands.some((spec) => spec.place === Place.vvvv) };
}

function parseEncoding(form: string): EncodingPart {
  const part: EncodingPart = {
    map: OpcodeMap.one,
    opcode: -1,
    opcodeRegister: false,
    digit: -1,
    modrmByte: false,
    modrm: -1,
    stackRegister: false,
    prefixMask: 0,
    sizeMask: 0,
    addressMask: 0,
    rexW: -1,
    vex: null,
  };
  for (const word of form.split(' ')) parseWord(word, part, form);
  return part;
}

function parseWord(word: string, part: EncodingPart, form: string): void {
  const map = MAPS[word];
  const prefix = PREFIXES[word];
  const kind = word.charAt(0);
  if (word.startsWith('vex.')) parseVex(word, part, form);
  else if (kind === '/') {
    part.modrmByte = true;
    if (word !== '/r') part.digit = Number(word.slice(1));
  } else if (kind === 'v') part.sizeMask |= SIZES[word.slice(1)] ?? 0;
  else if (kind === 'a' && word.length === 3) part.addressMask |= SIZES[word.slice(1)] ?? 0;
  else if (word === 'w0' || word === 'w1') part.rexW = word === 'w1' ? 1 : 0;
  else if (map !== undefined && part.opcode < 0 && part.map === OpcodeMap.one) part.map = map;
  else if (prefix !== undefined && part.opcode < 0 && part.map === OpcodeMap.one && part.vex === null) {
    part.prefixMask |= prefix;
  } else if (/^[0-9a-f]{2}(\+[ri])?$/.test(word)) parseByte(word, part);
  else throw new Error(`unknown word "${word}" in encoding "${form}"`);
}

function parseByte(word: string, part: EncodingPart): void {
  const byte = Number.parseInt(word, 16);
  if (part.opcode < 0) {
    part.opcode = byte;
    part.opcodeRegister = word.endsWith('+r');
  } else if (word.endsWith('+i')) {
    part.modrmByte = true;
    part.stackRegister = true;
    part.digit = (byte >> 3) & 7;
  } else part.modrm = byte;
}

function parseVex(word: string, part: EncodingPart, form: string): void {
  const [, l, prefix, map, w] = word.split('.');
  const mapNumber = MAPS[map ?? ''];
  const prefixMask = PREFIXES[prefix ?? ''];
  if (mapNumber === undefined || prefixMask === undefined) throw new Error(`bad VEX fields in encoding "${form}"`);
  part.map = mapNumber + OpcodeMap.vexOf - OpcodeMap.of;
  part.prefixMask = prefixMask;
  part.vex = { l: l === 'l0' ? 0 : 'ignored', w: w === 'w0' ? 0 : w === 'w1' ? 1 : 'ignored' };
}
