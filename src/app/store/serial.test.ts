import { describe, expect, test } from 'vitest';
import { appendChunk, type SerialState, serialText, endAt } from './serial.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const empty: SerialState = { chunks: [], dropped: 0, size: 0, generation: 0 };

describe('serial log', () => {
  test('a character split over two chunks is read whole', () => {
    const whole = bytes('a→b');
    const state = appendChunk(appendChunk(empty, whole.subarray(0, 2)), whole.subarray(2));
    expect(serialText(state)).toBe('a→b');
  });

  test('only the end is read when that is all that is wanted', () => {
    const state = appendChunk(appendChunk(empty, bytes('first ')), bytes('second'));
    expect(serialText(state, 8)).toBe('t second');
    expect(serialText(state, 3)).toBe('ond');
  });

  test('carriage returns do not show in the text', () => {
    expect(serialText(appendChunk(empty, bytes('one\r\ntwo\r\n')))).toBe('one\ntwo\n');
  });

  test('old chunks fall off when the log is full, and are counted', () => {
    let state = appendChunk(empty, bytes('12345'), 8);
    state = appendChunk(state, bytes('6789'), 8);
    expect(serialText(state)).toBe('6789');
    expect(state.dropped).toBe(5);
    expect(state.size).toBe(4);
  });
});

describe('going back', () => {
  const text = (...parts: string[]) =>
    parts.reduce((log, part) => appendChunk(log, new TextEncoder().encode(part)), {
      chunks: [],
      dropped: 0,
      size: 0,
      generation: 0,
    } as SerialState);

  test('takes the end of the output back', () => {
    const log = endAt(text('one ', 'two ', 'three'), 6);
    expect(serialText(log)).toBe('one tw');
    expect(log.generation).toBe(1);
  });

  test('leaves a shorter output alone', () => {
    const log = text('one');
    expect(endAt(log, 3)).toBe(log);
  });
});
