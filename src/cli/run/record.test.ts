import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { runCli, scratchFolder } from '../testing/runCli.ts';

vi.setConfig({ testTimeout: 60_000 });
const scratch = scratchFolder();
afterAll(() => scratch.remove());

describe('--record and --replay', () => {
  test('repeat a run with typed input to the same state', async () => {
    const path = scratch.file('run', new Uint8Array());
    const recorded = await runCli(['run', '--append', 'init=echo', '--record', path], 'hello\rworld\r\x04');
    expect(recorded.status).toBe(0);
    expect(readFileSync(path).length).toBeLessThan(1000);
    const again = await runCli(['run', '--replay', path]);
    expect(again.status).toBe(0);
    expect(again.stdout.toString()).toBe(recorded.stdout.toString());
    expect(again.summary()).toMatchObject({ reason: 'replayed', hash: recorded.summary().hash });
  });

  test('a link that is none is refused in words', async () => {
    const { status, errors } = await runCli(['run', '--replay', 'https://example.org/#1.abcd']);
    expect(status).toBe(2);
    expect(errors.join()).toContain('This link cannot be opened');
  });

  test('a recording that cannot be written is told', async () => {
    const { status, errors } = await runCli(['run', '--max-instructions', '1000', '--record', '/no/such/folder/run']);
    expect(status).toBe(1);
    expect(errors.join()).toContain('Cannot write the recording');
  });
});
