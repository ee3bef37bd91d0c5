import { type EncodingRow, rows } from '../../isa/table/index.ts';
import { Place, Width } from '../../isa/table/operandSpec.ts';
import { CONDITIONS } from '../../isa/table/row.ts';
import { extraRows } from './extraRows.ts';

export type Syntax = 'att' | 'intel';

/** What a mnemonic stands for. */
export interface Named {
  readonly rows: readonly EncodingRow[];
  /** FSTCW is FWAIT and FNSTCW. */
  readonly wait: boolean;
  /** First operand to supply (CMPEQPS is CMPPS with 0), or -1. */
  readonly immediate: number;
}

type NameMap = Map<string, EncodingRow[]>;

interface Names {
  readonly att: NameMap;
  readonly intel: NameMap;
  readonly special: ReadonlyMap<string, { readonly name: string; readonly wait: boolean; readonly immediate: number }>;
}

const CONDITION_ALIASES: Readonly<Record<string, readonly string[]>> = {
  b: ['c', 'nae'],
  ae: ['nc', 'nb'],
  e: ['z'],
  ne: ['nz'],
  be: ['na'],
  a: ['nbe'],
  p: ['pe'],
  np: ['po'],
  l: ['nge'],
  ge: ['nl'],
  le: ['ng'],
  g: ['nle'],
};
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  shl: ['sal'],
  loope: ['loopz'],
  loopne: ['loopnz'],
  xlat: ['xlatb'],
  int1: ['icebp'],
  ud2: ['ud2a'],
  ud1: ['ud2b'],
  fwait: ['wait'],
  fucomip: ['fucompi'],
  fcomip: ['fcompi'],
  cbw: ['cbtw'],
  cwde: ['cwtl'],
  cdqe: ['cltq'],
  cwd: ['cwtd'],
  cdq: ['cltd'],
  cqo: ['cqto'],
  callf: ['lcall'],
  jmpf: ['ljmp'],
  retf: ['lret'],
  pusha: ['pushaw'],
  pushad: ['pusha', 'pushal'],
  popa: ['popaw'],
  popad: ['popa', 'popal'],
  pushf: ['pushfw'],
  pushfd: ['pushf', 'pushfl'],
  pushfq: ['pushf'],
  popf: ['popfw'],
  popfd: ['popf', 'popfl'],
  popfq: ['popf'],
  iret: ['iretw'],
  iretd: ['iret', 'iretl'],
  iretq: ['iret'],
  sysret: ['sysretl', 'sysretd'],
  sysexit: ['sysexitl', 'sysexitd'],
  pcmpestrm: ['pcmpestrmq', 'pcmpestrml'],
  pcmpestri: ['pcmpestriq', 'pcmpestril'],
};
export const STRING_OPS: ReadonlySet<string> = new Set(['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs']);
const REVERSED: ReadonlySet<string> = new Set('fsub fsubr fdiv fdivr fsubp fsubrp fdivp fdivrp'.split(' '));
const WAITING = ['stcw', 'stsw', 'stenv', 'save', 'init', 'clex', 'eni', 'disi', 'setpm'];
const PREDICATES = ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'];

let built: Names | undefined;

/** What a mnemonic (lower case, no prefixes, suffix not taken off) names, or undefined. */
export function named(name: string, syntax: Syntax): Named | undefined {
  built ??= build();
  const special = built.special.get(name);
  const found = built[syntax].get(special?.name ?? name);
  if (found === undefined) return undefined;
  return { rows: found, wait: special?.wait ?? false, immediate: special?.immediate ?? -1 };
}

/** All mnemonics of a syntax, for "did you mean" and completion. */
export function mnemonics(syntax: Syntax): string[] {
  built ??= build();
  return [...built[syntax].keys(), ...built.special.keys()];
}

