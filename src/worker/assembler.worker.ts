/** The assembler in a worker of its own, so that a running machine does not keep it waiting. */
import * as Comlink from 'comlink';
import { type AssembledCache, buildKernel } from '../debugger/building/kernel.ts';
import { buildProgram } from '../debugger/building/program.ts';
import type { AssemblerWorker } from './editing.ts';
import { headers } from './headers.ts';
import { kernelParts } from './kernelParts.ts';

/** Of sources with the headers of one build. */
let assembled: { readonly parts: string; readonly cache: AssembledCache } = { parts: '', cache: new Map() };

const worker: AssemblerWorker = {
  build: async (request) => buildProgram(request, headers),
  async buildKernel({ texts, parts: wanted }) {
    const { parts, hash } = await kernelParts(texts, wanted);
    if (assembled.parts !== hash) assembled = { parts: hash, cache: new Map() };
    return { answer: buildKernel(parts, assembled.cache), parts: hash };
  },
};

Comlink.expose(worker);
