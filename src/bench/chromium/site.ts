/** A site for the bench alone, on this computer: an empty page, the worker, and the files that it boots. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { nodeImages, V86_WASM } from '../nodeImages.ts';

async function bundleWorker(): Promise<Uint8Array> {
  const plugins = new URL('../../../.ci/builtInterpreter.js', import.meta.url).href;
  const { builtInterpreterForEsbuild } = (await import(plugins)) as typeof import('../../../.ci/builtInterpreter.js');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('bench.worker.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    // As its package has it: bundled it would look for Node.
    alias: { v86: './libv86.mjs' },
    external: ['./libv86.mjs'],
    write: false,
    logLevel: 'error',
    plugins: [builtInterpreterForEsbuild([])],
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** Resolves when it listens; the address ends in a slash. */
export async function serveBench(): Promise<{ server: Server; address: string }> {
  const files = new Map<string, { type: string; body: Uint8Array | string }>([
    ['/', { type: 'text/html', body: '<!doctype html><title>bench</title><link rel="icon" href="data:,">' }],
    ['/worker.js', { type: 'text/javascript', body: await bundleWorker() }],
    ['/libv86.mjs', { type: 'text/javascript', body: readFileSync(V86_WASM.replace('v86.wasm', 'libv86.mjs')) }],
    ['/v86.wasm', { type: 'application/wasm', body: readFileSync(V86_WASM) }],
  ]);
  for (const [name, body] of Object.entries(nodeImages().files)) {
    files.set(`/${name}`, { type: 'application/octet-stream', body });
  }
  const server = createServer(({ url }, response) => {
    const file = files.get(url ?? '');
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = server.address();
  return { server, address: `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}/` };
}
