/** What the page is told of the output: that of the present boot, whatever way the machine came there. */
import { expect, test } from 'vitest';
import { finish, History } from '../debugger/history/history.ts';
import { emergence } from '../testing/emergence.ts';
import { OutputFeed } from './outputFeed.ts';

test('a reset begins a new output; gone back over, the old one is there again', () => {
  const history = new History(emergence(['userprog']).machine);
  const feed = new OutputFeed();
  let shown = '';
  const page = {
    serial: (bytes: Uint8Array) => {
      shown += new TextDecoder().decode(bytes);
    },
    rewound: (length: number) => {
      shown = shown.slice(0, length);
    },
  };
  const tell = (): string => {
    feed.tell(history, page);
    return shown;
  };
  history.run(10_000_000);
  const whole = tell();
  expect(whole).toContain('exited with code: 0');
  finish(history.seek({ count: 17_000 }));
  expect(whole.startsWith(tell())).toBe(true);
  expect(shown).not.toContain('RING3 OK');
  history.record({ kind: 'reset' });
  expect(tell()).toBe('');
  history.run(10_000_000);
  expect(tell()).toBe(whole);
  const before = history.events[0]?.at;
  if (before === undefined) throw new Error('no reset was recorded');
  finish(history.seek(before));
  expect(whole.startsWith(tell())).toBe(true);
  expect(shown).not.toBe('');
  expect(shown).not.toContain('RING3 OK');
});
