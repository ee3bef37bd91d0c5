import { describe, expect, it } from 'vitest';
import { Random, SLOT, SYSTEMATIC, systematic } from './conformance/generate.ts';
import { decode } from './decode.ts';
import type { Instruction } from './instruction.ts';
import { shapeOf, shapes } from './shapes.ts';
import { rows } from './table/index.ts';

/** A sample of decoded instructions, spread over every form. */
function* sample(count: number): Generator<Instruction> {
  const random = new Random(3);
  const bytes = new Uint8Array(SLOT);
  const step = SYSTEMATIC / count;
  for (let n = 0; n < count; n++) {
    const code = systematic(
      Math.min(SYSTEMATIC - 1, Math.floor(n * step) + random.below(Math.floor(step))),
      random,
      bytes,
      0,
    );
    const insn = decode(bytes, 0, SLOT, code, (n & 1) === 0 ? 'intel' : 'amd');
    if (!('invalid' in insn)) yield insn;
  }
}

describe('shapes', () => {
  it('describe every decoded instruction', { timeout: 60_000 }, () => {
    let count = 0;
    for (const insn of sample(400_000)) {
      count++;
      const shape = shapeOf(insn);
      const operands = insn.operands.map(({ kind, bits }) => `${kind}:${bits}`).join();
      if (operands !== shape.operands.map(({ kind, bits }) => `${kind}:${bits}`).join()) {
        expect.fail(`${insn.encoding.form} ${operands}: shape is ${shape.key}`);
      }
      if (!(insn.code === 64 ? shape.in64 : shape.inLegacy) || shape.operandSize !== insn.operandSize) {
        expect.fail(`${insn.encoding.form} ${insn.code} ${insn.operandSize}: shape is ${shape.key}`);
      }
    }
    expect(count).toBeGreaterThan(150_000);
  });

  it('give the combinations a reader expects', () => {
    const keys = (mnemonic: string, form: string) => {
      const row = rows().find((r) => r.mnemonic === mnemonic && r.form === form);
      return row === undefined ? [] : shapes(row).map((shape) => shape.key);
    };
    expect(keys('add', '01 /r')).toEqual([
      'add/16 mem:16 reg:gpr:16',
      'add/16 reg:gpr:16 reg:gpr:16',
      'add/32 mem:32 reg:gpr:32',
      'add/32 reg:gpr:32 reg:gpr:32',
      'add/64 mem:64 reg:gpr:64',
      'add/64 reg:gpr:64 reg:gpr:64',
    ]);
    expect(keys('syscall', '0f 05')).toEqual(['syscall/32']);
    expect(keys('push', '6a')).toEqual(['push/16 imm:16', 'push/32 imm:32', 'push/64 imm:64']);
    expect(keys('addsd', 'f2 0f 58 /r')).toEqual(['addsd/32 reg:xmm:128 mem:64', 'addsd/32 reg:xmm:128 reg:xmm:128']);
  });
});
