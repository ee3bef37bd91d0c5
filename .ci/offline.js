// Adds the service worker to the built site, with the list of all its files: a plugin for Vite.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = `${root}src/app/offline/serviceWorker.ts`;
/** Files of public/ that the page never asks for. */
const SHOWN_ELSEWHERE = /^pictures\//;

function publicFiles() {
  return readdirSync(`${root}public`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(`${root}public/`.length))
    .filter((file) => !SHOWN_ELSEWHERE.test(file));
}

export const offline = () => ({
  name: 'offline',
  apply: 'build',
  enforce: 'post',
  async generateBundle(_options, bundle) {
    const digest = createHash('sha256');
    const built = Object.values(bundle).filter(({ fileName }) => fileName !== 'index.html');
    const kept = publicFiles();
    for (const file of Object.values(bundle)) digest.update(file.type === 'chunk' ? file.code : file.source);
    for (const file of kept) digest.update(file).update(readFileSync(`${root}public/${file}`));
    const files = ['./', ...built.map(({ fileName }) => fileName), ...kept];
    const { code } = await transform(readFileSync(source, 'utf8'), {
      loader: 'ts',
      format: 'iife',
      minify: true,
      define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(digest.digest('hex').slice(0, 16)) },
    });
    this.emitFile({ type: 'asset', fileName: 'serviceWorker.js', source: code });
  },
});
