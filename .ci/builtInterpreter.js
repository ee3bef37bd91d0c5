// Generates the interpreter's WebAssembly while bundling: a plugin for esbuild, and one for Vite, that give
// src/engine/interpreter/built.ts its finished content. In a built page the definitions of instructions and what compiles
// regions of them are fetched later: Vite's plugin also replaces traits.ts and regions/fetchCompiler.ts.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const engine = `${root}src/engine/`;
const source = `${engine}interpreter/built.ts`;
const traitsSource = `${engine}interpreter/traits.ts`;
const compilerSource = `${engine}regions/fetchCompiler.ts`;
const folder = `${root}node_modules/.cache/scripts/`;

/** The interpreter, the traits of its definitions, and the files they were made from. */
export async function builtInterpreter() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: {
      contents: "export { interpreter } from './built.ts'; export { TRAITS } from './traits.ts';",
      resolveDir: `${engine}interpreter`,
    },
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
  const { interpreter, TRAITS } = await import(pathToFileURL(generator).href);
  const inputs = Object.keys(metafile.inputs).filter((file) => file !== '<stdin>');
  return { interpreter, traits: [...TRAITS.values()], inputs };
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

const traitsText = (traits) =>
  `export const TRAITS = new Map(${JSON.stringify(traits)}.map((traits) => [traits.op, traits]));\n`;

/** A compiler that cannot be fetched is gone without: everything is interpreted. */
const compilerText = `let parts;
export const compiler = () => parts;
export async function fetchCompiler() {
  parts ??= await import('./compiler.ts').catch(() => undefined);
}
`;

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

export const builtInterpreterForVite = () => {
  let built;
  return {
    name: 'built-interpreter',
    enforce: 'pre',
    buildStart() {
      built = undefined;
    },
    async load(id) {
      const file = id.split('?')[0];
      const serving = this.environment.config.command !== 'build';
      if (file === compilerSource) return serving ? undefined : compilerText;
      if (file !== source && file !== traitsSource) return undefined;
      if (file === traitsSource && serving) return undefined;
      // Served, it is made again when one of its files has changed.
      if (serving) built = undefined;
      built ??= builtInterpreter();
      const { interpreter, traits, inputs } = await built;
      for (const input of inputs) this.addWatchFile(`${root}${input}`);
      if (file === traitsSource) return traitsText(traits);
      const { wasm, handlers } = interpreter;
      if (serving) return moduleText(interpreter);
      const whole = withHandlers(wasm, handlers);
      const asset = this.emitFile({ type: 'asset', name: 'interpreter.wasm', source: whole });
      return fetchingText(`import.meta.ROLLUP_FILE_URL_${asset}`);
    },
  };
};
