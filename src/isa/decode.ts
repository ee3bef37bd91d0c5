import { cursor, readU8 } from './decoder/cursor.ts';
import { completeTables, dispatchTable } from './decoder/dispatch.ts';
import { readModrmMemory } from './decoder/memory.ts';
import { readOperand } from './decoder/operand.ts';
import { prefixState, readPrefixes } from './decoder/prefixes.ts';
import { readVex } from './decoder/vex.ts';
import { type CodeSize, type Instruction, type Operand, Prefix, type Undecodable } from './instruction.ts';
import { type CpuMake, type EncodingRow, OpcodeMap, PrefixClass, type SizeRule } from './table/encodingRow.ts';
import type { OperandSpec } from './table/operandSpec.ts';

export type { CpuMake } from './table/encodingRow.ts';

export const MAX_INSTRUCTION_LENGTH = 15;

/**
 * Decodes the instruction at `bytes[start]`, reading no byte at or past `end`. Never throws.
 * `truncated` means more bytes are needed to tell; `too-long` that 15 were not enough (SDM vol. 2A, 2.3.11).
 */
export function decode(
  bytes: Uint8Array,
  start: number,
  end: number,
  code: CodeSize,
  make: CpuMake = 'intel',
): Instruction | Undecodable {
  cursor.bytes = bytes;
  cursor.position = start;
  cursor.limit = Math.min(end, start + MAX_INSTRUCTION_LENGTH);
  cursor.overrun = false;
  cursor.in64 = code === 64;
  const opcodeByte = readPrefixes(code);
  if (cursor.overrun) return overrun(start);

  let map: number = OpcodeMap.one;
  let opcode = opcodeByte;
  if (opcodeByte === 0x0f) {
    map = OpcodeMap.of;
    opcode = readU8();
    if (opcode === 0x38 || opcode === 0x3a) {
      map = opcode === 0x38 ? OpcodeMap.of38 : OpcodeMap.of3a;
      opcode = readU8();
    }
  } else if ((opcodeByte === 0xc4 || opcodeByte === 0xc5) && isVex()) {
    map = readVex(opcodeByte);
    opcode = readU8();
    if (map < 0) return cursor.overrun ? overrun(start) : undecodable('opcode', start);
  }
  if (cursor.overrun) return overrun(start);

  const node = dispatchTable(cursor.in64, make)[map * 256 + opcode];
  if (node === undefined) {
    return completeTables() ? decode(bytes, start, end, code, make) : unknownOpcode(map, start);
  }
  cursor.opcode = opcode;
  if (make === 'amd' && map === OpcodeMap.of && (opcode === 0x20 || opcode === 0x22)) applyLockAsCr8();
  let candidates = node.candidates[0] as readonly EncodingRow[];
  if (node.hasModrm) {
    cursor.modrm = readU8();
    if (cursor.overrun) return overrun(start);
    candidates = node.candidates[(cursor.modrm >> 3) & 7] as readonly EncodingRow[];
  }
  for (let i = 0; i < candidates.length; i++) {
    const row = candidates[i] as EncodingRow;
    if (matches(row, code, make)) return finish(row, start, code, make);
  }
  if (completeTables()) return decode(bytes, start, end, code, make);
  return node.hasModrm ? unknownForm(map, start) : undecodable('opcode', start);
}

/** The 0F38 and 0F3A maps have one format throughout, which the processor knows even where it knows no opcode. */
function unknownOpcode(map: number, start: number): Undecodable {
  if (map !== OpcodeMap.of38 && map !== OpcodeMap.of3a) return undecodable('opcode', start);
  cursor.modrm = readU8();
  return unknownForm(map, start);
}

/**
 * An opcode with ModRM that means nothing: the processor fetches the whole instruction before it raises #UD, so the
 * length limit and page faults come first.
 */
function unknownForm(map: number, start: number): Undecodable {
  if (cursor.modrm < 0xc0) readModrmMemory(0);
  if (map === OpcodeMap.of3a) readU8();
  return cursor.overrun ? overrun(start) : undecodable('opcode', start);
}

