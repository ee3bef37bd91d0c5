import { expect, test } from 'vitest';
import { seededRandom } from '../../testing/random.ts';
import { changed, changeOf } from './sourceChanges.ts';

test('a change gives the text again, whatever was changed', () => {
  const random = seededRandom(7);
  const letters = ['a', 'b', '\n', 'ä', '😀', '😁'];
  const text = (): string => Array.from({ length: random(12) }, () => letters[random(letters.length)]).join('');
  for (let n = 0; n < 5000; n++) {
    const [before, after] = [text(), text()];
    const change = changeOf('x', before, after);
    expect(changed(before, change)).toBe(after);
    // What goes into a link is text in UTF-8: no halves of characters.
    expect(new TextDecoder().decode(new TextEncoder().encode(change.text))).toBe(change.text);
  }
});

test('one changed line takes no more room than the line', () => {
  const lines = Array.from({ length: 200 }, (_, n) => `line ${n}`);
  const before = lines.join('\n');
  lines[100] = 'another';
  expect(changeOf('x', before, lines.join('\n')).text.length).toBeLessThan(10);
});

test('a change of another text is none', () => {
  expect(changed('short', { path: 'x', head: 3, tail: 3, text: '' })).toBeNull();
});
