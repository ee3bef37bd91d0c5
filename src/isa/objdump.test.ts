import { describe, expect, it } from 'vitest';
import { Random, SLOT, SYSTEMATIC, systematic } from './conformance/generate.ts';
import { disassemble, hasObjdump, isOnlyPrefixes, normalise } from './conformance/objdump.ts';
import { decode } from './decode.ts';
import { formatAtt, formatIntel } from './format/index.ts';
import { type CodeSize, type Instruction, NO_REGISTER, Prefix } from './instruction.ts';

interface Placed {
  readonly at: number;
  readonly insn: Instruction;
}

/** Back-to-back instructions of every form, about `size` bytes of them. */
function program(code: CodeSize, size: number): { bytes: Uint8Array; placed: Placed[] } {
  const random = new Random(11 * code);
  const slot = new Uint8Array(SLOT);
  const bytes: number[] = [];
  const placed: Placed[] = [];
  while (bytes.length < size) {
    if (systematic(random.below(SYSTEMATIC), random, slot, 0) !== code) continue;
    const insn = decode(slot, 0, SLOT, code);
    if ('invalid' in insn) continue;
    placed.push({ at: bytes.length, insn });
    bytes.push(...slot.subarray(0, insn.length));
  }
  return { bytes: Uint8Array.from(bytes), placed };
}

/** Where objdump 2.40 says something else on purpose or by mistake; see the reason at each. */
function isOddity(insn: Instruction, text: string): boolean {
  const { op, mnemonic, map, opcode } = insn.encoding;
  const rexW = (insn.prefixes & Prefix.rexW) !== 0;
  // Hint space, and F3 0F 09: it names the instructions of newer processors.
  if (op === 'nop' || op === 'prefetch' || op === 'wbinvd') return true;
  // It counts REX.W in these moves, we and the manual do not; for some it shows the 64-bit register, for some not.
  if (rexW && /^(?:pextr|pinsr|extractps|movmsk|pmovmsk)/.test(mnemonic)) return true;
  // It takes 16:64 pointers for 16:32, and MOVSXD with 66 and REX.W for a 16-bit one.
  if (rexW && /^(?:l[sfg]s|callf|jmpf|movsxd)$/.test(op)) return true;
  // It shows the MMX register as an XMM register; no suffix outside 64-bit mode; no width; another word for 66.
  if (/^(?:movdq2q|movq2dq|cvtsi2s[sd]|lddqu|invpcid)$/.test(op)) return true;
  if (op === 'jmp' && opcode === 0xe9 && (insn.prefixes & Prefix.operandSize) !== 0) return true;
  // F2 before BSF and BSR is bad to it; processors ignore it. MONITOR and MWAIT have their implied operands shown.
  if (/^(?:bs[fr]|monitor|mwait)$/.test(op)) return insn.repeat !== 0 || op.startsWith('m');
  // 48 90 is "rex.W nop".
  if (op === 'xchg' && map === 0 && opcode >= 0x90) return true;
  // Absolute addresses: negative numbers, and empty parentheses for "no base, no index".
  const absolute = insn.operands.some((o) => o.kind === 'mem' && o.base === NO_REGISTER && o.index === NO_REGISTER);
  return absolute && /-0x|\(\)|riz|eiz/.test(text);
}

/** Forms it does not know: x87 second encodings, SALC, the 80287's FNSETPM. */
const UNKNOWN_TO_OBJDUMP = /^(?:fcomp?|fstp|fxch|salc|fnsetpm|fneni|fndisi|ud[01]|fnop)$/;

describe.runIf(hasObjdump())('text of GNU objdump', () => {
  for (const code of [16, 32, 64] as const) {
    for (const syntax of ['att', 'intel'] as const) {
      it(`${code}-bit, ${syntax}`, { timeout: 60_000 }, () => {
        const { bytes, placed } = program(code, 60_000);
        const lines = disassemble(bytes, code, syntax);
        const differences: string[] = [];
        let compared = 0;
        for (const { at, insn } of placed) {
          const line = lines.get(at);
          if (line === undefined || isOnlyPrefixes(line) || isOddity(insn, line)) continue;
          const { mnemonic, operands } = (syntax === 'att' ? formatAtt : formatIntel)(insn, { address: BigInt(at) });
          const ours = normalise(`${mnemonic} ${operands}`);
          if (/\(bad\)|8087/.test(line) && UNKNOWN_TO_OBJDUMP.test(insn.encoding.mnemonic)) continue;
          compared++;
          if (normalise(line) !== ours) differences.push(`${insn.encoding.form}: "${ours}", not "${line}"`);
        }
        expect(differences.slice(0, 20)).toEqual([]);
        expect(compared).toBeGreaterThan(8_000);
      });
    }
  }
});
