import { describe, expect, it } from 'vitest';
import { decode } from '../decode.ts';
import type { Instruction } from '../instruction.ts';
import { type EncodingRow, OpcodeMap, PrefixClass } from './encodingRow.ts';
import { baseRows, rows } from './index.ts';
import { parseRow } from './parseRow.ts';
import { row } from './row.ts';

const ESCAPES: Readonly<Record<number, readonly number[]>> = {
  [OpcodeMap.of]: [0x0f],
  [OpcodeMap.of38]: [0x0f, 0x38],
  [OpcodeMap.of3a]: [0x0f, 0x3a],
};
const MANDATORY: Readonly<Record<number, readonly number[]>> = {
  [PrefixClass.p66]: [0x66],
  [PrefixClass.f3]: [0xf3],
  [PrefixClass.f2]: [0xf2],
};

/** Bytes that should decode as the row, tried with every prefix that could make its operand and address size. */
function* encodings(row: EncodingRow): Generator<Uint8Array> {
  const mandatory = MANDATORY[row.prefixMask] ?? [];
  const mods = [0, 3].filter((mod) => (row.modMask & (mod === 3 ? 2 : 1)) !== 0);
  const digits = row.digit >= 0 ? [row.digit] : [0, 7];
  const modrms = row.modrm >= 0 ? [row.modrm] : mods.flatMap((mod) => digits.map((reg) => (mod << 6) | (reg << 3)));
  for (const extra of [[], [0x66], [0x67]]) {
    for (const rex of [[], [0x48]]) {
      const head = row.vex === null ? [...extra, ...mandatory, ...rex, ...(ESCAPES[row.map] ?? [])] : vexPrefix(row);
      for (const modrm of modrms) yield Uint8Array.from([...head, row.opcode, modrm, ...new Array(12).fill(0)]);
    }
  }
}

function vexPrefix(row: EncodingRow): number[] {
  const pp = [1, 2, 4, 8].indexOf(row.prefixMask);
  return [0xc4, 0xe0 | (row.map - OpcodeMap.vexOf + 1), 0x78 | pp];
}

function decodesTo(row: EncodingRow): boolean {
  return [...encodings(row)].some((bytes) =>
    ([64, 32, 16] as const).some((code) =>
      (['intel', 'amd'] as const).some((make) => {
        const insn = decode(bytes, 0, bytes.length, code, make);
        return !('invalid' in insn) && (insn as Instruction).encoding === row;
      }),
    ),
  );
}

describe('the encoding table', () => {
  it('has no row that another hides', () => {
    const hidden = rows().filter((r) => !decodesTo(r));
    expect(hidden.map((r) => `${r.mnemonic} ${r.form} ${r.operandText}`)).toEqual([]);
  });

  it('holds a form once per make and mode', () => {
    const seen = rows().map((r) => `${r.form} ${r.operandText} ${r.modMask} ${r.invalidIn64} ${r.onlyIn64} ${r.make}`);
    expect(seen.filter((text, n) => seen.indexOf(text) !== n)).toEqual([]);
  });

  it('numbers its rows', () => {
    expect(rows().every((r, n) => r.index === n)).toBe(true);
  });

  it('refuses notation it does not know', () => {
    expect(() => parseRow(row('x', '00 /r', 'Kb'), 0)).toThrow('unknown operand "Kb"');
    expect(() => parseRow(row('x', 'zz /r'), 0)).toThrow('unknown word "zz"');
  });
});

/** Whether some bytes could fit both rows, by opcode, mandatory prefix and ModRM. */
function overlap(a: EncodingRow, b: EncodingRow): boolean {
  const last = (row: EncodingRow): number => row.opcode + (row.opcodeRegister ? 7 : 0);
  if (a.map !== b.map || a.opcode > last(b) || b.opcode > last(a)) return false;
  if ((a.prefixMask & b.prefixMask) === 0) return false;
  if (!a.hasModrm || !b.hasModrm) return true;
  if ((a.modMask & b.modMask) === 0) return false;
  if (a.modrm >= 0 && b.modrm >= 0 && a.modrm !== b.modrm) return false;
  const digit = (row: EncodingRow): number => (row.modrm >= 0 ? (row.modrm >> 3) & 7 : row.digit);
  return digit(a) < 0 || digit(b) < 0 || digit(a) === digit(b);
}

describe('the base groups', () => {
  it('come first', () => {
    expect(rows().slice(0, baseRows().length)).toEqual(baseRows());
  });

  it('share no encoding with x87 and vectors, so that looking them up alone is no guess', () => {
    const base = baseRows();
    const shared = rows()
      .slice(base.length)
      .flatMap((row) =>
        base.filter((b) => overlap(row, b)).map((b) => `${row.mnemonic} ${row.form} / ${b.mnemonic} ${b.form}`),
      );
    expect(shared).toEqual([]);
  });
});
