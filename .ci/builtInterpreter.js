// Generates the interpreter's WebAssembly while bundling: a plugin for esbuild, and one for Vite, that give
// src/engine/interpreter/built.ts its finished content.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = `${root}src/engine/interpreter/built.ts`;
const folder = `${root}node_modules/.cache/scripts/`;

/** The interpreter, and the files it was made from. */
export async function builtInterpreter() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
    metafile: true,
    outfile: 'built.mjs',
    logLevel: 'error',
  });
  mkdirSync(folder, { recursive: true });
  const generator = `${folder}interpreter-${process.pid}-${Date.now()}.mjs`;
  writeFileSync(generator, outputFiles[0].contents);
  const { interpreter } = await import(pathToFileURL(generator).href);
  return { interpreter, inputs: Object.keys(metafile.inputs) };
}

/** The module with everything in it. */
function moduleText({ wasm, handlers }) {
  const text = Buffer.from(wasm).toString('base64');
  return `const text = atob(${JSON.stringify(text)});
const wasm = new Uint8Array(text.length);
for (let i = 0; i < wasm.length; i++) wasm[i] = text.charCodeAt(i);
export const interpreter = { wasm, handlers: new Map(${JSON.stringify([...handlers])}) };
export const ready = Promise.resolve();
`;
}

const SECTION = 'handlers';

/** The numbers of the handlers go into a custom section of the WebAssembly: pages need not read them as a script. */
function withHandlers(wasm, handlers) {
  const name = Buffer.from(SECTION);
  const content = Buffer.concat([leb128(name.length), name, Buffer.from(JSON.stringify([...handlers]))]);
  return Buffer.concat([wasm, Buffer.from([0]), leb128(content.length), content]);
}

function leb128(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

/** The module beside its WebAssembly, which is fetched and compiled while the rest is still being read. */
function fetchingText(file) {
  return `export const interpreter = {};
async function load() {
  const answer = await fetch(${file});
  if (!answer.ok) throw new Error('The interpreter could not be loaded: HTTP status ' + answer.status);
  interpreter.module = await WebAssembly.compile(await answer.arrayBuffer());
  const [handlers] = WebAssembly.Module.customSections(interpreter.module, '${SECTION}');
  interpreter.handlers = new Map(JSON.parse(new TextDecoder().decode(handlers)));
}
export const ready = load();
`;
}

/** `inputs` takes the generator's source files, which esbuild does not see. */
export const builtInterpreterForEsbuild = (inputs) => ({
  name: 'built-interpreter',
  setup(esbuild) {
    esbuild.onLoad({ filter: /interpreter[\\/]built\.ts$/ }, async () => {
      const built = await builtInterpreter();
      inputs.push(...built.inputs);
      return { contents: moduleText(built.interpreter), loader: 'js' };
    });
  },
});

export const builtInterpreterForVite = () => ({
  name: 'built-interpreter',
  enforce: 'pre',
  async load(id) {
    if (id.split('?')[0] !== source) return undefined;
    const built = await builtInterpreter();
    for (const file of built.inputs) this.addWatchFile(`${root}${file}`);
    const { wasm, handlers } = built.interpreter;
    if (this.environment.config.command !== 'build') return moduleText(built.interpreter);
    const whole = withHandlers(wasm, handlers);
    const asset = this.emitFile({ type: 'asset', name: 'interpreter.wasm', source: whole });
    return fetchingText(`import.meta.ROLLUP_FILE_URL_${asset}`);
  },
});
