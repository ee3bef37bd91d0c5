import { type EncodingRow, OpcodeMap, PrefixClass, type SizeRule } from './encodingRow.ts';
import { type OperandList, parseOperands } from './operandList.ts';
import type { RowSource } from './row.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const MAPS: ReadonlyMap<string, number> = new Map([
  ['0f', OpcodeMap.of],
  ['0f38', OpcodeMap.of38],
  ['0f3a', OpcodeMap.of3a],
]);
const PREFIXES: ReadonlyMap<string, number> = new Map([
  ['np', PrefixClass.none],
  ['66', PrefixClass.p66],
  ['f3', PrefixClass.f3],
  ['f2', PrefixClass.f2],
  ['nf', PrefixClass.none | PrefixClass.p66],
]);
const SIZES: ReadonlyMap<string, number> = new Map([
  ['16', 1],
  ['32', 2],
  ['64', 4],
]);
const ANY_SIZE = 7;
const MEMORY = 1;
const REGISTER = 2;
const EITHER = 3;

/**
 * Parses a table row; throws on notation it does not know (a mistake in the table). Written for a cold start: the whole
 * table is parsed once, before the first instruction can be decoded, in code no compiler has seen yet.
 */
export function parseRow(source: RowSource, index: number): EncodingRow {
  const [mnemonic, form, operandText, flagText] = source;
  const list = parseOperands(operandText);
  const row: Mutable<EncodingRow> = {
    index,
    mnemonic,
    form,
    operandText,
    op: mnemonic,
    condition: -1,
    feature: '',
    map: OpcodeMap.one,
    opcode: -1,
    opcodeRegister: false,
    hasModrm: list.usesModrm,
    digit: -1,
    modrm: -1,
    modMask: list.modMask,
    modIgnored: false,
    prefixMask: 0,
    sizeMask: 0,
    addressMask: 0,
    rexW: -1,
    sizeRule: 'v',
    sizing: 'none',
    operands: list.operands,
    lockable: false,
    make: undefined,
    invalidIn64: false,
    onlyIn64: false,
    rexBClear: false,
    rexRClear: false,
    vex: null,
  };
  for (const word of form.split(' ')) applyWord(row, list, word);
  row.sizing = row.sizeMask !== 0 ? 'full' : list.sizing === 'none' && row.rexW >= 0 ? 'y' : list.sizing;
  if (flagText !== '') for (const flag of flagText.split(' ')) applyFlag(row, flag);
  if (row.modIgnored) row.modMask = EITHER;
  if (row.prefixMask === 0) row.prefixMask = PrefixClass.any;
  if (row.sizeMask === 0) row.sizeMask = ANY_SIZE;
  if (row.addressMask === 0) row.addressMask = ANY_SIZE;
  return row;
}

/** One word of the encoding column. */
function applyWord(row: Mutable<EncodingRow>, list: OperandList, word: string): void {
  const first = word.charAt(0);
  if (first === '/') {
    row.hasModrm = true;
    if (word !== '/r') row.digit = Number(word.slice(1));
    return;
  }
  if (row.opcode < 0) {
    if (first === 'v') {
      if (word.startsWith('vex.')) applyVex(row, list, word);
      else row.sizeMask |= SIZES.get(word.slice(1)) ?? 0;
      return;
    }
    if (first === 'w' || (first === 'a' && word.length === 3)) {
      if (first === 'w') row.rexW = word === 'w1' ? 1 : 0;
      else row.addressMask |= SIZES.get(word.slice(1)) ?? 0;
      return;
    }
    if (row.map === OpcodeMap.one) {
      const map = MAPS.get(word);
      const prefix = map === undefined ? PREFIXES.get(word) : undefined;
      if (map !== undefined) row.map = map;
      if (prefix !== undefined) row.prefixMask |= prefix;
      if (map !== undefined || prefix !== undefined) return;
    }
  }
  applyByte(row, word);
}

const HEX_DIGITS = '0123456789abcdef';

function applyByte(row: Mutable<EncodingRow>, word: string): void {
  const high = HEX_DIGITS.indexOf(word.charAt(0));
  const low = HEX_DIGITS.indexOf(word.charAt(1));
  const suffix = word.slice(2);
  if (high < 0 || low < 0 || (suffix !== '' && suffix !== '+r' && suffix !== '+i')) {
    throw new Error(`unknown word "${word}" in encoding "${row.form}"`);
  }
  const byte = high * 16 + low;
  if (row.opcode < 0) {
    row.opcode = byte;
    row.opcodeRegister = suffix === '+r';
    return;
  }
  row.hasModrm = true;
  row.modMask = REGISTER;
  if (suffix === '+i') row.digit = (byte >> 3) & 7;
  else row.modrm = byte;
}

/** "vex.l0.np.0f38.wig" */
function applyVex(row: Mutable<EncodingRow>, list: OperandList, word: string): void {
  const [, l, prefix = '', map = '', w] = word.split('.');
  const mapNumber = MAPS.get(map);
  const prefixMask = PREFIXES.get(prefix);
  if (mapNumber === undefined || prefixMask === undefined) throw new Error(`bad VEX fields in encoding "${row.form}"`);
  row.map = mapNumber + OpcodeMap.vexOf - OpcodeMap.of;
  row.prefixMask = prefixMask;
  row.vex = {
    l: l === 'l0' ? 0 : 'ignored',
    w: w === 'w0' ? 0 : w === 'w1' ? 1 : 'ignored',
    usesVvvv: list.usesVvvv,
  };
}

/** One word of the flag column. */
function applyFlag(row: Mutable<EncodingRow>, flag: string): void {
  switch (flag) {
    case '':
      return;
    case 'lock':
      row.lockable = true;
      return;
    case 'd64':
    case 'near':
    case 'f64':
    case 'far':
      row.sizeRule = flag satisfies SizeRule;
      return;
    case 'i64':
      row.invalidIn64 = true;
      return;
    case 'o64':
      row.onlyIn64 = true;
      return;
    case 'sz':
      row.sizing = 'full';
      return;
    case 'sw':
      row.sizing = 'y';
      return;
    case 'mod*':
      row.modIgnored = true;
      return;
    case 'nb':
      row.rexBClear = true;
      return;
    case 'nr':
      row.rexRClear = true;
      return;
    case 'mem':
    case 'reg':
      row.modMask = flag === 'mem' ? MEMORY : REGISTER;
      return;
    case 'intel':
    case 'amd':
      row.make = flag;
      return;
    default:
      break;
  }
  if (flag.startsWith('op:')) row.op = flag.slice(3);
  else if (flag.startsWith('cc:')) row.condition = Number(flag.slice(3));
  else if (flag >= 'A' && flag < '[') row.feature ||= flag;
  else throw new Error(`unknown flag "${flag}" at "${row.form}"`);
}
