import { describe, expect, it } from 'vitest';
import { type CpuMake, decode } from './decode.ts';
import {
  type CodeSize,
  type Instruction,
  NO_REGISTER,
  RIP_RELATIVE,
  Segment,
  type Undecodable,
} from './instruction.ts';

const PADDING = 'cc'.repeat(15);

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function tryDecode(hex: string, code: CodeSize = 64, make: CpuMake = 'intel'): Instruction | Undecodable {
  const bytes = bytesOf(hex + PADDING);
  return decode(bytes, 0, bytes.length, code, make);
}

function decoded(hex: string, code: CodeSize = 64, make: CpuMake = 'intel'): Instruction {
  const insn = tryDecode(hex, code, make);
  if ('invalid' in insn) throw new Error(`${hex}: ${insn.invalid}`);
  return insn;
}

function why(hex: string, code: CodeSize = 64, make: CpuMake = 'intel'): string {
  const insn = tryDecode(hex, code, make);
  return 'invalid' in insn ? insn.invalid : `decoded as ${insn.encoding.form}`;
}

describe('length and truncation', () => {
  it('needs every byte of an instruction', () => {
    for (const hex of ['48b88877665544332211', 'c4e270f2c1', '66420fba6c88100f', '0f05', 'f348a5', '9a112233445566']) {
      const code = hex.startsWith('9a') ? 32 : 64;
      const bytes = bytesOf(hex);
      expect(decode(bytes, 0, bytes.length, code)).toMatchObject({ length: bytes.length });
      for (let end = 0; end < bytes.length; end++) {
        expect(decode(bytes, 0, end, code)).toMatchObject({ invalid: 'truncated', length: end });
      }
    }
  });

  it('counts from where it starts', () => {
    const bytes = bytesOf('9090480f05');
    expect(decode(bytes, 2, 5, 64)).toMatchObject({ length: 3, encoding: { mnemonic: 'syscall' } });
  });

  it('takes 15 bytes and no more', () => {
    expect(decoded(`${'66'.repeat(14)}90`).length).toBe(15);
    expect(why(`${'66'.repeat(15)}90`)).toBe('too-long');
    expect(why(`${'2e'.repeat(10)}48c70500000000`)).toBe('too-long');
  });

  it('tells an unknown opcode before it runs out of bytes, unless its format is known', () => {
    expect(decode(bytesOf('0f04'), 0, 2, 64)).toMatchObject({ invalid: 'opcode', length: 2 });
    expect(decode(bytesOf('0f3aff'), 0, 3, 64)).toMatchObject({ invalid: 'truncated', length: 3 });
    expect(decode(bytesOf('0f3affc000'), 0, 5, 64)).toMatchObject({ invalid: 'opcode', length: 5 });
    expect(why(`${'2e'.repeat(11)}0f3affc000`)).toBe('too-long');
  });
});

describe('prefixes', () => {
  it('heeds REX only directly before the opcode', () => {
    expect(decoded('4889c3').operandSize).toBe(64);
    expect(decoded('486689c3').operandSize).toBe(16);
    expect(decoded('664889c3').operandSize).toBe(64);
    expect(decoded('404889c3').operandSize).toBe(64);
  });

  it('names SPL with a REX byte and AH without', () => {
    expect(decoded('88e0').operands[1]).toMatchObject({ index: 0, high: true });
    expect(decoded('4088e0').operands[1]).toMatchObject({ index: 4, high: false });
  });

  it('lets F3 and F2 choose the opcode before 66', () => {
    expect(decoded('66f30f58c1').encoding.mnemonic).toBe('addss');
    expect(decoded('f2f30f58c1').encoding.mnemonic).toBe('addss');
    expect(decoded('f3f20f58c1').encoding.mnemonic).toBe('addsd');
    expect(decoded('66f30fbcc1')).toMatchObject({ encoding: { mnemonic: 'tzcnt' }, operandSize: 16, repeat: 0 });
    expect(decoded('f20fbcc1')).toMatchObject({ encoding: { mnemonic: 'bsf' }, repeat: 0xf2 });
    expect(why('0fb8c1')).toBe('opcode');
  });

  it('allows LOCK only with a memory destination of a few instructions', () => {
    expect(decoded('f00100').lock).toBe(true);
    for (const hex of ['f001c0', 'f03900', 'f00300', 'f08900', 'f090', 'f00fa300']) expect(why(hex)).toBe('lock');
    expect(why('f00f04')).toBe('opcode');
  });

  it('takes the last segment prefix; in 64-bit mode only FS and GS', () => {
    expect(decoded('263e8b00', 32).operands[1]).toMatchObject({ segment: Segment.ds });
    expect(decoded('64268b00').operands[1]).toMatchObject({ segment: Segment.fs });
    expect(decoded('2e8b00')).toMatchObject({ segmentOverride: NO_REGISTER });
    expect(decoded('8b4500').operands[1]).toMatchObject({ segment: Segment.ss });
    expect(decoded('65a5').operands).toMatchObject([{ segment: Segment.es }, { segment: Segment.gs }]);
  });

  it('reads C4, C5 and 62 as LES, LDS and BOUND where a ModRM would be memory', () => {
    expect(decoded('c400', 32).encoding.mnemonic).toBe('les');
    expect(decoded('c4e270f2c1', 32).encoding.mnemonic).toBe('andn');
    expect(why('66c4e270f2c1')).toBe('opcode');
    expect(why('48c4e270f2c1')).toBe('opcode');
    expect(decoded('6200', 16).encoding.mnemonic).toBe('bound');
    expect(why('62f17c48580a')).toBe('opcode');
  });
});