/** Outside 64-bit mode C4 and C5 are LES and LDS unless the next byte, as a ModRM, would name a register. */
function isVex(): boolean {
  if (cursor.in64) return true;
  return cursor.position < cursor.limit && (cursor.bytes[cursor.position] as number) >= 0xc0;
}

function matches(row: EncodingRow, code: CodeSize, make: CpuMake): boolean {
  if ((row.prefixMask & prefixState.prefixClass) === 0) return false;
  if (row.hasModrm) {
    if (row.modrm >= 0 && row.modrm !== cursor.modrm) return false;
    if ((row.modMask & (cursor.modrm >= 0xc0 ? 2 : 1)) === 0) return false;
  }
  if (row.sizeMask !== 7 && (row.sizeMask & (effectiveSize(row.sizeRule, code, make) >> 4)) === 0) return false;
  if (row.addressMask !== 7 && (row.addressMask & (cursor.addressSize >> 4)) === 0) return false;
  if (row.rexW >= 0 && row.rexW !== (prefixState.rexW ? 1 : 0)) return false;
  if (row.rexBClear && cursor.rexB !== 0) return false;
  if (row.rexRClear && cursor.rexR !== 0) return false;
  return row.vex === null || vexMatches(row);
}

function vexMatches(row: EncodingRow): boolean {
  const vex = row.vex;
  if (vex === null) return true;
  if (vex.l === 0 && prefixState.vexL !== 0) return false;
  if (vex.w !== 'ignored' && vex.w !== (prefixState.rexW ? 1 : 0)) return false;
  return vex.usesVvvv || cursor.vvvv === 0;
}

/** On AMD a LOCK prefix reaches CR8 as REX.R does, in every mode (APM vol. 3, MOV CRn). */
function applyLockAsCr8(): void {
  if ((prefixState.prefixes & Prefix.lock) === 0) return;
  cursor.rexR = 8;
  prefixState.lock = false;
}

/** Effective operand size (SDM vol. 1, 3.6.1; vol. 2A, 2.2.1.2 and 2.2.1.7). */
function effectiveSize(rule: SizeRule, code: CodeSize, make: CpuMake): 16 | 32 | 64 {
  const has66 = (prefixState.prefixes & Prefix.operandSize) !== 0;
  if (code !== 64) return (code === 16) === has66 ? 32 : 16;
  if (rule === 'f64') return 64;
  if (prefixState.rexW) return rule === 'far' && make === 'amd' ? 32 : 64;
  if (rule === 'near') return has66 && make === 'amd' ? 16 : 64;
  return has66 ? 16 : rule === 'd64' ? 64 : 32;
}

function finish(row: EncodingRow, start: number, code: CodeSize, make: CpuMake): Instruction | Undecodable {
  if (row.sizing === 'full') cursor.operandSize = effectiveSize(row.sizeRule, code, make);
  else cursor.operandSize = row.sizing === 'y' && prefixState.rexW && cursor.in64 ? 64 : 32;

  const register = row.modIgnored || cursor.modrm >= 0xc0;
  const specs = row.operands;
  const count = specs.length;
  const operands: Operand[] = [];
  for (let i = 0; i < count; i++) operands.push(readOperand(specs[i] as OperandSpec, register));
  if (cursor.overrun) return overrun(start);

  const { lock } = prefixState;
  if (lock && !(row.lockable && !register)) return undecodable('lock', start);
  const mandatory = row.prefixMask !== PrefixClass.any && (row.prefixMask & prefixState.repeatClass) !== 0;
  return {
    encoding: row,
    length: cursor.position - start,
    code,
    operandSize: cursor.operandSize,
    addressSize: cursor.addressSize,
    lock,
    repeat: mandatory ? 0 : prefixState.repeat,
    segmentOverride: cursor.segmentOverride,
    prefixes: prefixState.prefixes,
    operands,
  };
}

function undecodable(invalid: Undecodable['invalid'], start: number): Undecodable {
  return { invalid, length: cursor.position - start };
}

function overrun(start: number): Undecodable {
  return undecodable(cursor.limit === start + MAX_INSTRUCTION_LENGTH ? 'too-long' : 'truncated', start);
}
