import { expect, it } from 'vitest';
import { decode } from '../decode.ts';
import type { CodeSize } from '../instruction.ts';
import { type FormatOptions, formatAtt, formatIntel } from './index.ts';

function texts(hex: string, options: FormatOptions, code: CodeSize = 64): { att: string; intel: string } {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const insn = decode(bytes, 0, bytes.length, code);
  if ('invalid' in insn) throw new Error(insn.invalid);
  const [att, intel] = [formatAtt, formatIntel].map((format) => {
    const { mnemonic, operands, comment } = format(insn, options);
    return `${mnemonic} ${operands}${comment && `  # ${comment}`}`.trim();
  });
  return { att: att ?? '', intel: intel ?? '' };
}

it('prints what objdump prints of a system call path', () => {
  const at = { address: 0xffff_ffff_8000_0000n };
  expect(texts('0f01f8', at).att).toBe('swapgs');
  expect(texts('654889242508000000', at)).toEqual({
    att: 'mov %rsp,%gs:0x8',
    intel: 'mov QWORD PTR gs:0x8,rsp',
  });
  expect(texts('480f07', at)).toEqual({ att: 'sysretq', intel: 'sysretq' });
  expect(texts('48cf', at)).toEqual({ att: 'iretq', intel: 'iretq' });
  expect(texts('f348a5', at)).toEqual({
    att: 'rep movsq %ds:(%rsi),%es:(%rdi)',
    intel: 'rep movs QWORD PTR es:[rdi],QWORD PTR ds:[rsi]',
  });
});

it('names branch targets and RIP-relative addresses', () => {
  const symbol = (address: bigint) => (address === 0x401010n ? 'main' : undefined);
  expect(texts('e80b000000', { address: 0x401000n, symbol }).att).toBe('call 0x401010 <main>');
  expect(texts('eb0e', { address: 0x401000n, symbol }).intel).toBe('jmp 0x401010 <main>');
  expect(texts('eb0d', { address: 0x401000n, symbol }).intel).toBe('jmp 0x40100f');
  expect(texts('488d0509000000', { address: 0x401000n, symbol })).toEqual({
    att: 'lea 0x9(%rip),%rax  # 0x401010 <main>',
    intel: 'lea rax,[rip+0x9]  # 0x401010 <main>',
  });
});

it('wraps targets to the width of the instruction pointer', () => {
  expect(texts('ebfe', { address: 0n }).att).toBe('jmp 0x0');
  expect(texts('ebf0', { address: 0n }).att).toBe('jmp 0xfffffffffffffff2');
  expect(texts('ebf0', { address: 0n }, 32).att).toBe('jmp 0xfffffff2');
  expect(texts('ebf0', { address: 0n }, 16).att).toBe('jmp 0xfff2');
});

it('prints wide immediates whole', () => {
  expect(texts('48b88877665544332291', { address: 0n }).att).toBe('movabs $0x9122334455667788,%rax');
  expect(texts('48c7c080ffffff', { address: 0n }).intel).toBe('mov rax,0xffffffffffffff80');
  expect(texts('6683c0ff', { address: 0n }).att).toBe('add $0xffff,%ax');
});