describe('sizes', () => {
  it('gives stack instructions 64 bits', () => {
    expect(decoded('50').operandSize).toBe(64);
    expect(decoded('6650').operandSize).toBe(16);
    expect(decoded('6a80').operands).toEqual([{ kind: 'imm', bits: 64, low: -128, high: -1 }]);
    expect(decoded('666a80').operands).toEqual([{ kind: 'imm', bits: 16, low: 0xff80, high: 0 }]);
  });

  it('ignores 66 on near branches of 64-bit mode on Intel, not on AMD', () => {
    expect(decoded('66e900000000')).toMatchObject({ length: 6, operandSize: 64 });
    expect(decoded('66e90000', 64, 'amd')).toMatchObject({ length: 4, operandSize: 16 });
    expect(decoded('66c3', 64, 'amd').operandSize).toBe(16);
    expect(decoded('66e90000', 32)).toMatchObject({ length: 4, operandSize: 16 });
  });

  it('has 16:64 far pointers on Intel only', () => {
    expect(decoded('48ff28').operands).toMatchObject([{ bits: 80 }]);
    expect(decoded('48ff28', 64, 'amd').operands).toMatchObject([{ bits: 48 }]);
  });

  it('reads moffs and RIP-relative addresses', () => {
    expect(decoded('48a18877665544332211').operands[1]).toMatchObject({ disp: 0x55667788, dispHigh: 0x11223344 });
    expect(decoded('67a188776655').operands[1]).toMatchObject({ disp: 0x55667788, dispHigh: 0 });
    expect(decoded('488d05f0ffffff').operands[1]).toMatchObject({ base: RIP_RELATIVE, disp: -16, dispHigh: -1 });
    expect(decoded('8b0425f0ffffff').operands[1]).toMatchObject({ base: NO_REGISTER, disp: -16 });
  });

  it('says 32 when the operand size has no meaning', () => {
    expect(decoded('66480f58c1').operandSize).toBe(32);
    expect(decoded('0f05', 16).operandSize).toBe(32);
  });
});

describe('registers that do not exist', () => {
  it('rejects CR1, CR5, CR9 and DR8', () => {
    for (const hex of ['0f20c8', '0f20e8', '440f20d0', '440f21c0', '0f22f8']) expect(why(hex)).toBe('opcode');
    expect(decoded('440f20c0').operands[1]).toMatchObject({ file: 'control', index: 8, bits: 64 });
    expect(decoded('0f2000').operands[0]).toMatchObject({ kind: 'reg', index: 0 });
  });

  it('reaches CR8 by LOCK on AMD', () => {
    expect(decoded('f00f20c0', 32, 'amd')).toMatchObject({ lock: false, operands: [{}, { index: 8 }] });
    expect(why('f00f20c0', 32)).toBe('lock');
  });

  it('rejects loads of CS and a seventh segment register', () => {
    for (const hex of ['8ec8', '8ef0', '8cf8']) expect(why(hex)).toBe('opcode');
  });
});

describe('90h', () => {
  it('is NOP, PAUSE or an exchange with R8', () => {
    expect(decoded('90').encoding.mnemonic).toBe('nop');
    expect(decoded('4190').encoding.mnemonic).toBe('xchg');
    expect(decoded('f390').encoding.mnemonic).toBe('pause');
    // Measured on an Intel Xeon: R8 and RAX keep their values.
    expect(decoded('f34190').encoding.mnemonic).toBe('pause');
  });
});
