/** Lines of code around RIP, as the page lists them. */
import type { Cpu } from '../cpu/cpu.ts';
import { S } from '../cpu/layout.ts';
import { CS } from '../cpu/segmentation.ts';
import { decode } from '../isa/decode.ts';
import { formatAtt } from '../isa/format/index.ts';
import type { CodeSize, Instruction } from '../isa/instruction.ts';
import type { CodeLine } from './views.ts';
import { peekBytes } from './peek.ts';
import type { SymbolSet } from './symbolSet.ts';

const LONGEST = 15;
/** A symbol farther back than this does not help to find where instructions begin. */
const LOOK_BACK = 4096n;

interface Place {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

function bytesAt(cpu: Cpu, address: bigint): Uint8Array {
  const linear = cpu.long ? address : BigInt.asUintN(32, address + cpu.baseOf(CS));
  const bytes = peekBytes(cpu, linear, LONGEST);
  const end = bytes.indexOf(null);
  return Uint8Array.from((end < 0 ? bytes : bytes.slice(0, end)) as number[]);
}

/** The instruction at an address of the running code segment; undefined where there is none. */
export function instructionAt(cpu: Cpu, address: bigint): Instruction | undefined {
  const bytes = bytesAt(cpu, address);
  const insn = decode(bytes, 0, bytes.length, cpu.low(S.codeSize) as CodeSize, cpu.profile.model);
  return 'invalid' in insn ? undefined : insn;
}

function lineAt(cpu: Cpu, address: bigint, symbols: SymbolSet): CodeLine | undefined {
  const bytes = bytesAt(cpu, address);
  if (bytes.length === 0) return undefined;
  const insn = decode(bytes, 0, bytes.length, cpu.low(S.codeSize) as CodeSize, cpu.profile.model);
  const label = symbols.start(address) === address ? (symbols.name(address) ?? null) : null;
  const source = symbols.line(address);
  const place = { address, label, source: source && { file: source.file, line: source.line } };
  if ('invalid' in insn) {
    const first = bytes.slice(0, 1);
    return { ...place, bytes: first, mnemonic: '(bad)', operands: '' };
  }
  const symbol = (at: bigint): string | undefined => symbols.name(at);
  const text = formatAtt(insn, { address, symbol });
  const comment = text.comment === '' ? '' : `  # ${text.comment}`;
  return { ...place, bytes: bytes.slice(0, insn.length), mnemonic: text.mnemonic, operands: text.operands + comment };
}

/** `count` lines from an address on; fewer where memory ends. */
export function codeFrom(cpu: Cpu, address: bigint, count: number, symbols: SymbolSet): CodeLine[] {
  const lines: CodeLine[] = [];
  let at = address;
  while (lines.length < count) {
    const line = lineAt(cpu, at, symbols);
    if (line === undefined) break;
    lines.push(line);
    at = BigInt.asUintN(64, at + BigInt(line.bytes.length));
  }
  return lines;
}

/** Up to `before` lines ahead of RIP, the one at RIP, and `after` more. */
export function codeAround(
  cpu: Cpu,
  rip: bigint,
  before: number,
  after: number,
  symbols: SymbolSet,
): { code: CodeLine[]; codeIndex: number } {
  const earlier = linesBefore(cpu, rip, symbols).slice(-before);
  return { code: [...earlier, ...codeFrom(cpu, rip, after + 1, symbols)], codeIndex: earlier.length };
}

/** Lines from the symbol's start up to RIP, if they lead exactly there. */
function linesBefore(cpu: Cpu, rip: bigint, symbols: SymbolSet): CodeLine[] {
  const start = symbols.start(rip);
  if (start === undefined || rip - start > LOOK_BACK) return [];
  const lines: CodeLine[] = [];
  let at: Place['address'] = start;
  while (at < rip) {
    const line = lineAt(cpu, at, symbols);
    if (line === undefined) return [];
    lines.push(line);
    at += BigInt(line.bytes.length);
  }
  return at === rip ? lines : [];
}
