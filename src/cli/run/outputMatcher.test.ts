import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../testing/random.ts';
import { OutputMatcher, staysInLine } from './outputMatcher.ts';

/** How many bytes of `text` it takes until `pattern` matches; -1: it never does. */
function bytesUntil(pattern: RegExp, text: string): number {
  const matcher = new OutputMatcher(pattern);
  if (matcher.matched) return 0;
  return Buffer.from(text).findIndex((byte) => matcher.push(byte)) + 1 || -1;
}

describe('waiting for output', () => {
  test.for([
    [/code: 0/, 'a code: 1\na code: 0\n', 19],
    [/^b/, 'a\nb', -1],
    [/\nb/, 'a\nb', 3],
    [/a\s+b/, 'a\n\n b', 5],
    [/a[^x]b/, 'a\nb', 3],
    [/(?<=a\n)b/, 'a\nb', 3],
    [/ü€/, 'a ü€.', 7],
    [/😀/, '\n😀', 5],
    [/b$/, 'ab\n', 2],
    [/x*/, 'y', 0],
    [/\$ $/, 'x\n$ ', 4],
  ] as const)('%s in %j', ([pattern, text, bytes]) => expect(bytesUntil(pattern, text)).toBe(bytes));

  test('bytes that are no UTF-8 do no harm', () => {
    const matcher = new OutputMatcher(/ok/);
    const pushed = [0xc3, 0x28, 0xff, 0xe2, 0x82, 0x6f, 0x6b].map((byte) => matcher.push(byte));
    expect(pushed).toEqual([false, false, false, false, false, false, true]);
  });

  test('searching the present line only finds the same as searching everything', () => {
    const random = seededRandom(11);
    const pieces = ['a', 'b', '.', 'a*', '(a|b)', '\\b', '\\w+', '[ab]', 'b{2}', '(?=a)', '(?!b)', '\\.', '\\S'];
    for (let round = 0; round < 3000; round++) {
      const source = Array.from({ length: 1 + random(4) }, () => pieces[random(pieces.length)]).join('');
      expect(staysInLine(source), source).toBe(true);
      const text = Array.from({ length: random(24) }, () => 'ab.\n\r '.charAt(random(6))).join('');
      const first = Array.from({ length: text.length + 1 }, (_, n) => n).find((n) =>
        new RegExp(source).test(text.slice(0, n)),
      );
      expect(bytesUntil(new RegExp(source), text), `${source} in ${JSON.stringify(text)}`).toBe(first ?? -1);
    }
  });
});
