// biome-ignore-all lint/correctness/noNodejsModules: an oracle of the tests, never part of the page
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from '../decode.ts';
import type { CodeSize, Instruction, Undecodable } from '../instruction.ts';
import { Random, randomString, SLOT, SYSTEMATIC, systematic } from './generate.ts';
import { IcedReference, isOurs } from './iced.ts';

export interface HostReport {
  strings: number;
  instructions: number;
  mismatches: number;
  examples: string[];
}

const SOURCE = fileURLToPath(new URL('hostProbe.c', import.meta.url));
const RECORD = 17;
const KEPT_EXAMPLES = 20;

/**
 * Compares validity and length of `count` strings with the processor this runs on (x86-64 Linux with gcc). Undefined
 * when it cannot be asked: no gcc, not an Intel processor with our features, or a sandbox that does not deliver faults as
 * Linux does.
 */
export function runOnHost(count: number, seed: number, code: CodeSize): HostReport | undefined {
  if (!knowsOurInstructions()) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'probe-'));
  try {
    const program = join(folder, 'probe');
    if (spawnSync('gcc', ['-O1', '-o', program, SOURCE]).status !== 0) return undefined;
    if (ask(program, code, [KNOWN.nop, KNOWN.ud2]) !== 'VMI-') return undefined;
    return compare(program, count, seed, code);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Linux's names of what an Intel processor must have to know all our rows. */
const NEEDED =
  'adx aes bmi1 bmi2 abm clflushopt clwb cx16 fsgsbase invpcid movbe pclmulqdq popcnt rdpid rdrand rdseed rdtscp sse4_2 ' +
  'xsave xsavec xsaveopt xsaves';

function knowsOurInstructions(): boolean {
  if (!existsSync('/proc/cpuinfo')) return false;
  const text = readFileSync('/proc/cpuinfo', 'utf8');
  const flags = new Set(/^flags\s*:\s*(.*)$/m.exec(text)?.[1]?.split(' '));
  return text.includes('GenuineIntel') && NEEDED.split(' ').every((flag) => flags.has(flag));
}

const KNOWN = {
  nop: Uint8Array.from([1, 0x90, ...new Array(15).fill(0)]),
  ud2: Uint8Array.from([0, 0x0f, 0x0b, ...new Array(14).fill(0)]),
};

function ask(program: string, code: CodeSize, records: readonly Uint8Array[]): string {
  const { stdout } = spawnSync(program, [String(code)], { input: Buffer.concat(records), maxBuffer: 1 << 28 });
  return stdout === null ? '' : stdout.toString('latin1');
}

function compare(program: string, count: number, seed: number, code: CodeSize): HostReport {
  const random = new Random(seed);
  const reference = new IcedReference('intel');
  const bytes = new Uint8Array(SLOT);
  const records: Uint8Array[] = [];
  const decoded: (Instruction | Undecodable)[] = [];
  while (records.length < count) {
    const drawn =
      (random.next() & 1) === 0
        ? systematic(random.below(SYSTEMATIC), random, bytes, 0)
        : randomString(random, bytes, 0);
    if (drawn !== code) continue;
    reference.load(bytes);
    const { features } = reference.read(0, code, 0n, false);
    const insn = decode(bytes, 0, SLOT, code);
    // The host may know more instructions than our processor.
    if ((features !== '' && !isOurs(features)) || !isProbable(insn)) continue;
    decoded.push(insn);
    records.push(Uint8Array.of('invalid' in insn ? 0 : insn.length, ...bytes));
  }
  const answers = ask(program, code, records);
  const report: HostReport = { strings: answers.length / 2, instructions: 0, mismatches: 0, examples: [] };
  for (let n = 0; n < report.strings; n++) {
    const insn = decoded[n];
    const answer = answers.slice(2 * n, 2 * n + 2);
    const record = records[n] ?? KNOWN.nop;
    if (insn !== undefined && !('invalid' in insn)) report.instructions++;
    if (answer === (record[0] === 0 ? 'I-' : 'VM')) continue;
    report.mismatches++;
    if (report.examples.length < KEPT_EXAMPLES) {
      report.examples.push(`${code}:${Buffer.from(record.subarray(1, RECORD)).toString('hex')} ${answer}`);
    }
  }
  return report;
}

/** Instructions that would leave the probe's hands, or that raise #UD for reasons other than their bytes. */
const LEAVES = /^(?:syscall|sysenter|sysret|sysexit|int|into|wrfsbase|wrgsbase|lfs|lgs|lss)$/;
const UNDEFINED_IN_USER_MODE = /^(?:ud|rsm|clac|stac|monitor|mwait|movcr|movdr)$/;

function isProbable(insn: Instruction | Undecodable): boolean {
  if ('invalid' in insn) return (insn.invalid === 'opcode' || insn.invalid === 'lock') && !mayExceedLimit(insn);
  const { op, map } = insn.encoding;
  if (LEAVES.test(op) || UNDEFINED_IN_USER_MODE.test(op)) return false;
  const loadsThreadSegment = op === 'mov' && insn.operands[0]?.kind === 'reg' && insn.operands[0].file === 'segment';
  return !loadsThreadSegment && !(op === 'pop' && map !== 0);
}

/**
 * For opcodes without meaning the processor still counts ModRM and immediate bytes it expects, and 15 bytes raise #GP
 * before #UD. We count them only where a row or the map tells them: leave out what ends near the limit.
 */
function mayExceedLimit(insn: Undecodable): boolean {
  return insn.length > 5;
}
