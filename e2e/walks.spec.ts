/**
 * Random walks through histories in a worker of Chromium: every state met again is the one of the first visit, and all of
 * them are those that Node sees. `WALKS=1000 npm test -- e2e/walks` walks the full length.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtInterpreterForEsbuild } from '../.ci/builtInterpreter.js';
import { builtFile } from '../src/testing/emergence.ts';
import { WORLDS, walks, type WalksResult } from '../src/testing/walks.ts';
import { expect, test } from './fixtures.ts';

const COUNT = Number(process.env.WALKS ?? 5);
/** Seed of the first walk, to repeat some of them. */
const FROM = Number(process.env.WALKS_FROM ?? 1);
/** Walks told of at a time. */
const CHUNK = 50;
/** Walks that Node repeats; the rest it does by itself (src/testing/walks.conformance.test.ts). */
const COMPARED = 5;
const root = fileURLToPath(new URL('..', import.meta.url));

/** A worker that walks when it is told how often. */
async function workerScript(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `import { walks } from './src/testing/walks.ts';
        self.onmessage = ({ data: { files, seed, count } }) =>
          self.postMessage(walks((name) => files[name], seed, count));`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'error',
    plugins: [builtInterpreterForEsbuild([])],
  });
  return outputFiles[0]?.text ?? '';
}

test(`${COUNT} random walks in Chromium find every state as it was`, async ({ page }) => {
  test.setTimeout(120_000 + COUNT * 10_000);
  const script = await workerScript();
  await page.route('**/walks/*', (route) => {
    const name = route.request().url().split('/').at(-1) ?? '';
    if (name === 'page') return route.fulfill({ contentType: 'text/html', body: '<link rel="icon" href="data:,">' });
    if (name === 'worker.js') return route.fulfill({ contentType: 'text/javascript', body: script });
    return route.fulfill({ body: readFileSync(`${root}public/kernel/${name}`) });
  });
  await page.goto('./walks/page');
  const inBrowser = (seed: number, count: number): Promise<WalksResult> =>
    page.evaluate(
      async ([names, from, times]) => {
        const files: Record<string, Uint8Array> = {};
        for (const name of names) {
          files[name] = new Uint8Array(await (await fetch(`./${name}.elf`)).arrayBuffer());
        }
        const worker = new Worker('./worker.js', { type: 'module' });
        try {
          return await new Promise<WalksResult>((resolve, reject) => {
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = ({ message }) => reject(new Error(message));
            worker.postMessage({ files, seed: from, count: times });
          });
        } finally {
          worker.terminate();
        }
      },
      [['emergence', ...WORLDS.map(({ program }) => program)], seed, count] as const,
    );

  const first = await inBrowser(FROM, Math.min(COUNT, COMPARED));
  expect(first).toEqual(walks(builtFile, FROM, first.walks));
  let [done, looks, revisits] = [first.walks, first.looks, first.revisits];
  const failures = [...first.failures];
  while (done < COUNT) {
    const result = await inBrowser(FROM + done, Math.min(CHUNK, COUNT - done));
    done += result.walks;
    looks += result.looks;
    revisits += result.revisits;
    failures.push(...result.failures);
    for (const failure of result.failures) console.log(failure.slice(0, 2000));
    console.log(`walks in Chromium: ${done} of ${COUNT}, ${revisits} revisits, ${failures.length} failures`);
  }
  console.log(`walks in Chromium: ${done}, states looked at ${looks}, met again ${revisits}`);
  expect(failures.slice(0, 10)).toEqual([]);
  expect(revisits).toBeGreaterThan(done * 5);
});
