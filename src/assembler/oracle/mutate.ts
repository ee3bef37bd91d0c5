import type { Random } from './random.ts';

/** Pieces that have broken assemblers before: unfinished constructs, recursion, huge numbers, stray characters. */
const NASTY = [
  '"',
  "'",
  '\\',
  '/*',
  '*/',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '%',
  '$',
  ',',
  ';',
  ':',
  '@',
  '#',
  '-',
  '~',
  '!',
  '<<',
  '\u0000',
  '\t',
  '\u00e9',
  '\u{1f600}',
  '0x',
  '0b',
  '08',
  '1f',
  '9b',
  '.',
  '0xffffffffffffffffffffffffffffffff',
  '-9223372036854775808',
  '2147483648',
  '.rept 1000000000\n',
  '.rept 1000\n.rept 1000\nnop\n.endr\n.endr\n',
  '.rept -1\n',
  '.endr\n',
  '.macro loop a\nloop \\a\n.endm\nloop 1\n',
  '.macro two\ntwo\ntwo\n.endm\ntwo\n',
  '.macro x y=\\y\n',
  '.endm\n',
  '.exitm\n',
  '.skip 0x7fffffffffffffff\n',
  '.skip 0x10000000\n',
  '.fill 100000000, 8, 1\n',
  '.org 0x7fffffff\n',
  '.org 0\n',
  '.balign 0x80000000\n',
  '.p2align 31\n',
  '.if\n',
  '.if 1\n',
  '.else\n',
  '.endif\n',
  '.set a, b\n.set b, a\n.long a\n',
  '.set a, a + 1\n.long a\n',
  '.set deep, ((((((((((((1))))))))))))\n',
  '.irp x, 1, 2, 3\n',
  '.irpc c, abcdef\n',
  '#define A B\n#define B A\nA\n',
  '#define F(x) F(x) F(x)\nF(1)\n',
  '#define D(x) x x x x\nD(D(D(D(D(D(D(D(D(D(nop))))))))))\n',
  '#if\n',
  '#if 1 / 0\n',
  '#include "self.S"\n',
  '#endif\n',
  '#else\n',
  '.section\n',
  '.section .x, "aMS"\n',
  '.section .x, "aMS", @progbits, 0\n',
  '.popsection\n',
  '.bss\n.long 1\n',
  '.uleb128 a - b\n',
  '.skip a - b\na: nop\nb:\n',
  '.intel_syntax noprefix\n',
  '.att_syntax\n',
  '.code16\n',
  '.code32\n',
  'jmp 1f\n.skip 200\n1:\n',
  'mov eax, [rax*3+rbx]\n',
  'mov $foo@BAR, %eax\n',
  'vaddps (%rax){1to4}, %xmm1, %xmm2{%k1}{z}\n',
  'lock rep lock cs ds nop\n',
  'addl $1, (%ah)\n',
  'movl %eax, (%rsp,%rsp,8)\n',
];

/** A source with a few changes: characters, words, lines, and nasty pieces. */
export function mutate(source: string, random: Random): string {
  let text = source;
  for (let changes = 1 + random.below(4); changes > 0; changes--) text = change(text, random);
  return text;
}

function change(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random.below(3));
    case 1:
      return text.slice(0, at) + random.pick(NASTY) + text.slice(at);
    case 2:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at + 1);
    case 3:
      return lines(text, random, (list, n) => list.splice(n, 1 + random.below(3)));
    case 4:
      return lines(text, random, (list, n) => list.splice(n, 0, list[random.below(list.length)] ?? ''));
    case 5:
      return lines(text, random, (list, n) => list.splice(n, 0, random.pick(NASTY)));
    case 6:
      return words(text, random);
    default:
      return text.slice(0, at);
  }
}

function lines(text: string, random: Random, act: (list: string[], n: number) => unknown): string {
  const list = text.split('\n');
  act(list, random.below(list.length));
  return list.join('\n');
}

/** Exchanges a word of the text for another one of it. */
function words(text: string, random: Random): string {
  const found = [...text.matchAll(/[\w.%$]+/g)];
  if (found.length === 0) return text;
  const from = random.pick(found);
  const to = random.pick(found);
  return text.slice(0, from.index) + to[0] + text.slice(from.index + from[0].length);
}