function build(): Names {
  const names: Names = { att: new Map(), intel: new Map(), special: specials() };
  for (const row of [...rows(), ...extraRows()]) {
    if (!isCanonical(row)) continue;
    for (const name of commonNames(row)) {
      add(names.att, isReversed(row) ? reversedName(name) : name, row);
      add(names.intel, name, row);
    }
    for (const name of attNames(row)) add(names.att, name, row);
    for (const name of intelNames(row)) add(names.intel, name, row);
  }
  return names;
}

function specials(): Names['special'] {
  const special = new Map<string, { name: string; wait: boolean; immediate: number }>();
  for (const name of WAITING) special.set(`f${name}`, { name: `fn${name}`, wait: true, immediate: -1 });
  PREDICATES.forEach((predicate, immediate) => {
    for (const type of ['ps', 'pd', 'ss', 'sd']) {
      special.set(`cmp${predicate}${type}`, { name: `cmp${type}`, wait: false, immediate });
    }
  });
  ['lql', 'hql', 'lqh', 'hqh'].forEach((halves, n) => {
    special.set(`pclmul${halves}qdq`, { name: 'pclmulqdq', wait: false, immediate: (n & 1) | ((n & 2) << 3) });
  });
  return special;
}

function add(map: NameMap, name: string, row: EncodingRow): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [row]);
  else if (!list.includes(row)) list.push(row);
}

/** False for second encodings that no assembler chooses and that a shorter or earlier row does not already win over. */
function isCanonical(row: EncodingRow): boolean {
  if (row.make === 'amd') return false;
  if (row.mnemonic === 'nop' && row.map === 1) return row.opcode === 0x1f;
  return true;
}

function commonNames(row: EncodingRow): string[] {
  const { mnemonic, op } = row;
  if (STRING_OPS.has(op)) return [op];
  const names = [mnemonic, ...(ALIASES[mnemonic] ?? [])];
  if (row.condition >= 0) {
    const condition = CONDITIONS[row.condition] ?? '';
    const stem = mnemonic.slice(0, mnemonic.length - condition.length);
    for (const alias of CONDITION_ALIASES[condition] ?? []) names.push(stem + alias);
  }
  if (op === 'movsxd') names.push('movsx');
  if (mnemonic === 'int3') names.push('int');
  if (mnemonic === 'movq' && row.rexW === 1) names.push('movd');
  if (mnemonic === 'mov' && isWideMove(row)) names.push('movabs');
  return names;
}

/** The forms of MOV with a 64-bit immediate or address. */
export function isWideMove(row: EncodingRow): boolean {
  return row.op === 'mov' && row.map === 0 && ((row.opcode >= 0xa0 && row.opcode <= 0xa3) || row.opcode === 0xb8);
}

const LETTERS: Readonly<Record<string, string>> = { b: 'b', w: 'w', d: 'l', q: 'q' };

function attNames(row: EncodingRow): string[] {
  const { mnemonic, op } = row;
  if (STRING_OPS.has(op)) return [op + (LETTERS[mnemonic.charAt(mnemonic.length - 1)] ?? '')];
  if (op === 'movsx' || op === 'movzx') {
    const source = row.operands[1]?.width === Width.b ? 'b' : 'w';
    return [op.slice(0, 4) + source];
  }
  if (op === 'movsxd') return ['movsl'];
  return [];
}

function intelNames(row: EncodingRow): string[] {
  const { mnemonic, op } = row;
  if (STRING_OPS.has(op)) return [mnemonic];
  if (op === 'callf' || op === 'jmpf') return [op.slice(0, -1)];
  return [];
}

/** AT&T assemblers have always had FSUB and FSUBR, FDIV and FDIVR the other way round where ST(i) is the destination. */
function isReversed(row: EncodingRow): boolean {
  return REVERSED.has(row.op) && row.operands[0]?.place === Place.sti && row.operands.length === 2;
}

/** The other one of such a pair. */
function reversedName(name: string): string {
  if (!/^f(?:sub|div)r?p?$/.test(name)) return name;
  return name.includes('r') ? name.replace('r', '') : name.replace(/^(f(?:sub|div))/, '$1r');
}
